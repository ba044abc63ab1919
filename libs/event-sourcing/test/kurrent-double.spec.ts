import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, mock, test } from 'node:test';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { eventStoreConformance, sampleEvent, sampleStream } from '../conformance/event-store.conformance.js';
import { StoreBusyError, StoreUnavailableError } from '../src/event-store.js';
import { openKurrentEventStore } from '../src/kurrent/kurrent-event-store.js';
import { KurrentDouble } from './kurrent-client.js';

const hashKey = randomBytes(32);
const open = (service: string, options: { queueLimit?: number; timeoutMs?: number } = {}) =>
  openKurrentEventStore({ url: 'kurrentdb://nowhere', service, hashKey, now: Date.now, ...options });
const append = (store: Awaited<ReturnType<typeof open>>, events = 1) =>
  store.append({ stream: sampleStream(), expectedRevision: -1, events: Array.from({ length: events }, () => sampleEvent()) });

eventStoreConformance('KurrentDB, on a double of its client', async () => {
  const [service, double] = [`sample-${randomUUID()}`, new KurrentDouble()];
  mock.method(KurrentDBClient, 'connectionString', () => double as unknown as KurrentDBClient);
  return { open: (options) => open(service, options), remove: async () => mock.restoreAll() };
});

describe('KurrentDB, on a double of its client', () => {
  test('an event is read at its byte of the log, and none between two or of another service [rev:arch-9]', async (t) => {
    KurrentDouble.in(t);
    const [store, other] = [await open('sample'), await open('other')];
    await append(store, 2);
    const stranger = await append(other);
    await append(store);
    const all = await store.readAfter(0, 10);
    const [first, second] = all;
    assert.ok(second!.position - first!.position > 100 && stranger.ok);
    assert.deepEqual(await Promise.all(all.map(({ position }) => store.readAt(position))), all);
    assert.equal(await store.readAt(stranger.position), undefined);
    assert.equal(await store.countAfter(first!.position, 10), 2);
    await Promise.all([store.close(), other.close()]);
  });

  test('an append that timed out keeps its place in the queue until it has truly ended [rev:arch-14]', async (t) => {
    const double = KurrentDouble.in(t);
    const store = await open('sample', { queueLimit: 3, timeoutMs: 50 });
    let go = () => {};
    double.holding = new Promise((resolve) => (go = resolve));
    await assert.rejects(append(store, 2), StoreUnavailableError);
    await assert.rejects(append(store, 2), StoreBusyError);
    go();
    double.holding = undefined;
    for (let n = 0; (await store.readAfter(0, 10)).length < 2 && n < 500; n++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await append(store, 3)).ok, true);
    assert.equal((await store.readAfter(0, 10)).length, 5);
    await store.close();
  });
});
