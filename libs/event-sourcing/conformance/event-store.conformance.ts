import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { StoreBusyError } from '../src/event-store.js';
import type { AppendItem, AppendResult, EventStore, EventToStore, StoredEvent } from '../src/event-store.js';

/** A place that keeps events; each opening of it is the same store again. */
export type StoreUnderTest = {
  open(options?: { readonly queueLimit?: number }): Promise<EventStore>;
  remove(): Promise<void>;
};

export const sampleEvent = (data: object = {}, id: string = randomUUID()): EventToStore => ({
  id,
  type: 'SampleTaken',
  version: 1,
  data,
  metadata: { actor: { id: 'system:sample/test', kind: 'system' }, scope: {}, correlationId: randomUUID() },
});

export const sampleStream = (): string => `sample-${randomUUID()}`;

const item = (stream: string, expectedRevision: number, ...events: EventToStore[]): AppendItem => ({ stream, expectedRevision, events });
const stored = (results: readonly AppendResult[]): number => results.filter((one) => one.ok && !one.repeated).length;

async function readAll(store: EventStore, limit = 97): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await store.readAfter(all.at(-1)?.position ?? 0, limit);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** The promises of the event-store port; every adapter runs them. */
export function eventStoreConformance(name: string, create: () => Promise<StoreUnderTest>): void {
  const using = (work: (store: EventStore, place: StoreUnderTest) => Promise<void>, options?: { queueLimit: number }) => async () => {
    const place = await create();
    const store = await place.open(options);
    try {
      await work(store, place);
    } finally {
      await store.close();
      await place.remove();
    }
  };

  describe(`event store: ${name}`, () => {
    test(
      'an event comes back as it was stored, with position, revision and the instant of its commit [arch:4]',
      using(async (store) => {
        const stream = sampleStream();
        const event = sampleEvent({ text: 'perché "no"\n\u{1F600}', nested: { list: [1, null, true] } });
        const result = await store.append(item(stream, -1, event));
        assert.ok(result.ok);
        const expected = { ...event, metadata: { ...event.metadata, at: result.at }, stream, revision: 0, position: result.position };
        assert.deepEqual(await store.readStream(stream), [expected]);
        assert.deepEqual(await store.readAfter(0, 10), [expected]);
        assert.equal(await store.head(), result.position);
      }),
    );

    test(
      'an event is read at its position, and nothing where none stands [rev:arch-9]',
      using(async (store) => {
        await store.append(item(sampleStream(), -1, sampleEvent(), sampleEvent()));
        await store.append(item(sampleStream(), -1, sampleEvent()));
        const all = await readAll(store);
        assert.deepEqual(await Promise.all(all.map(({ position }) => store.readAt(position))), all);
        assert.equal(await store.readAt((await store.head()) + 1), undefined);
      }),
    );

    test(
      'what comes after a position is counted in events, to the head none [rev:arch-10]',
      using(async (store) => {
        assert.equal(await store.countAfter(0, 100), 0);
        for (let n = 0; n < 3; n++) await store.append(item(sampleStream(), -1, sampleEvent(), sampleEvent()));
        const all = await readAll(store);
        const places = [0, ...all.map(({ position }) => position)];
        assert.deepEqual(await Promise.all(places.map((position) => store.countAfter(position, 100))), [6, 5, 4, 3, 2, 1, 0]);
        assert.ok((await store.countAfter(0, 2)) >= 2);
      }),
    );

    test(
      'a stream that nobody wrote is empty',
      using(async (store) => assert.deepEqual(await store.readStream(sampleStream()), [])),
    );

    test(
      'of many who create one stream at once exactly one succeeds [arch:4]',
      using(async (store) => {
        const stream = sampleStream();
        const results = await Promise.all(Array.from({ length: 50 }, () => store.append(item(stream, -1, sampleEvent()))));
        assert.equal(stored(results), 1);
        assert.equal((await store.readStream(stream)).length, 1);
      }),
    );

    test(
      'a stale revision and one from the future are refused, with the revision that is [arch:4]',
      using(async (store) => {
        const stream = sampleStream();
        await store.append(item(stream, -1, sampleEvent(), sampleEvent()));
        for (const expected of [-1, 0, 2, 9])
          assert.deepEqual(await store.append(item(stream, expected, sampleEvent())), { ok: false, reason: 'conflict', revision: 1 });
        assert.deepEqual(await store.append(item(sampleStream(), 0, sampleEvent())), { ok: false, reason: 'conflict', revision: -1 });
      }),
    );

    test(
      'the same ids at the same place are a success told as a repeat, also after later events [arch:4]',
      using(async (store) => {
        const stream = sampleStream();
        const events = [sampleEvent(), sampleEvent()];
        const first = await store.append(item(stream, -1, ...events));
        assert.ok(first.ok);
        assert.deepEqual(await store.append(item(stream, -1, ...events)), { ...first, repeated: true });
        await store.append(item(stream, 1, sampleEvent()));
        assert.deepEqual(await store.append(item(stream, -1, ...events)), { ...first, repeated: true });
        assert.equal((await store.append(item(stream, -1, events[0] as EventToStore, sampleEvent()))).ok, false);
        assert.equal((await store.readStream(stream)).length, 3);
      }),
    );

    test(
      'appendMany answers item by item: a refused one takes nothing from the others [arch:4]',
      using(async (store) => {
        const [a, b, c] = [sampleStream(), sampleStream(), sampleStream()];
        await store.append(item(b, -1, sampleEvent()));
        const results = await store.appendMany([
          item(a, -1, sampleEvent()),
          item(b, -1, sampleEvent()),
          item(c, -1, sampleEvent(), sampleEvent()),
        ]);
        assert.deepEqual(
          results.map((one) => [one.ok, one.revision]),
          [
            [true, 0],
            [false, 0],
            [true, 1],
          ],
        );
        assert.equal(await store.head(), (await readAll(store)).at(-1)?.position);
      }),
    );

    test(
      'a stream stands in one item of appendMany only, and an item without events is an error',
      using(async (store) => {
        const stream = sampleStream();
        await assert.rejects(store.appendMany([item(stream, -1, sampleEvent()), item(stream, 0, sampleEvent())]), RangeError);
        await assert.rejects(store.append(item(stream, -1)), RangeError);
        assert.equal(await store.head(), 0);
      }),
    );

    test(
      'concurrent writers leave no gap, lose nothing and keep the order of each stream [arch:4]',
      using(async (store) => {
        const writers = Array.from({ length: 24 }, (_, writer) => writer);
        const seen: number[] = [];
        store.onCommit((head) => seen.push(head));
        await Promise.all(
          writers.map(async (writer) => {
            for (let n = 0; n < 30; n += 1) {
              const result = await store.append(item(`sample-${writer}`, n - 1, sampleEvent({ writer, n })));
              assert.ok(result.ok && result.revision === n);
            }
          }),
        );
        const all = await readAll(store);
        assert.equal(all.length, 24 * 30);
        assert.ok(all.every((one, i) => i === 0 || one.position > (all[i - 1] as StoredEvent).position));
        assert.ok(all.every((one, i) => i === 0 || one.metadata.at >= (all[i - 1] as StoredEvent).metadata.at));
        for (const writer of writers) {
          const own = all.filter((one) => one.stream === `sample-${writer}`);
          assert.deepEqual(
            own.map((one) => [one.revision, one.data]),
            own.map((_, n) => [n, { writer, n }]),
          );
        }
        assert.deepEqual(
          seen,
          seen.toSorted((a, b) => a - b),
        );
        assert.equal(seen.at(-1), all.at(-1)?.position);
      }),
    );

    test(
      'beyond the bound of its queue the store is busy, and takes up again what comes later',
      using(
        async (store) => {
          const attempts = Array.from({ length: 30 }, () => store.append(item(sampleStream(), -1, sampleEvent())));
          const results = await Promise.allSettled(attempts);
          const refused = results.filter((one) => one.status === 'rejected');
          assert.equal(refused.length, 10);
          assert.ok(refused.every((one) => one.reason instanceof StoreBusyError));
          assert.equal((await readAll(store)).length, 20);
          assert.ok((await store.append(item(sampleStream(), -1, sampleEvent()))).ok);
        },
        { queueLimit: 20 },
      ),
    );

    test('opened again it goes on where it ended, in the same epoch [arch:4]', async () => {
      const place = await create();
      const stream = sampleStream();
      const first = await place.open();
      await first.append(item(stream, -1, sampleEvent()));
      await first.close();
      const again = await place.open();
      assert.equal(again.epoch, first.epoch);
      assert.equal((await again.append(item(stream, -1, sampleEvent()))).ok, false);
      const result = await again.append(item(stream, 0, sampleEvent()));
      assert.ok(result.ok);
      assert.equal(await again.head(), result.position);
      assert.equal((await readAll(again)).length, 2);
      await again.close();
      await place.remove();
    });

    test('closing waits for what was accepted and refuses what comes later', async () => {
      const place = await create();
      const store = await place.open();
      const accepted = Array.from({ length: 40 }, () => store.append(item(sampleStream(), -1, sampleEvent())));
      const closed = store.close();
      await assert.rejects(store.append(item(sampleStream(), -1, sampleEvent())), { name: 'StoreUnavailableError' });
      assert.equal(stored(await Promise.all(accepted)), 40);
      await closed;
      const again = await place.open();
      assert.equal((await readAll(again)).length, 40);
      await again.close();
      await place.remove();
    });

    test(
      'a reader that starts again from its position misses nothing while others write [arch:4]',
      using(async (store) => {
        const written = 300;
        const writing = (async () => {
          for (let n = 0; n < written; n += 10)
            await store.appendMany(Array.from({ length: 10 }, () => item(sampleStream(), -1, sampleEvent())));
        })();
        const ids: string[] = [];
        for (let position = 0; ids.length < written;) {
          const page = await store.readAfter(position, 7);
          ids.push(...page.map((one) => one.id));
          position = page.at(-1)?.position ?? position;
          if (page.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
        }
        await writing;
        assert.deepEqual(
          ids,
          (await readAll(store)).map((one) => one.id),
        );
      }),
    );
  });
}
