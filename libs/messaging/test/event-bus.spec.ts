import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openSqliteEventStore, partitionOf, type SqliteEventStore } from '@ateneo/event-sourcing';
import {
  type ConsumerPosition,
  createMemoryBus,
  createMemoryEventBus,
  type EventBatch,
  MAX_MESSAGE_BYTES,
  type PublicEvent,
  Publisher,
  type PublisherOptions,
  requestPage,
  serveReplay,
} from '../src/index.js';

const person = { id: 'p1', kind: 'person' as const };

async function withStore(body: (store: SqliteEventStore, add: Add) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'publisher-'));
  const store = await openSqliteEventStore({
    file: join(folder, 'x.events.sqlite'),
    hashKey: Buffer.alloc(32, 1),
    now: () => Date.UTC(2026, 0, 2),
  });
  const add: Add = (count, data: (n: number) => object = (n) => ({ n }), type = 'BoxFilled', traineeId?: string) =>
    addTo(store, count, data, type, traineeId);
  try {
    await body(store, add);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}
type Add = (count: number, data?: (n: number) => object, type?: string, traineeId?: string) => Promise<string>;

async function addTo(
  store: SqliteEventStore,
  count: number,
  data: (n: number) => object,
  type: string,
  traineeId?: string,
): Promise<string> {
  const stream = `box-${randomUUID()}`;
  const metadata = { actor: person, scope: { schoolId: 's1', traineeId }, correlationId: 'c' };
  const events = Array.from({ length: count }, (_, n) => ({ id: randomUUID(), type, version: 1, data: data(n), metadata }));
  assert.ok((await store.append({ stream, expectedRevision: -1, events })).ok);
  return stream;
}

const publisherOf = (store: SqliteEventStore, changes: Partial<PublisherOptions> = {}) =>
  new Publisher({
    service: 'depot',
    store,
    mappingVersion: 1,
    publicUrl: 'http://localhost',
    mappings: { box: (event) => (event.type === 'BoxFilled' ? { type: 'depot.box-filled.v1', data: event.data } : undefined) },
    ...changes,
  });

async function all(publisher: Publisher, types?: string[]): Promise<PublicEvent[]> {
  const events: PublicEvent[] = [];
  for (let after = 0; ;) {
    const page = await publisher.page(after, { types });
    assert.ok(Buffer.byteLength(JSON.stringify(page)) <= MAX_MESSAGE_BYTES);
    events.push(...page.events);
    if (page.next === after) return events;
    after = page.next;
  }
}

const until = async (condition: () => boolean) => {
  for (let n = 0; n < 2_000 && !condition(); n++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(condition());
};

describe('publisher', () => {
  test('a stored event becomes at most one CloudEvent with school, trainee, partition and origin position [arch:4]', () =>
    withStore(async (store, add) => {
      const traineeId = randomUUID();
      const subject = await add(1, () => ({ size: 3 }), 'BoxFilled', traineeId);
      await add(1, () => ({}), 'BoxLabelled');
      const publisher = publisherOf(store);
      const [stored] = await store.readStream(subject);
      const page = await publisher.page(0);
      assert.deepEqual(page.events, [
        {
          specversion: '1.0',
          id: stored!.id,
          source: 'http://localhost/depot',
          type: 'depot.box-filled.v1',
          subject,
          time: '2026-01-02T00:00:00.000Z',
          datacontenttype: 'application/json',
          schoolid: 's1',
          traineeid: traineeId,
          partition: partitionOf(traineeId),
          position: 1,
          service: 'depot',
          epoch: store.epoch,
          mappingversion: 1,
          actorid: 'p1',
          data: { size: 3 },
        },
      ]);
      assert.deepEqual([page.next, page.head], [2, 2]);
    }));
  test('without a trainee the partition is that of the stream [arch:4]', () =>
    withStore(async (store, add) => {
      const subject = await add(1);
      assert.equal((await publisherOf(store).page(0)).events[0]!.partition, partitionOf(subject.slice(4)));
    }));
  test('pages hold every event once, in order, within the size limit, whether from the store or from the tail [arch:4]', () =>
    withStore(async (store, add) => {
      await add(1_200, (n) => ({ n, text: 'è'.repeat(400) }));
      const publisher = publisherOf(store);
      const fromStore = await all(publisher);
      await publisher.page(await store.head());
      await add(2_000, (n) => ({ n, text: 'à'.repeat(900) }));
      const everything = await all(publisher);
      assert.deepEqual(
        everything.map(({ position }) => position),
        Array.from({ length: 3_200 }, (_, n) => n + 1),
      );
      assert.deepEqual(everything.slice(0, 1_200), fromStore);
      assert.deepEqual(everything, await all(publisherOf(store)));
    }));
  test('who follows again after many events were missed gets them all, once and in order [arch:4]', () =>
    withStore(async (store, add) => {
      await add(10);
      const publisher = publisherOf(store);
      await publisher.page(10);
      for (let n = 0; n < 12; n++) await add(500);
      const missed = await all(publisher);
      await add(3);
      assert.deepEqual(
        (await all(publisher)).map(({ position }) => position),
        Array.from({ length: 6_013 }, (_, n) => n + 1),
      );
      assert.equal(missed.length, 6_010);
    }));
  test('a page filtered by type goes on past what it leaves out', () =>
    withStore(async (store, add) => {
      await add(700, () => ({}), 'BoxLabelled');
      await add(3);
      assert.equal((await all(publisherOf(store), ['depot.box-filled.v1'])).length, 3);
      assert.deepEqual(await all(publisherOf(store), ['depot.other.v1']), []);
      assert.equal((await publisherOf(store).page(0, { types: [] })).next, 703);
    }));
  test('an event that cannot be mapped is told as a problem and nothing after it is published until it is mended [arch:4]', () =>
    withStore(async (store, add) => {
      await add(5);
      let broken = true;
      const mapping = (event: { data: object }) => {
        if (broken && (event.data as { n: number }).n === 2) throw new Error('no size');
        return { type: 'depot.box-filled.v1', data: event.data };
      };
      const publisher = publisherOf(store, { mappings: { box: mapping } });
      assert.deepEqual((await all(publisher)).length, 2);
      assert.deepEqual({ ...publisher.problem, eventId: '' }, { position: 3, eventId: '', type: 'BoxFilled', reason: 'no size' });
      await add(1);
      assert.deepEqual((await all(publisher)).length, 2);
      broken = false;
      assert.deepEqual((await all(publisher)).length, 6);
      assert.equal(publisher.problem, undefined);
    }));
  test('an event that cannot be mapped stops those that follow live too', () =>
    withStore(async (store, add) => {
      const mapping = (event: { data: object }) => {
        if ((event.data as { n: number }).n === 1) throw new Error('no size');
        return { type: 'depot.box-filled.v1', data: event.data };
      };
      const publisher = publisherOf(store, { mappings: { box: mapping } });
      await publisher.page(0);
      await add(4);
      const page = await publisher.page(0);
      assert.deepEqual([page.events.length, page.next, page.head, publisher.problem?.position], [1, 1, 4, 2]);
    }));
  test('replay answers the same pages to other services by request [arch:4]', () =>
    withStore(async (store, add) => {
      await add(10);
      const bus = createMemoryBus();
      const publisher = publisherOf(store);
      serveReplay(bus, publisher);
      assert.deepEqual(await requestPage(bus, 'depot', 4), JSON.parse(JSON.stringify(await publisher.page(4))));
      await assert.rejects(bus.request('replay.depot', { after: 'x' }));
      await bus.close();
    }));
});

test('a page of a version that told no counts says whether it is the end [rev:arch-10]', async () => {
  const bus = createMemoryBus();
  const [place, pages] = [{ service: 'depot', epoch: 'e', mappingVersion: 1, events: [] }, [7_000, 9_000]];
  bus.serve('replay.depot', 'depot', () => ({ ...place, next: pages.shift(), head: 9_000 }));
  const counts = async () => {
    const { passed, waiting } = await requestPage(bus, 'depot', 0);
    return [passed, waiting];
  };
  assert.deepEqual(
    [await counts(), await counts()],
    [
      [1, 1],
      [1, 0],
    ],
  );
  await bus.close();
});

/** A consumer that keeps what it got and, as a projection does, its position with it. */
class Consumer {
  events: PublicEvent[] = [];
  at: ConsumerPosition | undefined;
  resets = 0;
  failing = 0;
  readonly from = () => this.at;
  readonly onReset = async () => {
    this.resets++;
    this.events = [];
    this.at = undefined;
  };
  readonly handle = async (batch: EventBatch) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failing-- > 0) throw new Error('not now');
    this.events.push(...batch.events);
    this.at = { epoch: batch.epoch, mappingVersion: batch.mappingVersion, position: batch.next };
  };
  subscription(consumer = 'c') {
    return { consumer, types: ['depot.box-filled.v1'], from: this.from, onReset: this.onReset };
  }
  get numbers() {
    return this.events.map(({ position }) => position);
  }
}
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('durable subscriptions', () => {
  test('what is there and what comes later arrives in order, each consumer with objects of its own [arch:4]', () =>
    withStore(async (store, add) => {
      const bus = createMemoryEventBus();
      const [one, two] = [new Consumer(), new Consumer()];
      await add(3);
      bus.subscribe(one.subscription('one'), one.handle);
      bus.register(publisherOf(store));
      bus.subscribe(two.subscription('two'), two.handle);
      for (let n = 0; n < 20; n++) await add(5);
      await until(() => one.events.length === 103 && two.events.length === 103);
      assert.deepEqual(one.numbers, upTo(103));
      assert.deepEqual(two.numbers, upTo(103));
      assert.notEqual(one.events[0], two.events[0]);
      await bus.close();
    }));
  test('events of a handler that fails come again until it succeeds, and none is lost [arch:4]', () =>
    withStore(async (store, add) => {
      const bus = createMemoryEventBus();
      bus.register(publisherOf(store));
      const consumer = new Consumer();
      consumer.failing = 3;
      const running = bus.subscribe(consumer.subscription(), consumer.handle);
      await add(4);
      await until(() => running.status()[0]!.failures > 0);
      await until(() => consumer.events.length === 4);
      assert.deepEqual(consumer.numbers, upTo(4));
      await bus.close();
    }));
  test('a slow handler is never called twice at once, and one that starts again goes on from its checkpoint [arch:4]', () =>
    withStore(async (store, add) => {
      const bus = createMemoryEventBus();
      bus.register(publisherOf(store));
      const consumer = new Consumer();
      let [running, most] = [0, 0];
      const slow = async (batch: EventBatch) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 10));
        await consumer.handle(batch);
        running--;
      };
      const first = bus.subscribe(consumer.subscription(), slow);
      for (let n = 0; n < 10; n++) await add(2);
      await first.stop();
      bus.subscribe(consumer.subscription(), slow);
      await until(() => consumer.events.length === 20);
      assert.deepEqual([consumer.numbers, most], [upTo(20), 1]);
      await bus.close();
    }));
  test('of several instances of one consumer one at a time is served, and the next takes over [arch:4]', () =>
    withStore(async (store, add) => {
      const bus = createMemoryEventBus();
      bus.register(publisherOf(store));
      const consumer = new Consumer();
      const got = [0, 0];
      const instances = [0, 1].map((n) =>
        bus.subscribe(consumer.subscription(), (batch) => ((got[n]! += batch.events.length), consumer.handle(batch))),
      );
      await add(3);
      await until(() => consumer.events.length === 3);
      assert.deepEqual(got, [3, 0]);
      await instances[0]!.stop();
      await add(2);
      await until(() => consumer.events.length === 5);
      assert.deepEqual([got, consumer.numbers], [[3, 2], upTo(5)]);
      await bus.close();
    }));
  for (const [what, at] of Object.entries({
    'another epoch': { epoch: 'old', mappingVersion: 1, position: 2 },
    'another mapping version': { epoch: '', mappingVersion: 7, position: 2 },
  })) {
    test(`a consumer whose checkpoint has ${what} is reset and gets everything again [arch:4]`, () =>
      withStore(async (store, add) => {
        await add(3);
        const bus = createMemoryEventBus();
        bus.register(publisherOf(store));
        const consumer = new Consumer();
        consumer.at = { ...at, epoch: at.epoch || store.epoch };
        bus.subscribe(consumer.subscription(), consumer.handle);
        await until(() => consumer.events.length === 3);
        assert.deepEqual([consumer.resets, consumer.numbers], [1, upTo(3)]);
        await bus.close();
      }));
  }
  test('a consumer is told when it has caught up, also where there is nothing to read', () =>
    withStore(async (store) => {
      const bus = createMemoryEventBus();
      bus.register(publisherOf(store));
      const consumer = new Consumer();
      await new Promise<void>((resolve) => bus.subscribe({ ...consumer.subscription(), caughtUp: () => resolve() }, consumer.handle));
      await bus.close();
    }));
});
