import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Bus,
  ConnectionLostError,
  MAX_MESSAGE_BYTES,
  MessageTooLargeError,
  NoResponderError,
  RemoteError,
  TimeoutError,
} from '../src/bus.js';

/** A server of the adapter's own, where it has one. */
export type BusServer = {
  /** A bus on it, as another instance would have. */
  open(): Promise<Bus>;
  /** Ends at once and comes back at the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** Every bus adapter passes it; `open` answers a bus that is alone on its server, `server` a server of its own or why there is none. */
export function busConformance(
  adapter: string,
  open: () => Promise<Bus>,
  server: (() => Promise<BusServer>) | { readonly none: string },
): void {
  const withBus = (body: (bus: Bus) => Promise<void>) => async () => {
    const bus = await open();
    try {
      await body(bus);
    } finally {
      await bus.close();
    }
  };
  describe(`bus: ${adapter}`, () => {
    describe('request and reply', () => requests(withBus));
    describe('queues', () => queues(withBus));
    describe('broadcast', () => broadcasts(withBus));
    describe('instances on a server', { skip: typeof server === 'function' ? false : server.none }, () => {
      if (typeof server === 'function') instances(server);
    });
  });
}

type WithBus = (body: (bus: Bus) => Promise<void>) => () => Promise<void>;
const soon = () => new Promise((resolve) => setTimeout(resolve, 30));

function requests(withBus: WithBus): void {
  test(
    'messages are serialised: no shared objects, undefined dropped, dates as text [arch:4]',
    withBus(async (bus) => {
      const seen: unknown[] = [];
      const reply = { nested: { at: new Date(0) }, gone: undefined };
      bus.serve('rpc.echo', 'echo', (message) => (seen.push(message), reply));
      const sent = { list: [1], gone: undefined };
      const received = await bus.request('rpc.echo', sent);
      assert.deepEqual(seen, [{ list: [1] }]);
      assert.notEqual((seen[0] as typeof sent).list, sent.list);
      assert.deepEqual(received, { nested: { at: '1970-01-01T00:00:00.000Z' } });
      assert.equal('gone' in (received as object), false);
    }),
  );
  test(
    'a message of 512 KiB passes, one byte more is refused, as request and as reply [arch:4]',
    withBus(async (bus) => {
      bus.serve('rpc.length', 'q', (message) => (message as string).length);
      bus.serve('rpc.long', 'q', (length) => 'x'.repeat(length as number));
      const most = MAX_MESSAGE_BYTES - 2;
      assert.equal(await bus.request('rpc.length', 'x'.repeat(most)), most);
      await assert.rejects(bus.request('rpc.length', 'x'.repeat(most + 1)), MessageTooLargeError);
      await assert.rejects(bus.request('rpc.length', 'è'.repeat(most / 2 + 1)), MessageTooLargeError);
      assert.equal(((await bus.request('rpc.long', most)) as string).length, most);
      await assert.rejects(bus.request('rpc.long', most + 1), (error: RemoteError) => error.remoteName === 'MessageTooLargeError');
    }),
  );
  test(
    'a reply that does not come is a time-out, and a late reply changes nothing [arch:4]',
    withBus(async (bus) => {
      bus.serve('rpc.slow', 'q', () => new Promise((resolve) => setTimeout(resolve, 120, 'late')));
      await assert.rejects(bus.request('rpc.slow', 1, { timeoutMs: 30 }), TimeoutError);
      assert.equal(await bus.request('rpc.slow', 1, { timeoutMs: 5_000 }), 'late');
    }),
  );
  test(
    'a subject that nobody serves is told at once, also after the last one stopped [arch:4]',
    withBus(async (bus) => {
      await assert.rejects(bus.request('rpc.none', 1), NoResponderError);
      const stop = bus.serve('rpc.none', 'q', () => 1);
      assert.equal(await bus.request('rpc.none', 1), 1);
      stop();
      stop();
      await soon();
      await assert.rejects(bus.request('rpc.none', 1), NoResponderError);
    }),
  );
  test(
    'an error of the handler travels as a typed error with its name and code',
    withBus(async (bus) => {
      bus.serve('rpc.fail', 'q', () => {
        throw Object.assign(new RangeError('no such day'), { code: 'bad-day', details: { day: 31 } });
      });
      await assert.rejects(bus.request('rpc.fail', 1), (error: RemoteError) => {
        assert.ok(error instanceof RemoteError);
        assert.deepEqual(
          [error.remoteName, error.message, error.code, error.details],
          ['RangeError', 'no such day', 'bad-day', { day: 31 }],
        );
        return true;
      });
    }),
  );
}

function queues(withBus: WithBus): void {
  test(
    'of those in one queue exactly one gets each request, and all get some [arch:4]',
    withBus(async (bus) => {
      const got = [0, 0];
      bus.serve('rpc.work', 'workers', () => void got[0]!++);
      bus.serve('rpc.work', 'workers', () => void got[1]!++);
      await Promise.all(Array.from({ length: 100 }, () => bus.request('rpc.work', 1)));
      assert.equal(got[0]! + got[1]!, 100);
      assert.ok(got[0]! > 0 && got[1]! > 0);
    }),
  );
  test(
    'of two queues on one subject each gets the request and the first reply wins',
    withBus(async (bus) => {
      const got: string[] = [];
      bus.serve('rpc.both', 'one', () => (got.push('one'), 'reply'));
      bus.serve('rpc.both', 'two', async () => (got.push('two'), await soon(), 'too late'));
      assert.equal(await bus.request('rpc.both', 1), 'reply');
      await soon();
      assert.deepEqual(got.sort(), ['one', 'two']);
    }),
  );
}

function broadcasts(withBus: WithBus): void {
  test(
    'a broadcast reaches every listener, each with a copy of its own, and never one that stopped [arch:4]',
    withBus(async (bus) => {
      const heard: { n: number }[] = [];
      const listen = (message: unknown) => void ((message as { n: number }).n++, heard.push(message as { n: number }));
      bus.onBroadcast('changed.x', listen);
      bus.onBroadcast('changed.*', listen);
      const stop = bus.onBroadcast('changed.>', listen);
      bus.onBroadcast('other', listen);
      await soon();
      bus.broadcast('changed.x', { n: 1 });
      await soon();
      assert.deepEqual(heard, [{ n: 2 }, { n: 2 }, { n: 2 }]);
      stop();
      await soon();
      bus.broadcast('changed.x', { n: 1 });
      await soon();
      assert.equal(heard.length, 5);
    }),
  );
  test(
    'a broadcast that nobody hears is lost, and one over 512 KiB is refused [arch:4]',
    withBus(async (bus) => {
      bus.broadcast('changed.y', 1);
      assert.throws(() => bus.broadcast('changed.y', 'x'.repeat(MAX_MESSAGE_BYTES)), MessageTooLargeError);
      const heard: unknown[] = [];
      bus.onBroadcast('changed.y', (message) => void heard.push(message));
      await soon();
      assert.deepEqual(heard, []);
    }),
  );
}

function instances(server: () => Promise<BusServer>): void {
  const withTwo = (body: (one: Bus, other: Bus, running: BusServer) => Promise<void>) => async () => {
    const running = await server();
    const [one, other] = [await running.open(), await running.open()];
    try {
      await body(one, other, running);
    } finally {
      await one.close();
      await other.close();
      await running.stop();
    }
  };
  test(
    'a broadcast reaches every instance, the one that sends it too [arch:4]',
    withTwo(async (one, other) => {
      const heard: string[] = [];
      one.onBroadcast('changed.>', () => void heard.push('one'));
      other.onBroadcast('changed.*', () => void heard.push('other'));
      await soon();
      one.broadcast('changed.x', 1);
      await soon();
      assert.deepEqual(heard.sort(), ['one', 'other']);
    }),
  );
  test(
    'an instance that ends hands over: of 400 requests meanwhile none is lost and none is carried out twice [arch:4]',
    withTwo(async (one, other, running) => {
      const leaving = await running.open();
      let [begun, carriedOut] = [0, 0];
      other.serve('rpc.work', 'workers', (n) => (carriedOut++, n));
      leaving.serve('rpc.work', 'workers', async (n) => (begun++, await soon(), carriedOut++, n));
      await soon();
      const replies = Array.from({ length: 400 }, (_, n) => one.request('rpc.work', n));
      for (let n = 0; n < 100 && begun === 0; n++) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.ok(begun > 0);
      await leaving.close();
      assert.deepEqual(
        await Promise.all(replies),
        replies.map((_, n) => n),
      );
      assert.equal(carriedOut, 400);
    }),
  );
  test(
    'a server that restarts: requests meanwhile end within their time-out, and everything goes on by itself [arch:4]',
    withTwo(async (one, other, running) => {
      const heard: unknown[] = [];
      other.serve('rpc.echo', 'q', (message) => message);
      other.onBroadcast('changed.x', (message) => void heard.push(message));
      assert.equal(await again(() => one.request('rpc.echo', 1)), 1);
      const meanwhile = (async () => {
        for (let n = 0; n < 20; n++) {
          await one.request('rpc.echo', n, { timeoutMs: 200 }).catch((error: Error) => {
            const told = [TimeoutError, ConnectionLostError, NoResponderError].some((one) => error instanceof one);
            assert.ok(told, error.message);
          });
          await soon();
        }
      })();
      let answer = (_reply: unknown) => {};
      other.serve('rpc.slow', 'q', () => new Promise((resolve) => (answer = resolve)));
      await soon();
      const asked = assert.rejects(one.request('rpc.slow', 1, { timeoutMs: 60_000 }), ConnectionLostError);
      await running.restart();
      await asked;
      answer('too late');
      await meanwhile;
      assert.equal(await again(() => one.request('rpc.echo', 'back', { timeoutMs: 500 })), 'back');
      one.broadcast('changed.x', 'back');
      await again(async () => assert.deepEqual(heard, ['back']));
    }),
  );
}

/** Until it passes, at most 10 s. */
async function again<T>(body: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + 10_000; ;) {
    try {
      return await body();
    } catch (error) {
      if (Date.now() > until) throw error;
      await soon();
    }
  }
}
