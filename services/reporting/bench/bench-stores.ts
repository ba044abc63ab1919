import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type EventStore, type EventToStore, openSqliteEventStore } from '@ateneo/event-sourcing';
import { Publisher } from '@ateneo/messaging';
import { type BenchEvent, entries, references } from './bench-log.js';

export const services = ['school-network', 'career', 'logbook'] as const;
type Service = (typeof services)[number];
/** The stores of the services that reporting follows. */
export type BenchStores = Record<Service, EventStore> & { readonly clock: { now: number }; close(): Promise<void> };

const AT_ONCE = 2_000;
const categories = ['set', 'cohort', 'enrolment', 'logbookEntry'];

export async function openBenchStores(folder: string): Promise<BenchStores> {
  const clock = { now: Date.parse('2021-09-01T00:00:00Z') };
  const opened = await Promise.all(
    services.map((service) =>
      openSqliteEventStore({ file: join(folder, `${service}.sqlite`), hashKey: randomBytes(32), now: () => clock.now }),
    ),
  );
  const stores = Object.fromEntries(services.map((service, index) => [service, opened[index]])) as unknown as Record<Service, EventStore>;
  return {
    ...stores,
    clock,
    async close() {
      for (const store of opened) await store.close();
    },
  };
}

/** Stores so many events of entries, and before them the references that they need. */
export async function fillBenchStores(stores: BenchStores, trainees: number, events: number): Promise<void> {
  const first = references(trainees);
  for (const service of ['school-network', 'career'] as const)
    await fill(
      stores[service],
      first.filter((it) => it.service === service),
      stores.clock,
    );
  await fill(stores.logbook, entries(trainees, events), stores.clock);
}

/** Publishes what is stored as it is. */
export function publisherOf(service: Service, store: EventStore): Publisher {
  const mapping = ({ type, data }: { type: string; data: object }) => ({ type, data });
  return new Publisher({
    service,
    store,
    mappings: Object.fromEntries(categories.map((it) => [it, mapping])),
    mappingVersion: 1,
    publicUrl: 'http://localhost',
  });
}

async function fill(store: EventStore, events: Iterable<BenchEvent>, clock: { now: number }): Promise<void> {
  const revisions = new Map<string, number>();
  let batch = new Map<string, { expectedRevision: number; events: EventToStore[] }>();
  let waiting = 0;
  const append = async () => {
    waiting = 0;
    for (const result of await store.appendMany([...batch].map(([stream, it]) => ({ stream, ...it }))))
      if (!result.ok) throw new Error('an event was refused');
    batch = new Map();
  };
  for (const { type, data, at, stream } of events) {
    if (waiting >= AT_ONCE) await append();
    clock.now = Date.parse(at);
    const expectedRevision = revisions.get(stream) ?? -1;
    const { schoolId, traineeId } = data as { schoolId?: string; traineeId?: string };
    const item = batch.get(stream) ?? { expectedRevision, events: [] };
    item.events.push({
      id: randomUUID(),
      type,
      version: 1,
      data: data as object,
      metadata: { actor: { id: traineeId ?? 'bench', kind: 'person' }, scope: { schoolId, traineeId }, correlationId: randomUUID() },
    });
    batch.set(stream, item);
    revisions.set(stream, expectedRevision + 1);
    waiting += 1;
  }
  await append();
}
