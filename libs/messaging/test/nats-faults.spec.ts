import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { natsMissing } from '../../workspace/src/nats.mjs';
import { Depot, Reader, until, upTo } from '../conformance/depot.js';
import { type EventBatch, type PublicEvent, serveReplay } from '../src/index.js';
import { EventStream } from '../src/nats/event-stream.js';
import { Relay } from '../src/nats/relay.js';
import { joinOn, type NatsMember, type RunningServer, runServer } from './nats-server.js';

const STREAM = 'events-depot';
type World = { readonly server: RunningServer; readonly depot: Depot; readonly publishing: NatsMember; readonly reading: NatsMember };

const withServer = (body: (world: World) => Promise<void>) => async () => {
  const server = await runServer();
  const depot = await Depot.open();
  const [publishing, reading] = [await joinOn(server, 'depot'), await joinOn(server, 'reader')];
  serveReplay(publishing.bus, depot.publisher);
  try {
    await body({ server, depot, publishing, reading });
  } finally {
    await reading.close();
    await publishing.close();
    await depot.close();
    await server.stop();
  }
};

async function published({ link }: NatsMember, count: number): Promise<void> {
  const { streams } = await jetstreamManager(link.raw);
  await until(async () => (await streams.info(STREAM).catch(() => undefined))?.state.messages === count);
}

/** Hands on only when it is let. */
class HeldReader extends Reader {
  #letGo: () => void = () => undefined;
  readonly #held = new Promise<void>((resolve) => (this.#letGo = resolve));
  readonly slowly = async (batch: EventBatch): Promise<void> => {
    await this.#held;
    await this.handle(batch);
  };
  letGo(): void {
    this.#letGo();
  }
}

describe('the event bus on NATS when something goes wrong', { skip: natsMissing() ?? false }, () => {
  test(
    'a server killed again and again under writers and readers: nothing is lost, nothing is reordered [arch:4]',
    withServer(async ({ server, depot, publishing, reading }) => {
      publishing.eventBus.register(depot.publisher);
      const [all, part] = [new Reader(), new Reader()];
      reading.eventBus.subscribe(all.subscription('all'), all.handle);
      reading.eventBus.subscribe({ ...part.subscription('part'), partitions: upTo(31) }, part.handle);
      let writing = true;
      let written = 0;
      const writer = (async () => {
        for (; writing; written += 5) await depot.fill(5);
      })();
      for (let round = 0; round < 3; round++) {
        const before = all.events.length;
        await until(() => all.events.length > before + 100);
        await server.restart();
      }
      writing = false;
      await writer;
      await until(() => all.events.length >= written);
      const wanted = (await depot.everything()).filter(({ partition }) => upTo(31).includes(partition));
      await until(() => part.events.length >= wanted.length);
      assert.deepEqual([all.numbers, all.resets], [upTo(written), 0]);
      assert.deepEqual(part.events, wanted);
    }),
  );
  test(
    'messages that leave the stream before a slow subscriber of some partitions read them come by replay [arch:4]',
    withServer(async ({ depot, publishing, reading }) => {
      publishing.eventBus.register(depot.publisher);
      await depot.fill(1, 6_000);
      await published(publishing, 6_000);
      const readers = [upTo(31), [0, ...upTo(63).slice(31)], undefined].map((partitions, n) => {
        const reader = new HeldReader();
        reading.eventBus.subscribe({ ...reader.subscription(`part-${n}`), partitions }, reader.slowly);
        return reader;
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      await (await jetstreamManager(reading.link.raw)).streams.purge(STREAM, { seq: 5_500 });
      for (const reader of readers) reader.letGo();
      await until(() => readers.reduce((sum, { events }) => sum + events.length, 0) >= 12_000);
      const numbers = readers.slice(0, 2).flatMap((reader) => reader.numbers);
      assert.deepEqual(
        numbers.sort((a, b) => a - b),
        upTo(6_000),
      );
      assert.deepEqual(readers[2]!.numbers, upTo(6_000));
    }),
  );
  test(
    'a subscriber waits for a service that never was there, without failing',
    withServer(async ({ depot, publishing, reading }) => {
      const other = await Depot.open();
      const reader = new Reader();
      const running = reading.eventBus.subscribe({ ...reader.subscription(), services: ['nowhere', 'depot'] }, reader.handle);
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      publishing.eventBus.register(depot.publisher);
      await depot.fill(3);
      await until(() => reader.events.length === 3);
      assert.deepEqual(
        running.status().map(({ service, failures }) => [service, failures]),
        [
          ['nowhere', 0],
          ['depot', 0],
        ],
      );
      await running.stop();
      await other.close();
    }),
  );
  test(
    'where the stream is still being filled a subscriber reads ahead by replay, and has caught up only when everything came [arch:4]',
    withServer(async ({ depot, publishing, reading }) => {
      await depot.fill(300, 20);
      const stuck = depot.another();
      const mapped = stuck.mapped.bind(stuck);
      stuck.mapped = async (after) => (after === 0 ? mapped(after) : new Promise<never>(() => undefined));
      const relay = new Relay(publishing.link, stuck, {});
      await until(async () => ((await new EventStream(reading.link, 'depot').extent())?.last ?? 0) > 100);
      const reader = new Reader();
      const seen = await new Promise<number>((resolve) =>
        reading.eventBus.subscribe({ ...reader.subscription(), caughtUp: () => resolve(reader.events.length) }, reader.handle),
      );
      assert.equal(seen, 6_000);
      assert.deepEqual(reader.numbers, upTo(6_000));
      void relay.stop();
    }),
  );
  test(
    'a page that stands still while its handler works holds back the server: what waits here is bounded',
    withServer(async ({ depot, publishing, reading }) => {
      publishing.eventBus.register(depot.publisher);
      await depot.fill(500, 20);
      await published(publishing, 10_000);
      const reader = new HeldReader();
      const before = reading.link.raw.stats().inMsgs;
      reading.eventBus.subscribe(reader.subscription(), reader.slowly);
      await new Promise((resolve) => setTimeout(resolve, 600));
      const received = reading.link.raw.stats().inMsgs - before;
      assert.ok(received > 500 && received < 2_200, `${received} of 10000 came`);
      reader.letGo();
      await until(() => reader.events.length === 10_000);
    }),
  );
  test(
    'sixty-four subscriptions of a partition each find their places with few requests',
    withServer(async ({ depot, publishing, reading }) => {
      publishing.eventBus.register(depot.publisher);
      await depot.fill(1, 4_000);
      const everything: PublicEvent[] = await depot.everything();
      await published(publishing, 4_000);
      const before = reading.link.raw.stats().outMsgs;
      const readers = [0, ...upTo(63)].map((partition) => {
        const reader = new Reader();
        reader.at = { epoch: depot.publisher.epoch, mappingVersion: 1, position: 1_777 };
        reading.eventBus.subscribe({ ...reader.subscription(`p${partition}`), partitions: [partition] }, reader.handle);
        return reader;
      });
      await until(() => readers.reduce((sum, { events }) => sum + events.length, 0) === 4_000 - 1_777);
      const requests = (reading.link.raw.stats().outMsgs - before) / 64;
      assert.ok(requests <= 25, `${requests} requests each`);
      assert.deepEqual(
        readers.flatMap(({ numbers }) => numbers).sort((a, b) => a - b),
        everything.slice(1_777).map(({ position }) => position),
      );
    }),
  );
});
