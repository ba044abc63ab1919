import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bus, type EventBatch, type EventBus, serveReplay } from '../src/index.js';
import { Depot, type Network, Reader, until, upTo } from './depot.js';

/** Every event-bus adapter passes it; `open` answers a network that nobody else is on. */
export function eventBusConformance(adapter: string, open: () => Promise<Network>): void {
  const withDepot = (body: (world: World) => Promise<void>) => async () => {
    const network = await open();
    const depot = await Depot.open();
    const [publishing, reading] = [await network.join('depot'), await network.join('reader')];
    serveReplay(publishing.bus, depot.publisher);
    try {
      await body({ depot, reading: reading.eventBus, bus: reading.bus, publish: () => publishing.eventBus.register(depot.publisher) });
    } finally {
      await reading.close();
      await publishing.close();
      await depot.close();
      await network.close();
    }
  };
  describe(`event bus: ${adapter}`, () => {
    describe('order and loss', () => order(withDepot));
    describe('what is wanted', () => wanted(withDepot));
    describe('beginning anew', () => beginning(withDepot));
  });
}

type World = { readonly depot: Depot; readonly reading: EventBus; readonly bus: Bus; publish(): () => Promise<void> };
type WithDepot = (body: (world: World) => Promise<void>) => () => Promise<void>;

function order(withDepot: WithDepot): void {
  test(
    'what is there and what many writers add later arrives once, in the order of its origin [arch:4]',
    withDepot(async ({ depot, reading, publish }) => {
      const [one, two] = [new Reader(), new Reader()];
      await depot.fill(30);
      reading.subscribe(one.subscription('one'), one.handle);
      publish();
      await until(() => one.events.length === 30);
      reading.subscribe(two.subscription('two'), two.handle);
      await Promise.all(upTo(8).map(async () => void (await depot.fill(10, 5))));
      await until(() => one.events.length === 430 && two.events.length === 430);
      assert.deepEqual(one.numbers, upTo(430));
      assert.deepEqual(two.events, one.events);
      assert.deepEqual(one.events, (await depot.everything()).slice(0, 430));
    }),
  );
  test(
    'a publisher that is stopped and registered again goes on where it ended, each event once [rev:arch-1]',
    withDepot(async ({ depot, reading, publish }) => {
      const reader = new Reader();
      reading.subscribe(reader.subscription(), reader.handle);
      for (let round = 1; round <= 3; round++) {
        const stop = publish();
        await depot.fill(5);
        await until(() => reader.events.length === round * 5);
        await stop();
      }
      assert.deepEqual(reader.numbers, upTo(15));
    }),
  );
  test(
    'a subscriber that is ended and started again and again misses nothing [arch:4]',
    withDepot(async ({ depot, reading, publish }) => {
      publish();
      const reader = new Reader();
      for (let round = 0; round < 6; round++) {
        const running = reading.subscribe(reader.subscription(), reader.handle);
        await depot.fill(5, 7);
        await until(() => reader.events.length > round * 30);
        await running.stop();
        await depot.fill(1);
      }
      reading.subscribe(reader.subscription(), reader.handle);
      await until(() => reader.events.length === 216);
      assert.deepEqual(reader.numbers, upTo(216));
    }),
  );
  test(
    'a handler that fails gets its events again, and one at a time is called [arch:4]',
    withDepot(async ({ depot, reading, publish }) => {
      publish();
      const reader = new Reader();
      reader.failing = 3;
      let [running, most] = [0, 0];
      reading.subscribe(reader.subscription(), async (batch: EventBatch) => {
        most = Math.max(most, ++running);
        await reader.handle(batch).finally(() => running--);
      });
      for (let n = 0; n < 10; n++) await depot.fill(2);
      await until(() => reader.events.length === 20);
      assert.deepEqual([reader.numbers, most, reader.resets], [upTo(20), 1, 0]);
    }),
  );
  test(
    'events that were handled but not noted come again, and nothing else does [arch:4]',
    withDepot(async ({ depot, reading, publish }) => {
      publish();
      await depot.fill(20);
      const reader = new Reader();
      const first = reading.subscribe(reader.subscription(), reader.handle);
      await until(() => reader.events.length === 20);
      await first.stop();
      reader.at = { ...reader.at!, position: 12 };
      reading.subscribe(reader.subscription(), reader.handle);
      await depot.fill(1);
      await until(() => reader.numbers.at(-1) === 21);
      assert.deepEqual(reader.numbers, [...upTo(20), 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    }),
  );
  test(
    'of several instances of one consumer in a process one at a time is served, and the next takes over [arch:4]',
    withDepot(async ({ depot, reading, publish }) => {
      publish();
      const reader = new Reader();
      const got = [0, 0];
      const instances = got.map((_, n) =>
        reading.subscribe(reader.subscription(), (batch) => ((got[n]! += batch.events.length), reader.handle(batch))),
      );
      await depot.fill(3);
      await until(() => reader.events.length === 3);
      await instances[0]!.stop();
      await depot.fill(2);
      await until(() => reader.events.length === 5);
      assert.deepEqual([got, reader.numbers], [[3, 2], upTo(5)]);
    }),
  );
}

function wanted(withDepot: WithDepot): void {
  test(
    'subscriptions to parts of the 64 partitions share all events among them, each in order [arch:4]',
    withDepot(async ({ depot, reading, publish }) => {
      publish();
      await depot.fill(2, 60);
      const parts = [[0], upTo(20), [...upTo(42).slice(20)], upTo(63).slice(42)];
      const readers = parts.map((partitions, n) => {
        const reader = new Reader();
        reading.subscribe({ ...reader.subscription(`part-${n}`), partitions }, reader.handle);
        return reader;
      });
      await depot.fill(2, 60);
      await until(() => readers.reduce((sum, { events }) => sum + events.length, 0) === 240);
      for (const [n, reader] of readers.entries()) {
        assert.ok(reader.events.every(({ partition }) => parts[n]!.includes(partition)));
        assert.deepEqual(
          reader.numbers,
          reader.numbers.toSorted((a, b) => a - b),
        );
      }
      const all = readers.flatMap(({ numbers }) => numbers);
      assert.deepEqual(
        all.sort((a, b) => a - b),
        upTo(240),
      );
    }),
  );
  test(
    'the position moves past events of types that are not wanted, without a call for each [arch:4]',
    withDepot(async ({ depot, reading, publish }) => {
      publish();
      const reader = new Reader();
      const running = reading.subscribe({ ...reader.subscription(), types: ['depot.box-filled.v1'] }, reader.handle);
      await depot.fill(3);
      await depot.add(40, 'BoxEmptied');
      await until(() => running.status()[0]!.position === 43);
      assert.deepEqual(reader.numbers, upTo(3));
      await depot.fill(1);
      await until(() => reader.events.length === 4);
      assert.equal(reader.at!.position, 44);
    }),
  );
  test(
    'events that publish nothing leave no gap',
    withDepot(async ({ depot, reading, publish }) => {
      publish();
      const reader = new Reader();
      reading.subscribe(reader.subscription(), reader.handle);
      await depot.fill(1);
      await depot.add(700, 'BoxTouched');
      await depot.fill(2);
      await until(() => reader.events.length === 3);
      assert.deepEqual(reader.numbers, [1, 702, 703]);
    }),
  );
}

function beginning(withDepot: WithDepot): void {
  test(
    'a subscriber is told that it has caught up, after the last event, and also where there is none [arch:4]',
    withDepot(async ({ depot, reading, publish }) => {
      publish();
      const empty = new Reader();
      await new Promise<void>((resolve) => reading.subscribe({ ...empty.subscription('empty'), caughtUp: () => resolve() }, empty.handle));
      await depot.fill(50, 40);
      const reader = new Reader();
      const seen = await new Promise<number>((resolve) =>
        reading.subscribe({ ...reader.subscription(), caughtUp: () => resolve(reader.events.length) }, reader.handle),
      );
      assert.equal(seen, 2_000);
    }),
  );
  for (const [what, change] of [
    ['another epoch', { epoch: 'old' }],
    ['another mapping version', { mappingVersion: 7 }],
  ] as const) {
    test(
      `a subscriber whose checkpoint has ${what} is reset once and gets everything again [arch:4]`,
      withDepot(async ({ depot, reading, publish }) => {
        publish();
        await depot.fill(3);
        const reader = new Reader();
        reader.at = { epoch: depot.publisher.epoch, mappingVersion: 1, position: 2, ...change };
        reading.subscribe(reader.subscription(), reader.handle);
        await until(() => reader.events.length === 3);
        assert.deepEqual([reader.resets, reader.numbers], [1, upTo(3)]);
      }),
    );
  }
  test(
    'a restart drops what is on its way and begins again at the checkpoint',
    withDepot(async ({ depot, reading, publish }) => {
      publish();
      await depot.fill(10);
      const reader = new Reader();
      const running = reading.subscribe(reader.subscription(), reader.handle);
      await until(() => reader.events.length === 10);
      reader.at = undefined;
      running.restart('depot');
      await until(() => reader.events.length === 20);
      assert.deepEqual(reader.numbers, [...upTo(10), ...upTo(10)]);
    }),
  );
}
