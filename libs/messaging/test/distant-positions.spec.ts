import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { EventStore } from '@ateneo/event-sourcing';
import { natsMissing } from '../../workspace/src/nats.mjs';
import { distantStore } from '../../event-sourcing/conformance/distant-store.js';
import { Depot, type Network, until } from '../conformance/depot.js';
import { createMemoryBus, createMemoryEventBus, type Page, serveReplay } from '../src/index.js';
import { StreamSource } from '../src/nats/stream-source.js';
import { joinOn, type NatsMember, networkOn, type RunningServer, runServer } from './nats-server.js';

const FILLED = 'depot.box-filled.v1';

/** What one sees of the pages of a depot, whatever its positions are. */
const sizes = ({ events, passed, waiting }: Page) => ({ events: events.length, passed, waiting });

async function inDepot<T>(as: ((store: EventStore) => EventStore) | undefined, body: (depot: Depot) => Promise<T>): Promise<T> {
  const depot = await Depot.open(1, as);
  try {
    return await body(depot);
  } finally {
    await depot.close();
  }
}

describe('positions thousands apart, as those of KurrentDB, in a publisher', () => {
  test('pages hold as much, pass as much and say as much is left as where positions follow one another [rev:arch-10]', async () => {
    const pages = async (depot: Depot) => {
      await depot.publisher.page(0);
      await depot.fill(40);
      const seen: object[] = [];
      for (const publisher of [depot.publisher, depot.another()])
        for (const request of [{}, { limitBytes: 1 }, { types: ['depot.none.v1'] }, { limitBytes: 1, types: [FILLED] }])
          for (let [at, more] = [0, true]; more;) {
            const page = await publisher.page(at, request);
            seen.push(sizes(page));
            [at, more] = [page.next, page.waiting > 0];
          }
      return seen;
    };
    const near = await inDepot(undefined, pages);
    assert.equal(near.length, 2 * 82);
    assert.deepEqual(await inDepot(distantStore, pages), near);
  });

  test('those that follow live share what was read once, however far apart the positions are [rev:arch-10]', () =>
    inDepot(distantStore, async (depot) => {
      const { publisher, store } = depot;
      await depot.fill(1);
      const from = (await publisher.page(0)).next;
      const before = readFrom(store);
      for (let n = 0; n < 10; n++) await depot.fill(3);
      for (let n = 0; n < 5; n++) assert.equal((await publisher.page(from)).events.length, 30);
      assert.equal(readFrom(store) - before, 30);
    }));

  test('who missed more than is worth reading for all reads the store alone, and nothing is lost [rev:arch-10]', () =>
    inDepot(distantStore, async (depot) => {
      await depot.publisher.page(0);
      await depot.fill(500, 13);
      const numbers: number[] = [];
      for (let [at, more] = [0, true]; more;) {
        const page = await depot.publisher.page(at);
        numbers.push(...page.events.map(({ position }) => position));
        [at, more] = [page.next, page.waiting > 0];
      }
      assert.deepEqual(
        numbers,
        (await depot.store.readAfter(0, 10_000)).map(({ position }) => position),
      );
    }));

  test('a consumer is behind by the events that wait for it, and at the end by none [rev:arch-10]', () =>
    inDepot(distantStore, async (depot) => {
      const bus = createMemoryEventBus();
      bus.register(depot.publisher);
      await depot.fill(40);
      const pages: Page[] = [];
      let [go, caughtUp] = [() => {}, 0];
      const held = new Promise<void>((resolve) => (go = resolve));
      const running = bus.subscribe(
        { consumer: 'c', services: ['depot'], from: () => undefined, onReset: async () => undefined, caughtUp: () => caughtUp++ },
        async (page) => {
          pages.push(page);
          if (pages.length === 1) await held;
        },
      );
      await until(() => pages.length === 1);
      assert.deepEqual([pages[0]!.events.length, running.status()[0]!.waiting, caughtUp], [40, 0, 0]);
      go();
      await until(() => caughtUp === 1);
      assert.equal(running.status()[0]!.waiting, 0);
      await bus.close();
    }));
});

const readFrom = (store: EventStore): number => (store as ReturnType<typeof distantStore>).read;

describe('positions thousands apart on JetStream', { skip: natsMissing() ?? false }, () => {
  let server: RunningServer;
  before(async () => (server = await runServer()));
  after(() => server.stop());

  const withDepot = (body: (depot: Depot, join: (name: string) => Promise<NatsMember>, network: Network) => Promise<void>) => async () => {
    const network = await networkOn(server);
    const members: NatsMember[] = [];
    const join = async (name: string) => (members.push(await joinOn(server, name)), members.at(-1)!);
    try {
      await inDepot(distantStore, (depot) => body(depot, join, network));
    } finally {
      for (const member of members) await member.close();
      await network.close();
    }
  };
  const sourceFor = ({ link }: NatsMember, bus: NatsMember['bus'], partitions?: number[]) =>
    new StreamSource({ link, bus, service: 'depot', types: undefined, partitions });

  test(
    'a relay is behind by the events that it has not published [rev:arch-10]',
    withDepot(async (depot, join) => {
      const own = await runServer();
      const relaying = await joinOn(own, 'depot');
      relaying.eventBus.register(depot.publisher);
      await depot.fill(10);
      const lag = async () => (await relaying.eventBus.publisherLag())[0]!;
      await until(async () => (await lag()).lag === 0 && (await lag()).reason === undefined);
      await own.stop();
      await until(() => !relaying.link.isConnected);
      await depot.fill(5);
      await until(async () => /lost/.test((await lag()).reason ?? ''));
      assert.equal((await lag()).lag, 5);
      await relaying.close();
      await join('depot');
    }),
  );

  test(
    'a part of a service that has hardly published anything is replayed at once, before there is a stream [rev:arch-10]',
    withDepot(async (depot, join) => {
      const reader = await join('reader');
      const bus = createMemoryBus();
      serveReplay(bus, depot.publisher);
      await depot.fill(4);
      const { partition } = (await depot.everything())[0]!;
      const source = sourceFor(reader, bus, [partition]);
      await source.open();
      const page = await source.read(0);
      source.end();
      assert.deepEqual([page.events.length, page.waiting], [4, 0]);
      await bus.close();
    }),
  );

  test(
    'the head that a page of a stream tells is a place of the store, and what waits is counted in events [rev:arch-10]',
    withDepot(async (depot, join) => {
      const [relaying, reader] = [await join('depot'), await join('reader')];
      relaying.eventBus.register(depot.publisher);
      await depot.fill(1_100);
      const source = sourceFor(reader, reader.bus);
      await until(async () => {
        const lag = (await relaying.eventBus.publisherLag())[0]!;
        return lag.lag === 0 && lag.reason === undefined;
      });
      await source.open();
      let [at, more, seen] = [0, true, 0];
      const head = await depot.store.head();
      while (more) {
        const page = await source.read(at);
        seen += page.events.length;
        assert.deepEqual([page.head, page.waiting], [head, 1_100 - seen]);
        [at, more] = [page.next, page.waiting > 0];
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(at, head);
      source.end();
    }),
  );
});
