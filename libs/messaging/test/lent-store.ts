import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore, type EventToStore, openSqliteEventStore } from '@ateneo/event-sourcing';
import type { Bus } from '../src/bus.js';
import { serveEventStore } from '../src/remote-event-store.js';

/** An instance of `service` that holds its store and lends it. */
export type Holder = { readonly service: string; readonly held: EventStore; lend(): void; withhold(): void; remove(): Promise<void> };

export async function holder(bus: Bus, service = 'sample'): Promise<Holder> {
  const folder = await mkdtemp(join(tmpdir(), 'ateneo-store-'));
  const held = await openSqliteEventStore({ file: join(folder, `${service}.events.sqlite`), hashKey: randomBytes(32), now: Date.now });
  let withhold = serveEventStore(bus, service, held);
  return {
    service,
    held,
    lend: () => void (withhold = serveEventStore(bus, service, held)),
    withhold: () => withhold(),
    async remove() {
      withhold();
      await held.close();
      await rm(folder, { recursive: true });
    },
  };
}

export const event = (data: object = {}): EventToStore => ({
  id: randomUUID(),
  type: 'SampleTaken',
  version: 1,
  data,
  metadata: { actor: { id: 'system:sample/test', kind: 'system' }, scope: {}, correlationId: randomUUID() },
});

/** Stores one event in a stream of its own and answers where it stands. */
export async function store(into: EventStore, data: object = {}): Promise<number> {
  const result = await into.append({ stream: stream(), expectedRevision: -1, events: [event(data)] });
  if (!result.ok) throw new Error('a new stream was refused');
  return result.position;
}

export const stream = (): string => `sample-${randomUUID()}`;
