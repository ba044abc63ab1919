import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { Assignments, Directory } from '@ateneo/access';
import { load } from '@ateneo/event-sourcing';
import { type Files, openFiles } from '@ateneo/files';
import { connectNats, createNatsBus, createNatsEventBus, createNatsLeases } from '@ateneo/messaging/nats';
import { openPlatform, openRuntime, type Platform, readPlatformConfig, startRuntime } from '@ateneo/service-kit';
import { mongoMissing, type RunningMongo, startMongo } from '../../../libs/workspace/src/mongo.mjs';
import { natsMissing, startNats } from '../../../libs/workspace/src/nats.mjs';
import { COLUMNS } from '../src/import/import-columns.rules.js';
import { logbookImport } from '../src/import/import.decider.js';
import { ImportFiles } from '../src/import/import-files.client.js';
import { ImportWork } from '../src/import/import-work.worker.js';
import { TraineeReferences } from '../src/known/trainee-references.lookup.js';
import { logbookService } from '../src/logbook.module.js';

const skip = natsMissing() ?? mongoMissing() ?? false;
const ROWS = 750;
/** Every row is refused by itself, so that no other service is asked. */
const csv = Buffer.from(
  [COLUMNS.join(','), ...Array.from({ length: ROWS }, (_, n) => COLUMNS.map((column) => `<${column} ${n}>`).join(','))].join('\n'),
);

describe('imports in two instances of one logbook', { skip }, () => {
  let nats: Awaited<ReturnType<typeof startNats>>;
  let mongo: RunningMongo;
  let shared: string;
  before(async () => {
    [nats, mongo, shared] = await Promise.all([startNats(), startMongo(), mkdtemp(join(tmpdir(), 'ateneo-files-'))]);
  });
  after(() => Promise.all([nats.stop(), mongo.stop(), rm(shared, { recursive: true, maxRetries: 3 })]));

  /** Files that count who reads an import, and hand it out slowly, a piece at a time, while told so. */
  const sharedFiles = (state: { opened: number; slow: boolean }): Files => {
    const files = openFiles(`file:${shared}`);
    return {
      put: files.put.bind(files),
      delete: files.delete.bind(files),
      async open(fileId) {
        const file = await files.open(fileId);
        if (!file) return file;
        state.opened += 1;
        const pieces = async function* () {
          for await (const chunk of file.stream)
            for (let at = 0; at < (chunk as Buffer).length; at += 16_384) {
              if (state.slow) await new Promise((resolve) => setTimeout(resolve, 50));
              yield (chunk as Buffer).subarray(at, at + 16_384);
            }
        };
        return { ...file, stream: Readable.from(pieces()) };
      },
    };
  };

  async function instance(name: string, EVENT_STORE_URL: string) {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-instance-'));
    const alone = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'error' }),
    );
    const link = await connectNats({ url: nats.url, name, timeoutMs: 5_000 });
    const bus = createNatsBus(link);
    const eventBus = createNatsEventBus({ connection: link, bus });
    const leases = await createNatsLeases(link.raw, { instance: name, service: 'logbook', sessionMs: 5_000 });
    const config = { ...alone.config, EVENT_STORE_URL, BUS_URL: nats.url, READ_MODELS_URL: mongo.url, KEYS_URL: mongo.url };
    const platform: Platform = Object.assign(Object.create(alone) as Platform, { config, bus, eventBus, leases });
    const runtime = await openRuntime(logbookService, platform);
    await startRuntime(runtime);
    const state = { opened: 0, slow: false };
    const parts = [new TraineeReferences(runtime, platform), new Assignments(runtime)] as const;
    const work = new ImportWork(
      runtime,
      new ImportFiles(runtime, platform, sharedFiles(state)),
      ...parts,
      new Directory(runtime, platform),
    );
    return {
      runtime,
      voice: alone.voice,
      state,
      work,
      async stop() {
        await work.stop();
        await runtime.close();
        await leases.close();
        await eventBus.close();
        await bus.close();
        await link.close();
        await alone.close();
        await rm(folder, { recursive: true, maxRetries: 3 });
      },
    };
  }

  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let turn = 0; turn < 800 && !(await condition()); turn += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    assert.ok(await condition(), condition.toString());
  }

  test('one of them works on it, both tell how far it is, and where that one ends the other goes on and nothing is thrown back [rev:arch-7]', async () => {
    const holder = await instance('one', 'sqlite:');
    const other = await instance('two', 'bus:');
    for (const { state } of [holder, other]) state.slow = true;
    await other.work.start();
    await holder.work.start();
    const importId = randomUUID();
    const { fileId } = await openFiles(`file:${shared}`).put(csv, { name: 'past.csv', type: 'text/csv' });
    const command = {
      type: 'StartImport',
      importId,
      schoolId: randomUUID(),
      fileId,
      fileName: 'past.csv',
      startedBy: randomUUID(),
    } as const;
    await holder.runtime.runAs('test', logbookImport, importId, command, { correlationId: importId });
    holder.work.enqueue(importId);

    await until(() => holder.state.opened + other.state.opened > 0);
    const [working, idle] = holder.state.opened > 0 ? [holder, other] : [other, holder];
    const seen: number[] = [];
    const processed = () => seen[seen.push(idle.work.progressOf(importId)?.processed ?? seen.at(-1) ?? 0) - 1]!;
    await until(() => processed() >= 250);
    assert.deepEqual([working.state.opened, idle.state.opened], [1, 0]);
    await working.work.stop();
    const is = async () => (await load(logbookImport, importId, idle.runtime)).state;
    assert.equal((await is()).is, 'checking');
    await until(async () => (processed(), (await is()).is !== 'checking'));
    const checked = await is();
    assert.ok(checked.is === 'checked', checked.is);
    assert.deepEqual([checked.rows, checked.fates.refused, working.state.opened, idle.state.opened], [ROWS, ROWS, 1, 1]);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    await other.stop();
    await holder.stop();
  });

  test('unfinished imports that cannot be read are told [rev:arch-5]', async () => {
    const one = await instance('three', 'sqlite:');
    const collection = one.runtime.collection.bind(one.runtime);
    let failures = 1;
    one.runtime.collection = ((spec: never) =>
      failures-- > 0 ? { find: () => Promise.reject(new Error('no server')) } : collection(spec)) as typeof collection;
    await one.work.start();
    const told = () => one.voice.of('logbook').filter(({ part, what }) => part === 'import' && what === 'unfinished imports are read');
    await until(() => told().length > 0);
    assert.deepEqual(
      told().map(({ reason }) => reason),
      ['Error: no server'],
    );
    await one.stop();
  });
});
