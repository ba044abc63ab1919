import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type EventStore, type EventToStore, openSqliteEventStore, StoreUnavailableError } from '@ateneo/event-sourcing';
import { eventStoreConformance } from '../../event-sourcing/conformance/event-store.conformance.js';
import { type Bus } from '../src/bus.js';
import { createMemoryBus } from '../src/memory/memory-bus.js';
import { openRemoteEventStore, type RemoteEventStoreOptions, serveEventStore } from '../src/remote-event-store.js';

type Place = { readonly bus: Bus; readonly held: EventStore; hold(): void; release(): void; remove(): Promise<void> };

/** An instance that holds the store of a service, on a bus. */
async function place(bus: Bus = createMemoryBus()): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'ateneo-store-'));
  const held = await openSqliteEventStore({ file: join(folder, 'sample.events.sqlite'), hashKey: randomBytes(32), now: Date.now });
  let release = serveEventStore(bus, 'sample', held);
  return {
    bus,
    held,
    hold: () => void (release = serveEventStore(bus, 'sample', held)),
    release: () => release(),
    async remove() {
      release();
      await held.close();
      await bus.close();
      await rm(folder, { recursive: true });
    },
  };
}

eventStoreConformance('lent over the bus', async () => {
  const { bus, remove } = await place();
  return { open: (options) => openRemoteEventStore(bus, 'sample', options), remove };
});

const event = (data: object = {}): EventToStore => ({
  id: randomUUID(),
  type: 'SampleTaken',
  version: 1,
  data,
  metadata: { actor: { id: 'system:sample/test', kind: 'system' }, scope: {}, correlationId: randomUUID() },
});
const stream = (): string => `sample-${randomUUID()}`;

const lent = (work: (store: EventStore, place: Place) => Promise<void>, options?: RemoteEventStoreOptions) => async () => {
  const there = await place();
  const store = await openRemoteEventStore(there.bus, 'sample', options);
  try {
    await work(store, there);
  } finally {
    await store.close();
    await there.remove();
  }
};

describe('the event store of another instance', () => {
  test(
    'what exceeds a message travels in pages, by stream and by position [arch:4]',
    lent(async (store) => {
      const long = stream();
      const text = 'è'.repeat(60_000);
      for (let n = 0; n < 12; n += 1)
        assert.ok((await store.append({ stream: long, expectedRevision: n - 1, events: [event({ text, n })] })).ok);
      const read = await store.readStream(long);
      assert.deepEqual(
        read.map((one) => (one.data as { n: number }).n),
        Array.from({ length: 12 }, (_, n) => n),
      );
      assert.deepEqual(await store.readAfter(0, 100), read);
      assert.deepEqual(await store.readAfter(read[2]!.position, 5), read.slice(3, 8));
      const many = Array.from({ length: 9 }, () => ({ stream: stream(), expectedRevision: -1, events: [event({ text })] }));
      assert.ok((await store.appendMany(many)).every((one) => one.ok));
    }),
  );

  test(
    'more events than one page are read as many as were asked for',
    lent(async (store) => {
      const items = Array.from({ length: 2_300 }, () => ({ stream: stream(), expectedRevision: -1, events: [event()] }));
      await store.appendMany(items);
      assert.equal((await store.readAfter(0, 2_250)).length, 2_250);
      assert.equal((await store.readAfter(0, 9_000)).length, 2_300);
    }),
  );

  test(
    'commits of the holder and of every instance are told, also where a broadcast was lost [arch:4]',
    lent(
      async (store, { bus, held }) => {
        const other = await openRemoteEventStore(bus, 'sample', { pollMs: 20 });
        const heads: number[] = [];
        other.onCommit((head) => heads.push(head));
        for (const writer of [store, held]) {
          const result = await writer.append({ stream: stream(), expectedRevision: -1, events: [event()] });
          assert.ok(result.ok);
          for (let turn = 0; turn < 100 && heads.at(-1) !== result.position; turn += 1)
            await new Promise((resolve) => setTimeout(resolve, 5));
          assert.equal(heads.at(-1), result.position);
        }
        assert.deepEqual(heads, [1, 2]);
        await other.close();
      },
      { pollMs: 20 },
    ),
  );

  test(
    'where nobody holds it every question is refused at once, and answered when somebody does again [issue:4]',
    lent(async (store, { hold, release, bus }) => {
      release();
      const item = { stream: stream(), expectedRevision: -1, events: [event()] };
      const refusal = { name: 'StoreUnavailableError', message: 'Nobody holds the event store of sample.' };
      await assert.rejects(store.append(item), refusal);
      await assert.rejects(store.readStream(item.stream), refusal);
      await assert.rejects(store.head(), refusal);
      await assert.rejects(openRemoteEventStore(bus, 'sample', { findHolderMs: 200 }), refusal);
      hold();
      assert.ok((await store.append(item)).ok);
    }),
  );

  test('a store is waited for at its opening [issue:4]', async () => {
    const there = await place();
    there.release();
    const opening = openRemoteEventStore(there.bus, 'sample', { findHolderMs: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    there.hold();
    const store = await opening;
    assert.equal(store.epoch, there.held.epoch);
    await store.close();
    await there.remove();
  });

  test('an append whose answer was lost is told as a repeat when it is sent again [arch:4]', async () => {
    const there = await place();
    let lost = 1;
    const lossy: Bus = Object.assign(Object.create(there.bus) as Bus, {
      request: async (subject: string, message: unknown, options?: { timeoutMs?: number }) => {
        const answer = await there.bus.request(subject, message, options);
        if (subject.endsWith('.append') && lost-- > 0) await there.bus.request('store.nobody.append', {}, options);
        return answer;
      },
      onBroadcast: there.bus.onBroadcast.bind(there.bus),
    });
    const store = await openRemoteEventStore(lossy, 'sample');
    const item = { stream: stream(), expectedRevision: -1, events: [event()] };
    await assert.rejects(store.append(item), StoreUnavailableError);
    const again = await store.append(item);
    assert.ok(again.ok && again.repeated);
    assert.equal((await store.readStream(item.stream)).length, 1);
    await store.close();
    await there.remove();
  });
});
