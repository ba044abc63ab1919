import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Problem } from '@ateneo/event-sourcing';
import { type CollectionSpec, ProjectionRunner } from '../src/index.js';
import { documentProjection } from '../conformance/document-projection.js';
import { LeaseBoard } from './lease-board.js';
import { Platform, until } from './platform.js';
import { SharedStore } from './shared-store.js';

type Box = { id: string };
const boxes: CollectionSpec<Box> = { name: 'boxes', version: 1, columns: {} };
const of = (source: object) =>
  documentProjection<Box>({
    name: 'reader.boxes',
    version: 1,
    collection: boxes,
    key: ({ stream }) => stream.slice(4),
    evolve: (_, { stream }) => ({ id: stream.slice(4) }),
    ...source,
  });
const textOf = (problem: Problem) =>
  `${problem.service} ${problem.part} ${problem.what}: ${problem.is === 'over' ? 'over' : (problem.error as Error).message}`;

/** The first `times` commits of documents find no disk. */
function failCommits(platform: Platform, times: number): void {
  const openBuild = platform.models.openBuild.bind(platform.models);
  platform.models.openBuild = async (...args) => {
    const build = await openBuild(...args);
    const commit = build.commit.bind(build);
    build.commit = async (what) => {
      if (what.documents.length > 0 && times-- > 0) throw new Error('no disk');
      await commit(what);
    };
    return build;
  };
}

describe('projections that fail speak', () => {
  for (const [from, source, follows] of [
    ['another service', { public: ['depot.added.v1'] }, 'reader.reader.boxes.1-1.1 from depot'],
    ['the own store', { own: ['Added'] }, 'reader.boxes from own'],
  ] as const)
    test(`a store that refuses is told until it takes events of ${from} again [rev:arch-5]`, () =>
      Platform.run(async (platform) => {
        const origin = await platform.origin('public' in source ? 'depot' : 'reader');
        failCommits(platform, 3);
        await origin.add(randomUUID(), 'Added', {});
        const runner = await platform.runner(of(source));
        await runner.caughtUp();
        await until(() => platform.heard.filter(({ is }) => is === 'over').length === 2);
        const told = platform.heard.map(textOf);
        for (const what of ['reader.boxes folds', follows])
          assert.deepEqual(
            told.filter((one) => one.startsWith(`reader projection ${what}:`)),
            ['no disk', 'no disk', 'no disk', 'over'].map((how) => `reader projection ${what}: ${how}`),
          );
      }));

  test('an event that cannot be published is told with its correlation id, and its end [rev:arch-5]', () =>
    Platform.run(async (platform) => {
      const origin = await platform.origin('depot', false);
      await origin.add(randomUUID(), 'Added', {});
      const publisher = origin.publisher(platform.hear);
      origin.broken = true;
      assert.deepEqual((await publisher.mapped(0)).events, []);
      origin.broken = false;
      assert.equal((await publisher.mapped(0)).events.length, 1);
      assert.deepEqual(platform.heard.map(textOf), [
        'depot publisher mapping of depot: no mapping',
        'depot publisher mapping of depot: over',
      ]);
      const [first] = platform.heard;
      assert.equal(first?.is === 'goes-on' && first.correlationId, 'c');
    }));

  test('positions of others that cannot be read are told until they can; a reading that a stop overtakes is nobody’s [rev:arch-5]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      await depot.add(randomUUID(), 'Added', {});
      const [store, board] = [new SharedStore(), new LeaseBoard()];
      const models = store.instance();
      const state = { failures: 0, hangs: false, hanging: Promise.withResolvers<never>(), asked: 0 };
      const openBuild = models.openBuild.bind(models);
      models.openBuild = async (...args) => {
        const build = await openBuild(...args);
        return {
          ...build,
          visible: () => {
            if (state.hangs) return (state.asked++, state.hanging.promise);
            return state.failures-- > 0 ? Promise.reject(new Error('no server')) : build.visible!();
          },
        };
      };
      const join = async (instance: string, readModels: typeof models) => {
        const projections = [() => of({ public: ['depot.added.v1'] })];
        const leases = board.join(instance);
        const runner = new ProjectionRunner({
          service: 'reader',
          readModels,
          events: platform.bus,
          leases,
          projections,
          onProblem: platform.hear,
        });
        await runner.start();
        return runner;
      };
      const holder = await join('holder', store.instance());
      await holder.caughtUp();
      const other = await join('other', models);
      await other.caughtUp();
      const told = () => platform.heard.map(textOf).filter((one) => one.startsWith('reader projection-line positions of reader.boxes'));
      state.failures = 2;
      await until(() => told().length === 3);
      state.hangs = true;
      await until(() => state.asked > 0);
      await other.stop();
      state.hanging.reject(new Error('closed'));
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(
        told().map((one) => one.slice(one.indexOf(': ') + 2)),
        ['no server', 'no server', 'over'],
      );
      await holder.stop();
    }));

  test('a switch that fails is told [rev:arch-5]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      await depot.add(randomUUID(), 'Added', {});
      const runner = await platform.runner(of({ public: ['depot.added.v1'] }));
      await runner.caughtUp();
      platform.models.switchTo = () => Promise.reject(new Error('no disk'));
      await assert.rejects(runner.rebuild('reader.boxes'), /no disk/);
      assert.ok(platform.heard.map(textOf).includes('reader projection-line reader.boxes: no disk'));
    }));
});
