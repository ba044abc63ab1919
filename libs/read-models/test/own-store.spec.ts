import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteEventStore } from '@ateneo/event-sourcing';
import { type Bus, createMemoryBus, createMemoryEventBus, openRemoteEventStore, serveEventStore } from '@ateneo/messaging';
import { distantStore } from '../../event-sourcing/conformance/distant-store.js';
import { type CollectionSpec, openSqliteReadModels, ProjectionRunner } from '../src/index.js';
import { documentProjection } from '../conformance/document-projection.js';
import { Origin, until } from './platform.js';

type Total = { readonly events: number };
const totals: CollectionSpec<Total> = { name: 'totals', version: 1, columns: {} };
const counted = documentProjection<Total>({
  name: 'counted',
  version: 1,
  collection: totals,
  own: ['Added'],
  key: ({ stream }) => stream.slice('box-'.length),
  evolve: (document) => ({ events: (document?.events ?? 0) + 1 }),
});

/** A bus that counts what is asked under a subject. */
function counting(bus: Bus): Bus & { asked(subject: string): number } {
  const asked = new Map<string, number>();
  return {
    serve: bus.serve.bind(bus),
    broadcast: bus.broadcast.bind(bus),
    onBroadcast: bus.onBroadcast.bind(bus),
    onReconnect: bus.onReconnect.bind(bus),
    close: bus.close.bind(bus),
    asked: (subject) => asked.get(subject) ?? 0,
    request(subject, message, options) {
      asked.set(subject, (asked.get(subject) ?? 0) + 1);
      return bus.request(subject, message, options);
    },
    requestText(subject, message, options) {
      asked.set(subject, (asked.get(subject) ?? 0) + 1);
      return bus.requestText(subject, message, options);
    },
  };
}

test('own events that wait are tried again where positions are not neighbours, as in KurrentDB [rev:arch-9]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'own-store-'));
  const held = await openSqliteEventStore({ file: join(folder, 'held.events.sqlite'), hashKey: Buffer.alloc(32, 1), now: Date.now });
  const events = createMemoryEventBus();
  const readModels = await openSqliteReadModels({ file: join(folder, 'reader.views.sqlite') });
  let poisoned = true;
  const careful = documentProjection<Total>({
    name: 'counted',
    version: 1,
    collection: totals,
    own: ['Added'],
    key: ({ stream }) => stream.slice('box-'.length),
    evolve: (document) => {
      if (poisoned) throw new Error('not yet');
      return { events: (document?.events ?? 0) + 1 };
    },
  });
  const [box, other] = [randomUUID(), randomUUID()];
  const reader = new Origin('reader', held);
  await reader.add(other, 'Added', {});
  await reader.add(box, 'Added', {}, {});
  const runner = new ProjectionRunner({
    service: 'reader',
    readModels,
    events,
    own: { service: 'reader', store: distantStore(held) },
    projections: [careful],
  });
  await runner.start();
  await until(() => runner.asideCount === 3);
  poisoned = false;
  assert.equal(await runner.retryAside('counted', box), true);
  assert.equal((await runner.collection(totals).get(box))?.events, 2);
  await runner.stop();
  await Promise.all([events.close(), readModels.close(), held.close()]);
  await rm(folder, { recursive: true });
});

test('a projection of a lent store that comes back restored is folded anew, with few reads [rev:arch-2]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'own-store-'));
  const open = (name: string) =>
    openSqliteEventStore({ file: join(folder, `${name}.events.sqlite`), hashKey: Buffer.alloc(32, 1), now: Date.now });
  const [held, restored] = [await open('held'), await open('restored')];
  const bus = counting(createMemoryBus());
  const events = createMemoryEventBus();
  const readModels = await openSqliteReadModels({ file: join(folder, 'reader.views.sqlite') });
  const box = randomUUID();
  await new Origin('reader', held).add(box, 'Added', {}, {});
  const withhold = serveEventStore(bus, 'reader', held);
  const store = await openRemoteEventStore(bus, 'reader', { pollMs: 20 });
  const runner = new ProjectionRunner({ service: 'reader', readModels, events, own: { service: 'reader', store }, projections: [counted] });
  await runner.start();
  const count = async () => (await runner.collection(totals).get(box))?.events;
  await until(async () => (await count()) === 2);
  withhold();
  await new Origin('reader', restored).add(box, 'Added', {});
  const before = bus.asked('store.reader.read-after');
  const end = serveEventStore(bus, 'reader', restored);
  await until(async () => (await count()) === 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const reads = bus.asked('store.reader.read-after') - before;
  assert.ok(reads < 20, `${reads} reads`);
  await new Origin('reader', restored).add(box, 'Added', {});
  await until(async () => (await count()) === 2);
  await runner.stop();
  end();
  await store.close();
  await Promise.all([events.close(), readModels.close(), bus.close(), held.close(), restored.close()]);
  await rm(folder, { recursive: true });
});
