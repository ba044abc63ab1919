import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { EventStore } from '@ateneo/event-sourcing';
import { type EventBus, type Page, positionToken } from '@ateneo/messaging';
import { distantStore } from '../../event-sourcing/conformance/distant-store.js';
import {
  type Checkpoints,
  type CollectionSpec,
  type Commit,
  openSqliteCheckpoints,
  type ParkedEvent,
  type Reaction,
  ReactionRunner,
} from '../src/index.js';
import { documentProjection } from '../conformance/document-projection.js';
import { Platform, until } from './platform.js';

type Total = { readonly events: number };
const totals: CollectionSpec<Total> = { name: 'totals', version: 1, columns: {} };
const counted = (...own: string[]) =>
  documentProjection<Total>({
    name: 'reader.totals',
    version: 1,
    collection: totals,
    ...(own.length > 0 ? { own } : { public: ['depot.added.v1'] }),
    key: ({ stream }) => stream.slice('box-'.length),
    evolve: (document) => ({ events: (document?.events ?? 0) + 1 }),
  });
const inPlatform = <T>(as: (store: EventStore) => EventStore, body: (platform: Platform) => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => Platform.run(async (platform) => resolve(await body(platform)), as).catch(reject));
const near = (store: EventStore): EventStore => store;
const fill = (count: number) => Array.from({ length: count }, () => ({}));

/** Each commit of the build as `watch` sees it, before it is done. */
function watchCommits(platform: Platform, watch: (commit: Commit) => void | Promise<void>): void {
  const openBuild = platform.models.openBuild.bind(platform.models);
  platform.models.openBuild = async (...of) => {
    const build = await openBuild(...of);
    const commit = build.commit.bind(build);
    build.commit = async (what: Commit) => {
      await watch(what);
      await commit(what);
    };
    return build;
  };
}

describe('positions thousands apart, as those of KurrentDB, in a projection', () => {
  /** How many documents each commit holds while pages of one event each come at once, of a depot that holds 1,030. */
  const commitsOf = async (platform: Platform): Promise<number[]> => {
    const depot = await platform.origin('depot', false);
    for (let n = 0; n < 30; n++) await depot.add(randomUUID(), 'Added', {});
    const publisher = depot.publisher();
    const pages: Page[] = [];
    for (let at = 0; pages.length < 30; at = pages.at(-1)!.next) pages.push(await publisher.page(at, { limitBytes: 1 }));
    const subscribe: EventBus['subscribe'] = (_, handle) => {
      const hand = (n: number): unknown => n < pages.length && handle(pages[n]!).then(() => hand(n + 1));
      hand(0);
      return { restart: () => undefined, status: () => [], stop: async () => undefined };
    };
    platform.bus.subscribe = subscribe;
    const documents: number[] = [];
    watchCommits(platform, (commit) => void documents.push(commit.documents.length));
    await platform.runner(counted());
    await until(() => documents.reduce((sum, one) => sum + one, 0) === 30);
    return documents;
  };

  test('what is nearly at the head is committed page by page, as where positions follow one another [rev:arch-10]', async () => {
    const batches = await inPlatform(near, commitsOf);
    assert.equal(batches.length, 30);
    assert.deepEqual(await inPlatform(distantStore, commitsOf), batches);
  });

  test('events that change nothing move the stored checkpoint now and then only [rev:arch-10]', () =>
    inPlatform(distantStore, async (platform) => {
      const reader = await platform.origin('reader');
      let commits = 0;
      watchCommits(platform, () => void commits++);
      const runner = await platform.runner(counted('Added'));
      await reader.add(randomUUID(), 'Added', {});
      await until(async () => commits === 1);
      for (let n = 0; n < 30; n++) {
        const position = await reader.add(randomUUID(), 'Passed', {});
        const token = positionToken({ service: 'reader', epoch: reader.store.epoch, partition: 0, position });
        assert.deepEqual(await runner.waitFor(token, 10_000), { stale: false });
      }
      assert.equal(commits, 1);
    }));

  test('a checkpoint that passed ten thousand events is stored [rev:arch-10]', () =>
    inPlatform(distantStore, async (platform) => {
      const reader = await platform.origin('reader');
      for (let n = 0; n < 22; n++) await reader.add(randomUUID(), 'Passed', ...fill(500));
      let stored = 0;
      watchCommits(platform, ({ checkpoints }) => void (stored = checkpoints[0]!.position));
      await platform.runner(counted('Added'));
      await until(async () => stored > 0);
    }));

  test('lag is the number of events that wait, those on their way to a commit among them [rev:arch-10]', () =>
    inPlatform(distantStore, async (platform) => {
      const reader = await platform.origin('reader');
      const box = randomUUID();
      for (let n = 0; n < 3; n++) await reader.add(box, 'Added', ...fill(500));
      let go = () => {};
      const held = new Promise<void>((resolve) => (go = resolve));
      let committing = false;
      watchCommits(platform, async () => {
        committing = true;
        await held;
      });
      const runner = await platform.runner(counted('Added'));
      await until(() => committing);
      const behind = runner.lag().map(({ events }) => events);
      go();
      assert.deepEqual(behind, [1_500]);
      await until(() => runner.isCaughtUp);
      assert.deepEqual(
        runner.lag().map(({ events }) => events),
        [0],
      );
    }));

  test('events whose commit fails wait all the time until one succeeds [rev:arch-10]', () =>
    inPlatform(distantStore, async (platform) => {
      const reader = await platform.origin('reader');
      await reader.add(randomUUID(), 'Added', ...fill(3));
      let failures = 0;
      watchCommits(platform, () => {
        if (failures++ < 4) throw new Error('no disk');
      });
      const runner = await platform.runner(counted('Added'));
      await until(() => failures > 0);
      const seen = new Set<number>();
      for (; failures <= 4; await new Promise((resolve) => setImmediate(resolve))) for (const { events } of runner.lag()) seen.add(events);
      assert.deepEqual([...seen], [3]);
      await until(() => runner.lag().every(({ events }) => events === 0));
    }));
});

describe('positions thousands apart in a reaction', () => {
  const withReaction = (
    body: (at: {
      readonly platform: Platform;
      readonly checkpoints: Checkpoints;
      readonly run: (react: () => Promise<void>) => Promise<ReactionRunner<string>>;
    }) => Promise<void>,
  ) =>
    inPlatform(distantStore, async (platform) => {
      const reader = await platform.origin('reader');
      const checkpoints = await openSqliteCheckpoints(reader.store);
      const runners: ReactionRunner<string>[] = [];
      const run = async (react: () => Promise<void>) => {
        const reaction: Reaction<string> = { name: 'when-box-added-then-note-it', own: ['Added'], react };
        const own = { service: 'reader', store: reader.seen };
        const options = { service: 'reader', events: platform.bus, own, checkpoints, reactions: [reaction], toolsFor: () => '' };
        const runner = new ReactionRunner<string>({ ...options, attempts: 1, firstPauseMs: 1 });
        runners.push(runner);
        await runner.start();
        return runner;
      };
      try {
        await body({ platform, checkpoints, run });
      } finally {
        for (const runner of runners) await runner.stop();
      }
    });

  test('events that it passes over are noted now and then only [rev:arch-10]', () =>
    withReaction(async ({ platform, checkpoints, run }) => {
      const reader = platform.origins.get('reader')!;
      const saved: number[] = [];
      const save = checkpoints.save.bind(checkpoints);
      checkpoints.save = (name, checkpoint, parked) => (saved.push(checkpoint.position), save(name, checkpoint, parked));
      await reader.add(randomUUID(), 'Passed', {});
      let acted = 0;
      await run(async () => void acted++);
      await until(() => saved.length === 1);
      for (let n = 0; n < 30; n++) {
        await reader.add(randomUUID(), 'Passed', {});
        await new Promise((resolve) => setImmediate(resolve));
      }
      const position = await reader.add(randomUUID(), 'Added', {});
      await until(() => saved.at(-1) === position);
      assert.deepEqual([saved.length, acted], [2, 1]);
    }));

  test('it is behind by the events that wait, not by the bytes between them [rev:arch-10]', () =>
    withReaction(async ({ platform, run }) => {
      const reader = platform.origins.get('reader')!;
      await reader.add(randomUUID(), 'Added', ...fill(3));
      let [go, acting] = [() => {}, false];
      const held = new Promise<void>((resolve) => (go = resolve));
      const runner = await run(() => ((acting = true), held));
      await until(() => acting);
      const behind = runner.lag();
      go();
      assert.equal(behind, 3);
      await until(() => runner.lag() === 0);
    }));

  test('an event that an earlier version parked, without the place before it, is found and acted on [rev:arch-10]', () =>
    withReaction(async ({ platform, checkpoints, run }) => {
      const reader = platform.origins.get('reader')!;
      await reader.add(randomUUID(), 'Added', {}, {}, {});
      const parkedNow: ParkedEvent[] = [];
      const park = checkpoints.save.bind(checkpoints);
      checkpoints.save = (name, checkpoint, parked) => {
        const old = parked.map(({ reaction, origin, position, eventId, reason }) => ({ reaction, origin, position, eventId, reason }));
        parkedNow.push(...old);
        return park(name, checkpoint, old);
      };
      let [fails, acted] = [true, 0];
      const react = async () => {
        if (fails) throw new Error('no pen');
        acted++;
      };
      const first = await run(react);
      await until(() => parkedNow.length === 3 && first.parked().length === 3);
      await first.stop();
      const runner = await run(react);
      fails = false;
      const { reaction, origin, position } = parkedNow[1]!;
      assert.equal(await runner.again(reaction, { origin, position }), true);
      assert.deepEqual([acted, runner.parked().length], [1, 2]);
    }));
});
