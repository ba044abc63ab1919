import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { partitionOf } from '@ateneo/event-sourcing';
import { positionToken } from '@ateneo/messaging';
import {
  type CollectionSpec,
  type Documents,
  HeldElsewhereError,
  NotYetKnown,
  type ProjectedEvent,
  type Projection,
  ProjectionRunner,
  type Scan,
} from '../src/index.js';
import { documentProjection } from '../conformance/document-projection.js';
import { LeaseBoard } from './lease-board.js';
import { type Origin, Platform, until } from './platform.js';
import { SharedStore, type StoreInstance } from './shared-store.js';

type Sum = { readonly trainee: string; readonly sum: number; readonly events: number };
const sums: CollectionSpec<Sum> = { name: 'sums', version: 1, columns: {} };

/** Sums by trainee, kept in memory and stored beside; what may be counted is told by the catalogue, which everybody reads. */
class Sums implements Projection {
  readonly name = 'reader.sums';
  readonly collections = [sums];
  readonly public = ['catalogue.named.v1', 'depot.added.v1'];
  readonly names = new Set<string>();
  readonly held = new Map<number, Map<string, Sum>>();
  readonly parts = { whole: ['catalogue'], of: (partition: number) => this.#part(partition) };

  constructor(readonly version = 1) {}

  keys(): Iterable<never> {
    return [];
  }

  partitionKey({ stream }: ProjectedEvent): string {
    return stream;
  }

  apply({ data }: ProjectedEvent): void {
    this.names.add(data.name as string);
  }

  #part(partition: number): Projection {
    let kept: Map<string, Sum> | undefined;
    const changed = new Set<string>();
    return {
      name: this.name,
      version: this.version,
      collections: this.collections,
      public: ['depot.added.v1'],
      keys: () => [],
      apply: ({ data, scope }) => {
        const name = data.name as string | undefined;
        if (name !== undefined && !this.names.has(name)) throw new NotYetKnown(name, 'catalogue');
        const trainee = scope.traineeId!;
        const { sum, events } = kept!.get(trainee) ?? { sum: 0, events: 0 };
        kept!.set(trainee, { trainee, sum: sum + (data.amount as number), events: events + 1 });
        changed.add(trainee);
      },
      open: async (scan: Scan) => {
        kept = new Map();
        for await (const { id, document } of scan<Sum>('sums')) kept.set(id, document);
        this.held.set(partition, kept);
      },
      flush: (documents: Documents) => {
        for (const trainee of changed) documents.put('sums', trainee, kept!.get(trainee));
        changed.clear();
      },
      reset: () => {
        if (this.held.get(partition) === kept) this.held.delete(partition);
        changed.clear();
      },
    };
  }
}

type Instance = { readonly name: string; readonly models: StoreInstance; readonly runner: ProjectionRunner };

/** Instances of one service on the same origins, leases and documents. */
class Cluster {
  readonly store = new SharedStore();
  readonly board = new LeaseBoard();
  readonly all: Instance[] = [];
  /** What has still to end. */
  readonly ends: (() => Promise<unknown>)[] = [];

  constructor(private readonly platform: Platform) {}

  static run(body: (cluster: Cluster, depot: Origin, catalogue: Origin) => Promise<void>): Promise<void> {
    return Platform.run(async (platform) => {
      const cluster = new Cluster(platform);
      const [depot, catalogue] = [await platform.origin('depot'), await platform.origin('catalogue')];
      await catalogue.add('c', 'Named', { name: 'known' });
      try {
        await body(cluster, depot, catalogue);
      } finally {
        await cluster.end();
      }
    });
  }

  async join(name: string, make: () => Projection = () => new Sums()): Promise<Instance> {
    const models = this.store.instance();
    const runner = new ProjectionRunner({
      service: 'reader',
      readModels: models,
      events: this.platform.bus,
      leases: this.board.join(name),
      projections: [make],
    });
    const instance = { name, models, runner };
    this.all.push(instance);
    await runner.start();
    return instance;
  }

  async leave(instance: Instance): Promise<void> {
    this.all.splice(this.all.indexOf(instance), 1);
    await instance.runner.stop();
  }

  /** It hangs: nothing that it says to the store arrives, and its leases are over. Answers how it wakes up. */
  async freeze(instance: Instance): Promise<() => Promise<void>> {
    let open = () => {};
    instance.models.gate = new Promise((resolve) => (open = resolve));
    const wake = await this.board.vanish(instance.name);
    return async () => {
      const woken = wake();
      instance.models.gate = Promise.resolve();
      open();
      await woken;
    };
  }

  /** It hangs and never comes back. */
  async kill(instance: Instance): Promise<void> {
    const wake = await this.freeze(instance);
    this.all.splice(this.all.indexOf(instance), 1);
    this.ends.push(async () => (await wake(), await instance.runner.stop()));
  }

  async end(): Promise<void> {
    for (const { runner } of this.all) await runner.stop();
    for (const end of this.ends) await end();
  }

  async stored(): Promise<Map<string, Sum>> {
    const { live, builds } = this.store.line('reader.sums');
    const documents = builds.get(live ?? '')?.documents.get('sums') ?? new Map();
    return new Map([...documents].map(([id, { document }]) => [id, document as Sum]));
  }
}

const trainees = Array.from({ length: 40 }, () => randomUUID());
const unitOf = (trainee: string) => `p${String(partitionOf(trainee)).padStart(2, '0')}`;
const tokenOf = (depot: Origin, trainee: string, position: number) =>
  positionToken({ service: 'depot', epoch: depot.store.epoch, partition: partitionOf(trainee), position });

/** Adds events of the trainees in turn, one each time, until stopped; answers what must have been counted. */
function load(depot: Origin, cluster: Cluster): { readonly stop: () => Promise<Map<string, Sum>> } {
  const expected = new Map<string, Sum>();
  let stopped = false;
  const done = (async () => {
    for (let n = 0; !stopped; n++) {
      const trainee = trainees[n % trainees.length]!;
      const amount = 1 + (n % 7);
      await depot.add(trainee, 'Added', { trainee, amount });
      const { sum, events } = expected.get(trainee) ?? { sum: 0, events: 0 };
      expected.set(trainee, { trainee, sum: sum + amount, events: events + 1 });
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  const stop = async () => ((stopped = true), await done, expected);
  cluster.ends.push(stop);
  return { stop };
}
const sorted = (all: Map<string, Sum>) => [...all.values()].sort((a, b) => (a.trainee < b.trainee ? -1 : 1));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const events = (all: Map<string, Sum>) => [...all.values()].reduce((sum, one) => sum + one.events, 0);

async function ends(cluster: Cluster, expected: Map<string, Sum>): Promise<void> {
  await until(async () => events(await cluster.stored()) >= events(expected));
  await pause(50);
  assert.deepEqual(sorted(await cluster.stored()), sorted(expected));
}

describe('projections that several instances share', () => {
  test('any sequence of joins, leaves and kills under load gives the same documents [arch:5]', () =>
    Cluster.run(async (cluster, depot) => {
      const loading = load(depot, cluster);
      const first = await cluster.join('a');
      await pause(150);
      const [second, third] = [await cluster.join('b'), await cluster.join('c')];
      await pause(150);
      await cluster.kill(second);
      await pause(150);
      const fourth = await cluster.join('d');
      await pause(100);
      await cluster.leave(first);
      await pause(100);
      await cluster.leave(third);
      await ends(cluster, await loading.stop());
      const held = (await fourth.runner.units()).map(({ instance }) => instance);
      assert.deepEqual([...new Set(held)], ['d']);
      assert.equal(held.length, 64);
    }));
  test('units are spread over the instances, and who folds what is readable by each [arch:5]', () =>
    Cluster.run(async (cluster, depot) => {
      const [a, b] = [await cluster.join('a'), await cluster.join('b')];
      await depot.add('x', 'Added', { trainee: trainees[0], amount: 1 });
      await until(() => a.runner.isCaughtUp && b.runner.isCaughtUp);
      const units = await a.runner.units();
      assert.equal(units.length, 64);
      assert.equal(units.filter(({ instance }) => instance === 'a').length, 32);
      assert.deepEqual(
        units.map(({ unit, instance, fence }) => [unit, instance, fence]),
        (await b.runner.units()).map(({ unit, instance, fence }) => [unit, instance, fence]),
      );
      const own = new Set(a.runner.lag().flatMap(({ unit }) => unit ?? []));
      assert.equal(own.size, 32);
    }));
  test('an instance that hung while others took over cannot overwrite what they have counted since [arch:5]', () =>
    Cluster.run(async (cluster, depot) => {
      const [a, b] = [await cluster.join('a'), await cluster.join('b')];
      await until(() => a.runner.isCaughtUp && b.runner.isCaughtUp);
      await pause(500); // its positions are stored
      const units = new Set((await a.runner.units()).flatMap(({ unit, instance }) => (instance === 'a' ? unit : [])));
      const trainee = trainees.find((one) => units.has(unitOf(one)))!;
      const wake = await cluster.freeze(a);
      await depot.add(trainee, 'Added', { trainee, amount: 1 });
      await until(async () => (await cluster.stored()).get(trainee)?.sum === 1);
      const last = await depot.add(trainee, 'Added', { trainee, amount: 10 });
      assert.deepEqual(await b.runner.waitFor(tokenOf(depot, trainee, last), 5_000), { stale: false });
      await wake();
      await pause(300);
      assert.deepEqual((await cluster.stored()).get(trainee), { trainee, sum: 11, events: 2 });
      const state = a.runner.live('reader.sums') as Sums;
      assert.equal(state.held.size, 0);
    }));
  test('a unit that a late claimer took from its holder is folded on by whoever has the lease [arch:5]', () =>
    Cluster.run(async (cluster, depot) => {
      const a = await cluster.join('a');
      await until(() => a.runner.isCaughtUp);
      const { live, builds } = cluster.store.line('reader.sums');
      const trainee = trainees[0]!;
      builds.get(live!)!.units.get(unitOf(trainee))!.owner = -1;
      const position = await depot.add('x', 'Added', { trainee, amount: 3 });
      assert.deepEqual(await a.runner.waitFor(tokenOf(depot, trainee, position), 10_000), { stale: false });
      assert.equal((await cluster.stored()).get(trainee)?.sum, 3);
    }));
  test('a query waits for a token at any instance, whoever folds the partition [arch:4]', () =>
    Cluster.run(async (cluster, depot, catalogue) => {
      const all = [await cluster.join('a'), await cluster.join('b')];
      await until(() => all.every(({ runner }) => runner.isCaughtUp));
      for (const trainee of trainees.slice(0, 20)) {
        const position = await depot.add(trainee, 'Added', { trainee, amount: 5 });
        for (const { runner } of all) {
          assert.deepEqual(await runner.waitFor(tokenOf(depot, trainee, position), 5_000), { stale: false });
          assert.equal((await runner.collection(sums).get(trainee))?.sum, 5);
        }
        const hidden = await depot.add(trainee, 'Hidden', { trainee });
        for (const { runner } of all)
          assert.deepEqual(await runner.waitFor(tokenOf(depot, trainee, hidden), 5_000), { stale: false }, 'nothing of it is folded');
      }
      const named = positionToken({
        service: 'catalogue',
        epoch: catalogue.store.epoch,
        partition: 0,
        position: await catalogue.add('c', 'Named', { name: 'later' }),
      });
      for (const { runner } of all) {
        assert.deepEqual(await runner.waitFor(named, 5_000), { stale: false });
        assert.ok((runner.live('reader.sums') as Sums).names.has('later'));
      }
      assert.deepEqual(await all[0]!.runner.waitFor(tokenOf(depot, trainees[0]!, 10_000), 100), { stale: true });
    }));
  test('what waits for reference data is incomplete at every instance, and counted once the reference is there [arch:4]', () =>
    Cluster.run(async (cluster, depot, catalogue) => {
      const all = [await cluster.join('a'), await cluster.join('b')];
      await until(() => all.every(({ runner }) => runner.isCaughtUp));
      const trainee = trainees[0]!;
      const position = await depot.add(trainee, 'Added', { trainee, amount: 5, name: 'new' });
      for (const { runner } of all) {
        assert.deepEqual(await runner.waitFor(tokenOf(depot, trainee, position), 5_000), { stale: false });
        assert.equal(runner.incomplete('reader.sums', trainee), true);
        assert.deepEqual(runner.incompleteKeys('reader.sums'), [trainee]);
        assert.equal(runner.aside('reader.sums', trainee).length, 1);
      }
      const tried = await Promise.allSettled(all.map(({ runner }) => runner.retryAside('reader.sums', trainee)));
      const elsewhere = tried.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      const holder = all[tried.findIndex(({ status }) => status === 'fulfilled')]!;
      assert.ok(elsewhere.reason instanceof HeldElsewhereError);
      assert.equal(elsewhere.reason.instance, holder.name);
      assert.deepEqual(all.map(({ runner }) => runner.asideCount).sort(), [0, 1], 'counted where it waits');
      await catalogue.add('c', 'Named', { name: 'new' });
      await until(() => all.every(({ runner }) => !runner.incomplete('reader.sums', trainee)));
      assert.equal((await cluster.stored()).get(trainee)?.sum, 5);
    }));
  test('a rebuild folds beside the live build while instances come and go, and all switch to it [arch:4]', () =>
    Cluster.run(async (cluster, depot) => {
      const history = Array.from({ length: 50 }, () => ({ amount: 1 }));
      for (const trainee of trainees) await depot.add(trainee, 'Added', ...history.map((one) => ({ ...one, trainee })));
      const [a, b] = [await cluster.join('a'), await cluster.join('b')];
      await until(() => a.runner.isCaughtUp && b.runner.isCaughtUp);
      const loading = load(depot, cluster);
      const before = cluster.store.line('reader.sums').live;
      const counted = events(await cluster.stored());
      const seen: number[] = [];
      const reading = setInterval(() => void cluster.stored().then((all) => seen.push(events(all))), 1);
      const rebuilt = a.runner.rebuild('reader.sums');
      const c = await cluster.join('c');
      await cluster.leave(b);
      await rebuilt;
      clearInterval(reading);
      assert.notEqual(cluster.store.line('reader.sums').live, before);
      assert.equal(cluster.store.line('reader.sums').builds.size, 1);
      assert.ok(Math.min(...seen) >= counted, 'readers never met less than before');
      const expected = await loading.stop();
      for (const trainee of trainees) {
        const { sum, events: n } = expected.get(trainee) ?? { sum: 0, events: 0 };
        expected.set(trainee, { trainee, sum: sum + history.length, events: n + history.length });
      }
      await ends(cluster, expected);
      await until(() => a.runner.isCaughtUp && c.runner.isCaughtUp);
    }));
  test('instances of a new version build theirs beside the old one and switch when all of it has caught up [arch:4]', () =>
    Cluster.run(async (cluster, depot) => {
      const loading = load(depot, cluster);
      const old = await cluster.join('old');
      await until(() => old.runner.isCaughtUp);
      const fresh = await cluster.join('new', () => new Sums(2));
      await fresh.runner.caughtUp();
      assert.ok(cluster.store.line('reader.sums').live?.startsWith('2-'));
      await until(() => !old.runner.isCaughtUp);
      await cluster.leave(old);
      await ends(cluster, await loading.stop());
    }));
  test('another mapping version of an origin makes all instances fold anew, in one build [arch:4]', () =>
    Platform.run(async (platform) => {
      const [depot, catalogue] = [await platform.origin('depot'), await platform.origin('catalogue')];
      await catalogue.add('c', 'Named', { name: 'known' });
      for (const trainee of trainees) await depot.add(trainee, 'Added', { trainee, amount: 2 }, { trainee, amount: 1 });
      const cluster = new Cluster(platform);
      await (await cluster.join('a')).runner.caughtUp();
      await cluster.leave(cluster.all[0]!);
      depot.mappingVersion = 2;
      await platform.restart();
      const again = new Cluster(platform);
      Object.assign(again, { store: cluster.store });
      const all = [await again.join('a'), await again.join('b')];
      await until(() => again.store.line('reader.sums').live === '1-1.2');
      await until(() => all.every(({ runner }) => runner.isCaughtUp));
      assert.deepEqual([...new Set([...(await again.stored()).values()].map(({ sum, events }) => `${sum} ${events}`))], ['3 2']);
      await again.end();
    }));
  test('a projection without parts is folded by one instance and read by all; another takes it over [arch:5]', () =>
    Cluster.run(async (cluster, depot) => {
      const make = () =>
        documentProjection<Sum>({
          name: 'reader.sums',
          version: 1,
          collection: sums,
          public: ['depot.added.v1'],
          key: ({ scope }) => scope.traineeId,
          evolve: (before, { data, scope }) => ({
            trainee: scope.traineeId!,
            sum: (before?.sum ?? 0) + (data.amount as number),
            events: (before?.events ?? 0) + 1,
          }),
        });
      const loading = load(depot, cluster);
      const [a, b] = [await cluster.join('a', make), await cluster.join('b', make)];
      await pause(200);
      const holder = (await b.runner.units())[0]?.instance;
      await cluster.kill(holder === 'a' ? a : b);
      await pause(200);
      const expected = await loading.stop();
      await ends(cluster, expected);
      const reader = holder === 'a' ? b : a;
      assert.equal((await reader.runner.units())[0]?.instance, reader.name);
    }));
});
