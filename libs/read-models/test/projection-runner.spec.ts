import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { type EventBus, type Page, positionToken } from '@ateneo/messaging';
import { type Change, type CollectionSpec, type Commit, NotYetKnown, type Projection, type ProjectionRunner } from '../src/index.js';
import { documentProjection } from '../conformance/document-projection.js';
import { type Origin, Platform, until } from './platform.js';

type Total = { id: string; sum: number; events: number };
const totals: CollectionSpec<Total> = { name: 'totals', version: 1, columns: { sum: ({ sum }) => sum } };
const total = (version = 1, factor = 1, spec = totals) =>
  documentProjection<Total>({
    name: 'reader.totals',
    version,
    collection: spec,
    public: ['depot.added.v1'],
    key: ({ stream }) => stream.slice(4),
    evolve: (document, { stream, data }) => {
      if (data.amount === 'poison') throw new Error('no amount');
      return { id: stream.slice(4), sum: (document?.sum ?? 0) + (data.amount as number) * factor, events: (document?.events ?? 0) + 1 };
    },
  });
const tokenOf = (origin: Origin, position: number) =>
  positionToken({ service: origin.service, epoch: origin.store.epoch, partition: 0, position });
const amounts = (...list: unknown[]) => list.map((amount) => ({ amount }));
const sumOf = async (runner: ProjectionRunner, box: string) => (await runner.collection(totals).get(box))?.sum;

/** Commits that hold documents fail as told by their number; answers how many there were. */
function failCommits(platform: Platform, fails: (n: number) => boolean): () => number {
  const openBuild = platform.models.openBuild.bind(platform.models);
  let commits = 0;
  platform.models.openBuild = async (...of) => {
    const build = await openBuild(...of);
    const commit = build.commit.bind(build);
    build.commit = async (what: Commit) => {
      if (what.documents.length > 0 && fails(commits++)) throw new Error('no disk');
      await commit(what);
    };
    return build;
  };
  return () => commits;
}

describe('projections: batches and positions', () => {
  test('a bus that hands the next page at the very moment the last one is done leaves no page waiting [rev:arch-3]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot', false);
      const box = randomUUID();
      for (let n = 0; n < 30; n++) await depot.add(box, 'Added', ...amounts(1));
      const publisher = depot.publisher();
      const pages: Page[] = [];
      for (let at = 0; at < 30; at++) pages.push({ ...(await publisher.page(at, { limitBytes: 1 })), waiting: 30 - at - 1 });
      let handed = 0;
      const subscribe: EventBus['subscribe'] = (_, handle) => {
        const hand = (): unknown => handed < pages.length && handle(pages[handed++]!).then(hand);
        hand();
        return { restart: () => undefined, status: () => [], stop: async () => undefined };
      };
      platform.bus.subscribe = subscribe;
      const runner = await platform.runner(total());
      await until(() => handed === 30 && runner.lag().length > 0);
      await until(async () => (await sumOf(runner, box)) === 30);
    }));
  test('every event counts once, whether it was there before or comes live [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const box = randomUUID();
      await depot.add(box, 'Added', ...amounts(1, 2));
      const runner = await platform.runner(total());
      await runner.caughtUp();
      assert.equal(await sumOf(runner, box), 3);
      for (let n = 0; n < 50; n++) await depot.add(box, 'Added', ...amounts(1));
      assert.deepEqual(await runner.waitFor(tokenOf(depot, 52), 5_000), { stale: false });
      assert.deepEqual(await runner.collection(totals).get(box), { id: box, sum: 53, events: 52 });
      await platform.restart();
      const again = await platform.runner(total());
      await again.caughtUp();
      assert.equal(await sumOf(again, box), 53);
    }));
  test('a token waits, bounded, for its position: past it fresh, else stale and never an error [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const box = randomUUID();
      const runner = await platform.runner(total());
      assert.deepEqual(await runner.waitFor(tokenOf(depot, 1), 30), { stale: true });
      const waiting = runner.waitFor(tokenOf(depot, 2), 5_000, 'reader.totals');
      await depot.add(box, 'Added', ...amounts(1, 2));
      assert.deepEqual(await waiting, { stale: false });
      assert.equal(await sumOf(runner, box), 3);
      const hidden = await depot.add(box, 'Hidden', {});
      assert.deepEqual(await runner.waitFor(tokenOf(depot, hidden), 5_000), { stale: false });
      assert.deepEqual(await runner.waitFor('made up', 5_000), { stale: false });
      assert.deepEqual(await runner.waitFor(undefined, 5_000), { stale: false });
    }));
  test('a commit that fails after the fold counts once: caches are dropped and the batch comes again [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const box = randomUUID();
      const failures = failCommits(platform, (n) => n % 3 !== 2);
      const runner = await platform.runner(total());
      for (let n = 0; n < 5; n++) {
        await depot.add(box, 'Added', ...amounts(1, 1));
        assert.deepEqual(await runner.waitFor(tokenOf(depot, 2 * n + 2), 10_000), { stale: false });
      }
      assert.ok(failures() > 5);
      assert.equal(await sumOf(runner, box), 10);
    }));
  test('a redelivered event changes nothing: a document ignores what is not newer than its position [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const box = randomUUID();
      await depot.add(box, 'Added', ...amounts(1, 2));
      await (await platform.runner(total())).caughtUp();
      const { all } = await platform.models.builds('reader.totals');
      await platform.restart();
      const build = await platform.models.openBuild('reader.totals', all[0]!, [totals]);
      await build.commit({
        documents: [],
        checkpoints: [{ origin: 'depot', epoch: depot.store.epoch, mappingVersion: 1, position: 0 }],
        aside: [],
        released: [],
      });
      const again = await platform.runner(total());
      await again.caughtUp();
      assert.deepEqual(await again.collection(totals).get(box), { id: box, sum: 3, events: 2 });
    }));
  test('catch-up of many pages ends in the same documents, while the loop stays alive, and lag is told until then', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const boxes = Array.from({ length: 20 }, () => randomUUID());
      for (let n = 0; n < 20; n++)
        for (const box of boxes) await depot.add(box, 'Added', ...Array.from({ length: 30 }, () => ({ amount: 1, text: 'x'.repeat(200) })));
      const runner = await platform.runner(total());
      let turns = 0;
      const beating = setInterval(() => turns++, 1);
      await until(() => runner.isCaughtUp);
      clearInterval(beating);
      assert.ok(turns > 3);
      assert.deepEqual(
        runner.lag().map(({ events, seconds }) => [events, seconds]),
        [[0, 0]],
      );
      assert.deepEqual(await runner.collection(totals).count({ sum: 600 }), 20);
    }));
  test('changes are told after the commit, by read model, key and position [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const runner = await platform.runner(total());
      const seen: Change[] = [];
      runner.onChange((changes) => seen.push(...changes));
      const box = randomUUID();
      const position = await depot.add(box, 'Added', { amount: 1, trainee: 't1' });
      await until(() => seen.length > 0);
      assert.equal(await sumOf(runner, box), 1);
      assert.deepEqual(
        seen.map(({ projection, key, service, position: at }) => [projection, key, service, at]),
        [['reader.totals', 't1', 'depot', position]],
      );
    }));
  test('own stored events are folded too, with their revision', () =>
    Platform.run(async (platform) => {
      const reader = await platform.origin('reader');
      const own = documentProjection<{ last: number }>({
        name: 'reader.own',
        version: 1,
        collection: { name: 'own', version: 1, columns: {} },
        own: ['Added'],
        key: ({ stream }) => stream.slice(4),
        evolve: (_, event) => ({ last: event.revision! }),
      });
      const runner = await platform.runner(own);
      const box = randomUUID();
      const position = await reader.add(box, 'Added', {}, {}, {});
      assert.deepEqual(await runner.waitFor(tokenOf(reader, position), 5_000), { stale: false });
      assert.deepEqual(await platform.models.collection('reader.own', own.collections[0]!).get(box), { last: 2 });
    }));
});

describe('projections: set aside', () => {
  test('a poison event is set aside with all later ones of its key only, answers are incomplete, the checkpoint goes on, also after a restart [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const [bad, good] = [randomUUID(), randomUUID()];
      let runner = await platform.runner(total());
      await depot.add(bad, 'Added', ...amounts(1, 'poison', 5));
      await depot.add(good, 'Added', ...amounts(7));
      assert.deepEqual(await runner.waitFor(tokenOf(depot, 4), 5_000), { stale: false });
      assert.deepEqual([await sumOf(runner, bad), await sumOf(runner, good)], [1, 7]);
      assert.deepEqual([runner.incomplete('reader.totals', bad), runner.incomplete('reader.totals', good)], [true, false]);
      await platform.restart();
      runner = await platform.runner(total());
      await depot.add(bad, 'Added', ...amounts(2));
      assert.deepEqual(await runner.waitFor(tokenOf(depot, 5), 5_000), { stale: false });
      assert.deepEqual(
        runner.aside('reader.totals', bad).map(({ position, why, reason }) => [position, why, reason]),
        [
          [2, 'poison', 'no amount'],
          [3, 'behind-another', 'an event of the same key waits'],
          [5, 'behind-another', 'an event of the same key waits'],
        ],
      );
      assert.equal(await runner.retryAside('reader.totals', bad), false);
      assert.equal(await sumOf(runner, bad), 1);
      await assert.rejects(runner.skipAside('reader.totals', bad, ' '), RangeError);
      assert.equal(await runner.skipAside('reader.totals', bad, 'entered twice by the old loader'), true);
      assert.deepEqual([await sumOf(runner, bad), runner.incomplete('reader.totals', bad)], [8, false]);
      await depot.add(bad, 'Added', ...amounts(1));
      await runner.waitFor(tokenOf(depot, 6), 5_000);
      assert.equal(await sumOf(runner, bad), 9);
    }));
  test('what was set aside is replayed in order once its cause is mended, outside the guard [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const trainee = 't1';
      let broken = true;
      const seen: number[] = [];
      const projection = documentProjection<Total>({
        ...total(),
        name: 'reader.totals',
        version: 1,
        collection: totals,
        key: () => trainee,
        evolve: (document, { data }) => {
          if (broken && data.amount === 2) throw new Error('not yet mended');
          seen.push(data.amount as number);
          return { id: trainee, sum: (document?.sum ?? 0) + (data.amount as number), events: 0 };
        },
      });
      const runner = await platform.runner(projection);
      const box = randomUUID();
      await depot.add(box, 'Added', ...[1, 2, 3, 4].map((amount) => ({ amount, trainee })));
      await runner.waitFor(tokenOf(depot, 4), 5_000);
      broken = false;
      assert.equal(await runner.retryAside('reader.totals', trainee), true);
      assert.deepEqual([seen, await sumOf(runner, trainee)], [[1, 2, 3, 4], 10]);
    }));
  test('an event whose trainee is not known yet waits for the fact and is then applied, in whatever order origins arrive [arch:4]', () =>
    Platform.run(async (platform) => {
      type Card = { trainee: string; enrolled: boolean; entries: number };
      const cards: CollectionSpec<Card> = { name: 'cards', version: 1, columns: {} };
      const projection = documentProjection<Card>({
        name: 'reader.cards',
        version: 1,
        collection: cards,
        public: ['logbook.recorded.v1', 'career.enrolled.v1'],
        key: ({ scope }) => scope.traineeId!,
        evolve: (card, { type, scope }) => {
          if (type === 'career.enrolled.v1') return { trainee: scope.traineeId!, enrolled: true, entries: 0 };
          if (!card) throw new NotYetKnown(`trainee ${scope.traineeId}`, 'career');
          return { ...card, entries: card.entries + 1 };
        },
      });
      const [logbook, career] = [await platform.origin('logbook'), await platform.origin('career')];
      const runner = await platform.runner(projection);
      const entry = randomUUID();
      await logbook.add(entry, 'Recorded', { trainee: 't1' });
      await logbook.add(randomUUID(), 'Recorded', { trainee: 't1' });
      await runner.waitFor(tokenOf(logbook, 2), 5_000);
      assert.equal(runner.incomplete('reader.cards', 't1'), true);
      await platform.restart();
      const again = await platform.runner(projection);
      await again.caughtUp();
      assert.equal(again.incomplete('reader.cards', 't1'), true);
      await career.add(randomUUID(), 'Enrolled', { trainee: 't1' });
      await until(() => !again.incomplete('reader.cards', 't1'));
      assert.equal((await again.collection(cards).get('t1'))?.entries, 2);
      await logbook.add(entry, 'Recorded', { trainee: 't1' });
      await again.waitFor(tokenOf(logbook, 3), 5_000);
      assert.equal((await again.collection(cards).get('t1'))?.entries, 3);
    }));
  test('an unknown reference sets aside only the stream that names it, until the reference arrives [arch:4]', () =>
    Platform.run(async (platform) => {
      const names: CollectionSpec<{ name: string }> = { name: 'names', version: 1, columns: {} };
      const projection: Projection = {
        name: 'reader.uses',
        version: 1,
        collections: [names, totals],
        public: ['depot.used.v1', 'catalogue.named.v1'],
        references: ['catalogue'],
        partitionKey: ({ stream }) => stream,
        keys: ({ type, stream, data }) =>
          type === 'catalogue.named.v1'
            ? [['names', data.name as string]]
            : [
                ['names', data.name as string],
                ['totals', stream],
              ],
        apply({ type, stream, data }, documents) {
          if (type === 'catalogue.named.v1') return documents.put('names', data.name as string, { name: data.name });
          if (!documents.get('names', data.name as string)) throw new NotYetKnown(`name ${data.name as string}`, 'catalogue');
          const before = documents.get<Total>('totals', stream);
          documents.put('totals', stream, { id: stream, sum: (before?.sum ?? 0) + 1, events: 0 });
        },
      };
      const [depot, catalogue] = [await platform.origin('depot'), await platform.origin('catalogue')];
      await catalogue.add(randomUUID(), 'Named', { name: 'known' });
      await depot.add('a', 'Used', { name: 'known' }, { name: 'unknown' }, { name: 'known' });
      await depot.add('b', 'Used', { name: 'known' });
      const runner = await platform.runner(projection);
      await runner.caughtUp();
      assert.deepEqual(
        [await sumOf(runner, 'box-a'), await sumOf(runner, 'box-b'), runner.incompleteKeys('reader.uses')],
        [1, 1, ['box-a']],
      );
      await catalogue.add(randomUUID(), 'Named', { name: 'unknown' });
      await until(() => !runner.incomplete('reader.uses', 'box-a'));
      assert.equal(await sumOf(runner, 'box-a'), 3);
    }));
  test('an event that throws half-way leaves none of its changes', () =>
    Platform.run(async (platform) => {
      const projection: Projection = {
        name: 'reader.half',
        version: 1,
        collections: [totals],
        public: ['depot.added.v1'],
        keys: ({ data }) => [
          ['totals', 'x'],
          ['totals', data.id as string],
        ],
        apply({ data }, documents) {
          documents.put('totals', 'x', { id: 'x', sum: data.amount, events: 0 });
          if (data.amount === 2) documents.get('totals', 'not loaded');
        },
      };
      const depot = await platform.origin('depot');
      const runner = await platform.runner(projection);
      await depot.add(randomUUID(), 'Added', { amount: 1, id: 'y' });
      await depot.add(randomUUID(), 'Added', { amount: 2, id: 'y' });
      await runner.waitFor(tokenOf(depot, 2), 5_000);
      assert.equal(await sumOf(runner, 'x'), 1);
      assert.equal(runner.asideCount, 1);
    }));
});

describe('projections: rebuild', () => {
  test('a rebuild folds beside the live build, which is read and kept up until the switch [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const box = randomUUID();
      await depot.add(box, 'Added', ...amounts(1, 2));
      const runner = await platform.runner(total());
      await runner.caughtUp();
      const before = await platform.models.builds('reader.totals');
      await Promise.all([runner.rebuild('reader.totals'), depot.add(box, 'Added', ...amounts(4))]);
      await runner.waitFor(tokenOf(depot, 3), 5_000);
      assert.equal(await sumOf(runner, box), 7);
      const after = await platform.models.builds('reader.totals');
      assert.notEqual(after.live, before.live);
      assert.equal(after.all.length, 1);
    }));
  test('another version is rebuilt at the start; the old one is read until it has caught up [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const box = randomUUID();
      await depot.add(box, 'Added', ...amounts(1, 2));
      await (await platform.runner(total())).caughtUp();
      await platform.restart();
      let [hold, release] = [Promise.resolve(), () => {}];
      hold = new Promise((resolve) => (release = resolve));
      const openBuild = platform.models.openBuild.bind(platform.models);
      platform.models.openBuild = async (...of) => {
        const build = await openBuild(...of);
        const load = build.load.bind(build);
        build.load = async (...what) => (await hold, load(...what));
        return build;
      };
      const runner = await platform.runner(total(2, 10));
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(await sumOf(runner, box), 3);
      assert.deepEqual(await runner.waitFor(tokenOf(depot, 2), 20), { stale: true });
      release();
      await runner.caughtUp();
      assert.equal(await sumOf(runner, box), 30);
      assert.equal((await platform.models.builds('reader.totals')).all.length, 1);
    }));
  test('another mapping version or epoch of an origin rebuilds side by side [arch:4]', () =>
    Platform.run(async (platform) => {
      const depot = await platform.origin('depot');
      const box = randomUUID();
      await depot.add(box, 'Added', ...amounts(1, 2));
      await (await platform.runner(total())).caughtUp();
      const before = (await platform.models.builds('reader.totals')).live;
      depot.mappingVersion = 2;
      await platform.restart();
      const runner = await platform.runner(total());
      await runner.caughtUp();
      await until(async () => (await platform.models.builds('reader.totals')).live !== before);
      await runner.caughtUp();
      assert.deepEqual(await runner.collection(totals).get(box), { id: box, sum: 3, events: 2 });
    }));
  test('a projection with a state of its own gets it back at a start and loses what a failed commit folded', () =>
    Platform.run(async (platform) => {
      const make = () => {
        let sums = new Map<string, number>();
        const projection: Projection & { sums(): Map<string, number> } = {
          name: 'reader.totals',
          version: 1,
          collections: [totals],
          public: ['depot.added.v1'],
          keys: () => [],
          apply: ({ stream, data }) => void sums.set(stream, (sums.get(stream) ?? 0) + (data.amount as number)),
          flush: (documents) => sums.forEach((sum, id) => documents.put('totals', id, { id, sum, events: 0 })),
          reset: () => (sums = new Map()),
          async open(scan) {
            for await (const { id, document } of scan<Total>('totals')) sums.set(id, document.sum);
          },
          sums: () => sums,
        };
        return projection;
      };
      const depot = await platform.origin('depot');
      await depot.add('a', 'Added', ...amounts(1, 2));
      await (await platform.runner(make)).caughtUp();
      await platform.restart();
      failCommits(platform, (n) => n === 0);
      const runner = await platform.runner(make);
      await depot.add('b', 'Added', ...amounts(4));
      await runner.waitFor(tokenOf(depot, 3), 5_000);
      assert.deepEqual([await sumOf(runner, 'box-a'), await sumOf(runner, 'box-b')], [3, 4]);
      await runner.rebuild('reader.totals');
      assert.equal((runner.live('reader.totals') as ReturnType<typeof make>).sums().get('box-b'), 4);
    }));
});
