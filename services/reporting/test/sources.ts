import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openSqliteEventStore, partitionOf, type EventStore, type StoredEvent } from '@ateneo/event-sourcing';
import { Publisher, positionToken, serveReplay } from '@ateneo/messaging';
import type { Platform } from '@ateneo/service-kit';
import type { Log } from './log.js';

const services = ['school-network', 'career', 'logbook'] as const;
const categories = ['school', 'set', 'cohort', 'enrolment', 'logbookEntry', 'attestation', 'assignment'];
const asStored = (event: StoredEvent) => ({ type: event.type, data: event.data });

/** The services that reporting listens to, as far as it can tell: real stores and publishers whose stored events are the public ones. */
export class Sources {
  private constructor(
    private readonly stores: ReadonlyMap<string, EventStore>,
    private readonly platform: Platform,
    private readonly revisions: Map<string, number>,
    private told: number,
  ) {}

  /** `before`: the same stores before a restart. */
  static async open(platform: Platform, before?: Sources): Promise<Sources> {
    const stores = new Map<string, EventStore>();
    for (const service of services) {
      const store = await openSqliteEventStore({
        file: join(platform.folder, `${service}.events.sqlite`),
        hashKey: Buffer.alloc(32, 1),
        now: () => platform.clock.now(),
        writer: platform.eventWriter,
      });
      stores.set(service, store);
      const publisher = new Publisher({
        service,
        store,
        mappings: Object.fromEntries(categories.map((it) => [it, asStored])),
        mappingVersion: 1,
        publicUrl: 'http://localhost',
      });
      platform.eventBus.register(publisher);
      serveReplay(platform.bus, publisher);
    }
    return new Sources(stores, platform, before?.revisions ?? new Map(), before?.told ?? 0);
  }

  /** Stores what the log holds beyond the last time; answers the token of the last event. */
  async tell(log: Log): Promise<string> {
    let token = '';
    for (const { type, data, at, service, stream } of log.events.slice(this.told)) {
      this.platform.clock.set(Date.parse(at));
      const store = this.stores.get(service) as EventStore;
      const { schoolId, traineeId } = data as { schoolId?: string; traineeId?: string };
      const expectedRevision = this.revisions.get(stream) ?? -1;
      const result = await store.append({
        stream,
        expectedRevision,
        events: [
          {
            id: randomUUID(),
            type,
            version: 1,
            data: data as object,
            metadata: { actor: { id: 'x', kind: 'system' }, scope: { schoolId, traineeId }, correlationId: randomUUID() },
          },
        ],
      });
      if (!result.ok) throw new Error(`${stream} refused`);
      this.revisions.set(stream, result.revision);
      token = positionToken({
        service,
        epoch: store.epoch,
        partition: partitionOf(traineeId ?? stream.slice(stream.indexOf('-') + 1)),
        position: result.position,
      });
    }
    this.told = log.events.length;
    return token;
  }

  async close(): Promise<void> {
    for (const store of this.stores.values()) await store.close();
  }
}
