import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { AwayError, type Problem, StoreBusyError } from '@ateneo/event-sourcing';
import { openPlatform, type Platform } from '../src/platform.js';
import { readPlatformConfig } from '../src/platform.config.js';
import { ResumableWork, type Tasks } from '../src/resumable-work.js';
import { openRuntime } from '../src/service-assembly.js';
import type { ServiceRuntime } from '../src/service-runtime.js';

type Said = { readonly processed: number };

describe('work that one instance does and that survives it', () => {
  let folder: string;
  let platform: Platform;
  let runtime: ServiceRuntime;
  const told: Problem[] = [];
  const open = new Set<string>();
  const started: ResumableWork<Said>[] = [];

  async function work(tasks: Pick<Tasks, 'carryOut'> & Partial<Tasks>): Promise<ResumableWork<Said>> {
    const one = new ResumableWork<Said>(runtime, {
      name: 'bindings',
      part: 'import',
      projection: { name: 'open-bindings' },
      unfinished: () => Promise.resolve([...open]),
      ...tasks,
    });
    started.push(one);
    await one.start();
    return one;
  }
  const until = async (condition: () => boolean) => {
    for (let look = 0; look < 1_000 && !condition(); look += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(condition(), condition.toString());
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ateneo-work-'));
    const opened = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'silent' }),
    );
    platform = Object.assign(Object.create(opened) as Platform, { onProblem: (problem: Problem) => void told.push(problem) });
    runtime = await openRuntime({ name: 'library', aggregates: [], projections: [], mappingVersion: 1 }, platform);
    told.length = 0;
    open.clear();
  });
  afterEach(async () => {
    for (const one of started.splice(0)) await one.stop();
    await runtime.close();
    await platform.close();
    await rm(folder, { recursive: true, maxRetries: 3 });
  });

  test('what is unfinished is found without a word, and carried out one after another [issue9:3]', async () => {
    open.add('a').add('b');
    const steps: string[] = [];
    await work({
      carryOut: async (id) => {
        steps.push(`${id} begins`);
        await new Promise((resolve) => setTimeout(resolve, 10));
        steps.push(`${id} ends`);
        open.delete(id);
      },
    });
    await until(() => open.size === 0);
    assert.deepEqual(steps, ['a begins', 'a ends', 'b begins', 'b ends']);
  });

  test('a task that a server was away for is tried again; one that cannot be is ended once, and told [issue9:3]', async () => {
    const tries = new Map<string, number>();
    const ended: string[] = [];
    const one = await work({
      carryOut: (id) => {
        tries.set(id, (tries.get(id) ?? 0) + 1);
        if (id === 'wrong') throw new RangeError('no such row');
        if (tries.get(id) === 1) throw new AwayError('no server');
        return Promise.resolve();
      },
      fail: (id) => Promise.resolve(void ended.push(id)),
    });
    one.enqueue('late');
    one.enqueue('wrong');
    await until(() => tries.get('late') === 2 && ended.length > 0);
    assert.deepEqual([ended, tries.get('wrong')], [['wrong'], 1]);
    assert.deepEqual(
      told.map(({ what }) => what),
      ['late'],
    );
  });

  test('who stops leaves the task to the next, and nothing is told of it; a full queue is waited for [issue9:3]', async () => {
    let [busy, carried] = [1, 0];
    const first = await work({
      carryOut: async (_id, turn) => {
        await turn.unlessBusy(() => (busy-- > 0 ? Promise.reject(new StoreBusyError('full')) : Promise.resolve()));
        carried += 1;
        for (;;) await turn.unlessBusy(() => new Promise((resolve) => setTimeout(resolve, 5)));
      },
      fail: () => Promise.reject(new Error('it was not to be ended')),
    });
    open.add('a');
    first.enqueue('a');
    await until(() => carried === 1);
    await first.stop();
    await work({ carryOut: () => Promise.resolve(void open.delete('a')) });
    await until(() => open.size === 0);
    assert.deepEqual(told, []);
  });

  test('every instance knows how far a task is, and none goes back behind what was told [issue9:3]', async () => {
    const one = await work({ carryOut: () => Promise.resolve() });
    const other = await work({ carryOut: () => Promise.resolve() });
    const elsewhere = await work({ name: 'loans', carryOut: () => Promise.resolve() });
    one.report('a', { processed: 5 });
    await until(() => other.progressOf('a')?.processed === 5);
    other.report('a', { processed: 3 });
    one.report('b', { processed: 1 });
    await until(() => other.progressOf('b') !== undefined);
    assert.deepEqual(
      [one.progressOf('a'), other.progressOf('a'), elsewhere.progressOf('a')],
      [{ processed: 5 }, { processed: 5 }, undefined],
    );
  });
});
