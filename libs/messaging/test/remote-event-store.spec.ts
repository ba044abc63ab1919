import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type EventStore, StoreUnavailableError } from '@ateneo/event-sourcing';
import { eventStoreConformance } from '../../event-sourcing/conformance/event-store.conformance.js';
import type { Bus } from '../src/bus.js';
import { createMemoryBus } from '../src/memory/memory-bus.js';
import { openRemoteEventStore, type RemoteEventStoreOptions } from '../src/remote-event-store.js';
import { event, holder, type Holder, store as storeIn, stream } from './lent-store.js';

eventStoreConformance('lent over the memory bus', async () => {
  const bus = createMemoryBus();
  const { service, remove } = await holder(bus);
  return { open: (options) => openRemoteEventStore(bus, service, options), remove: () => remove().then(() => bus.close()) };
});

const lent =
  (work: (store: EventStore, there: Holder & { readonly bus: Bus }) => Promise<void>, options?: RemoteEventStoreOptions) => async () => {
    const bus = createMemoryBus();
    const there = await holder(bus);
    const store = await openRemoteEventStore(bus, 'sample', options);
    try {
      await work(store, { ...there, bus });
    } finally {
      await store.close();
      await there.remove();
      await bus.close();
    }
  };

async function until(check: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !check(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(check());
}

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
      await store.appendMany(Array.from({ length: 2_300 }, () => ({ stream: stream(), expectedRevision: -1, events: [event()] })));
      assert.equal((await store.readAfter(0, 2_250)).length, 2_250);
      assert.equal((await store.readAfter(0, 9_000)).length, 2_300);
    }),
  );

  test(
    'commits of the holder and of every instance are told [arch:4]',
    lent(async (store, { bus, held }) => {
      const other = await openRemoteEventStore(bus, 'sample', { pollMs: 60_000 });
      const heads: number[] = [];
      other.onCommit((head) => heads.push(head));
      for (const writer of [store, held]) {
        const position = await storeIn(writer);
        await until(() => heads.at(-1) === position);
      }
      assert.deepEqual(heads, [1, 2]);
      await other.close();
    }),
  );

  test('a commit whose broadcast was lost is noticed all the same [arch:4]', async () => {
    const bus = createMemoryBus();
    const there = await holder(bus);
    const deaf: Bus = Object.assign(Object.create(bus) as Bus, { request: bus.request.bind(bus), onBroadcast: () => () => undefined });
    const store = await openRemoteEventStore(deaf, 'sample', { pollMs: 20 });
    const heads: number[] = [];
    store.onCommit((head) => heads.push(head));
    const position = await storeIn(there.held);
    await until(() => heads.at(-1) === position);
    await store.close();
    await there.remove();
  });

  test(
    'a holder that comes back restored is told by its epoch [arch:4]',
    lent(async (store, there) => {
      const position = await storeIn(store);
      const before = store.epoch;
      there.withhold();
      const restored = await holder(there.bus);
      const heads: number[] = [];
      store.onCommit((head) => heads.push(head));
      assert.equal(await store.head(), 0);
      assert.deepEqual(await store.readAfter(0, 10), []);
      assert.notEqual(store.epoch, before);
      assert.equal(store.epoch, restored.held.epoch);
      assert.deepEqual([position, heads], [1, [0]]);
      await restored.remove();
    }),
  );

  test(
    'where nobody holds it every question is refused at once, and answered when somebody does again [issue:4]',
    lent(async (store, { lend, withhold, bus }) => {
      withhold();
      const item = { stream: stream(), expectedRevision: -1, events: [event()] };
      const refusal = { name: 'StoreUnavailableError', message: 'Nobody holds the event store of sample.' };
      await assert.rejects(store.append(item), refusal);
      await assert.rejects(store.readStream(item.stream), refusal);
      await assert.rejects(store.head(), refusal);
      await assert.rejects(openRemoteEventStore(bus, 'sample', { findHolderMs: 200 }), refusal);
      lend();
      assert.ok((await store.append(item)).ok);
    }),
  );

  test('a store is waited for at its opening [issue:4]', async () => {
    const bus = createMemoryBus();
    const there = await holder(bus);
    there.withhold();
    const opening = openRemoteEventStore(bus, 'sample', { findHolderMs: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    there.lend();
    const store = await opening;
    assert.equal(store.epoch, there.held.epoch);
    await store.close();
    await there.remove();
  });

  test('an append whose answer was lost is told as a repeat when it is sent again [arch:4]', async () => {
    const bus = createMemoryBus();
    const there = await holder(bus);
    let lost = 1;
    const lossy: Bus = Object.assign(Object.create(bus) as Bus, {
      request: async (subject: string, message: unknown, options?: { timeoutMs?: number }) => {
        const answer = await bus.request(subject, message, options);
        return subject.endsWith('.append') && lost-- > 0 ? bus.request('store.nobody.append', {}, options) : answer;
      },
      onBroadcast: bus.onBroadcast.bind(bus),
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
