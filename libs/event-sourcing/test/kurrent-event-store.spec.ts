import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { NO_STREAM, START, UnavailableError, WrongExpectedVersionError } from '@kurrent/kurrentdb-client';
import { eventStoreConformance, sampleEvent, sampleStream } from '../conformance/event-store.conformance.js';
import { type AppendItem, StoreUnavailableError } from '../src/event-store.js';
import { asStoreError } from '../src/kurrent/kurrent-errors.js';
import { openKurrentEventStore, renewKurrentEpoch } from '../src/kurrent/kurrent-event-store.js';
import {
  eventsOf,
  expectedState,
  hashOf,
  NO_EVENTS,
  positionFrom,
  positionTo,
  type Recorded,
  storedFrom,
  type StreamEnd,
} from '../src/kurrent/kurrent-events.js';
import { EventHasher } from '../src/sqlite/event-hash.js';

const hashKey = randomBytes(32);
const url = process.env['KURRENTDB_URL'];

if (url) {
  const open = (service: string, options: { queueLimit?: number } = {}) =>
    openKurrentEventStore({ url, service, hashKey, now: Date.now, ...options });

  eventStoreConformance('KurrentDB', async () => {
    const service = `sample-${randomUUID()}`;
    return { open: (options) => open(service, options), remove: async () => undefined };
  });

  describe('KurrentDB', () => {
    test('of several events each has its place, told by the append as by later reads [arch:4]', async () => {
      const store = await open(`sample-${randomUUID()}`);
      const item: AppendItem = { stream: sampleStream(), expectedRevision: -1, events: [sampleEvent(), sampleEvent(), sampleEvent()] };
      const result = await store.append(item);
      assert.ok(result.ok);
      const read = await store.readStream(item.stream);
      assert.deepEqual(
        read.map(({ position }) => position),
        result.positions,
      );
      assert.deepEqual(await store.readAfter(0, 10), read);
      assert.deepEqual(await store.readAfter(read[0]!.position, 10), read.slice(1));
      assert.equal(await store.head(), result.position);
      await store.close();
    });

    test('two that send the same ids at once: one stores, the other is told of a repeat [arch:4]', async () => {
      const service = `sample-${randomUUID()}`;
      const stores = [await open(service), await open(service)] as const;
      const item: AppendItem = { stream: sampleStream(), expectedRevision: -1, events: [sampleEvent()] };
      const results = await Promise.all(stores.map((store) => store.append(item)));
      assert.deepEqual(results.map((one) => one.ok && one.repeated).sort(), [false, true]);
      assert.equal(stores[0].epoch, stores[1].epoch);
      await Promise.all(stores.map((store) => store.close()));
    });

    test('an instance hears what another stores, and neither hears other services [issue:4]', { timeout: 20_000 }, async () => {
      const service = `sample-${randomUUID()}`;
      const [here, there, stranger] = [await open(service), await open(service), await open(`${service}-2`)];
      const heard = new Promise<number>((resolve) => here.onCommit(resolve));
      const append = (store: typeof here) => store.append({ stream: sampleStream(), expectedRevision: -1, events: [sampleEvent()] });
      await append(stranger);
      const result = await append(there);
      assert.ok(result.ok);
      assert.equal(await heard, result.position);
      assert.equal((await here.readAfter(0, 10)).length, 1);
      await Promise.all([here, there, stranger].map((store) => store.close()));
    });

    test('a restored store is given another epoch [arch:4]', async () => {
      const service = `sample-${randomUUID()}`;
      const before = await open(service);
      await before.close();
      await renewKurrentEpoch({ url, service });
      const after = await open(service);
      assert.notEqual(after.epoch, before.epoch);
      await after.close();
    });
  });
} else
  test(
    'the event store conformance suite on KurrentDB',
    { skip: 'KURRENTDB_URL is not set: the server comes as a container image only' },
    () => {},
  );

const hasher = new EventHasher(hashKey);
const AT = Date.parse('2026-11-21T10:00:00.000Z');

/** What a server would say of events that were written, after a way through JSON. */
const recorded = (item: AppendItem, end: StreamEnd, at = AT): Recorded[] =>
  eventsOf(item, end, at, hasher).events.map(({ type, data, metadata }, i) => ({
    streamId: `sample/${item.stream}`,
    revision: BigInt(end.revision + 1 + i),
    type,
    data: JSON.parse(JSON.stringify(data)),
    metadata: JSON.parse(JSON.stringify(metadata)),
    position: { commit: BigInt(1_000 + i), prepare: BigInt(1_000 + i) },
  }));

describe('events as KurrentDB keeps them', () => {
  const stream = sampleStream();
  const item: AppendItem = {
    stream,
    expectedRevision: -1,
    events: [
      sampleEvent({ text: 'perché "no"\n\u{1F600}', nested: { list: [1, null, true], gone: undefined } }),
      sampleEvent({ n: -0.5e-7 }),
    ],
  };

  test('come back as they were stored [arch:4]', () => {
    const read = recorded(item, NO_EVENTS).map((one) => storedFrom('sample', one).event);
    assert.deepEqual(
      read,
      item.events.map((event, i) => ({
        ...(JSON.parse(JSON.stringify(event)) as object),
        metadata: { ...event.metadata, at: '2026-11-21T10:00:00.000Z' },
        stream,
        revision: i,
        position: 1_000 + i,
      })),
    );
  });

  test('chain each hash to the one before, and what was read gives the same hash again [arch:4]', () => {
    const first = recorded(item, NO_EVENTS).map((one) => storedFrom('sample', one));
    const later = recorded({ stream, expectedRevision: 1, events: [sampleEvent()] }, eventsOf(item, NO_EVENTS, AT, hasher).end, AT + 5);
    let previous: Uint8Array | undefined;
    for (const { event, hash } of [...first, ...later.map((one) => storedFrom('sample', one))]) {
      const { at, ...metadata } = event.metadata;
      previous = hashOf(hasher, previous, stream, { ...event, metadata }, Date.parse(at));
      assert.deepEqual(Buffer.from(previous), hash);
    }
    assert.equal(first.length, 2);
  });

  test('have an id of their own on the server at each attempt, so that it takes none for a repeat', () => {
    const ids = [1, 2].flatMap(() => eventsOf(item, NO_EVENTS, AT, hasher).events.map(({ id }) => id));
    assert.equal(new Set([...ids, ...item.events.map(({ id }) => id)]).size, 6);
  });

  test('of another writer in a stream of ours are refused', () => {
    assert.throws(() => storedFrom('sample', { ...recorded(item, NO_EVENTS)[0]!, metadata: undefined }), RangeError);
  });

  test('stand at commit positions up to 2^53, and zero is the start', () => {
    assert.equal(positionFrom({ commit: 9_007_199_254_740_991n, prepare: 0n }), Number.MAX_SAFE_INTEGER);
    assert.throws(() => positionFrom({ commit: 9_007_199_254_740_992n, prepare: 0n }), RangeError);
    assert.throws(() => positionFrom(undefined), RangeError);
    assert.deepEqual(positionTo(77), { commit: 77n, prepare: 77n });
    assert.equal(positionTo(0), START);
    assert.deepEqual([expectedState(-1), expectedState(0), expectedState(41)], [NO_STREAM, 0n, 41n]);
  });
});

describe('a KurrentDB server that is not there', () => {
  const open = (port: number) =>
    openKurrentEventStore({ url: `esdb://127.0.0.1:${port}?tls=false`, service: 'sample', hashKey, now: Date.now, timeoutMs: 1_500 });

  test('is told as unavailable within a bound [issue:4]', { timeout: 20_000 }, async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    await assert.rejects(open(port), StoreUnavailableError);
  });

  test('one that accepts and never answers too [issue:4]', { timeout: 20_000 }, async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    await assert.rejects(open((server.address() as { port: number }).port), StoreUnavailableError);
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  test('errors of the connection are unavailability, answers stay what they are', () => {
    assert.ok(asStoreError(new UnavailableError()) instanceof StoreUnavailableError);
    assert.ok(asStoreError(Object.assign(new Error('14 UNAVAILABLE'), { code: 14 })) instanceof StoreUnavailableError);
    const conflict = new WrongExpectedVersionError(undefined, { streamName: 'a', expected: NO_STREAM, current: 3n });
    const broken = new TypeError('ours');
    assert.deepEqual([asStoreError(conflict), asStoreError(broken)], [conflict, broken]);
  });
});
