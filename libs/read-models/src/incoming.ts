import type { EventStore, StoredEvent } from '@ateneo/event-sourcing';
import type { EventBatch, Placed, Source } from '@ateneo/messaging';
import { projectedOwn, projectedPublic } from './projection.js';
import type { Incoming } from './set-aside.js';

/** The service's own event store and how its events are brought to their current shape with personal fields open. */
export type OwnEvents = {
  readonly service: string;
  readonly store: EventStore;
  readonly read?: (event: StoredEvent) => StoredEvent;
  /** Brings what `read` needs; called with the events first. */
  readonly prepare?: (events: readonly StoredEvent[]) => Promise<void>;
};

export type IncomingPage = Placed & { readonly items: readonly Incoming[] };

const READ_AT_ONCE = 250;
/** Counted of what waits where counting is reading. */
const MOST_COUNTED = 1_001;

/** Follows the own store as a subscription follows another service. */
export const ownSource = (
  { service, store, read, prepare }: OwnEvents,
  types: readonly string[],
  partitions?: readonly number[],
): Source<IncomingPage> => {
  const wanted = new Set(types);
  const isOfPartition = ({ event }: Incoming) => partitions === undefined || partitions.includes(event.partition);
  return {
    get epoch() {
      return store.epoch;
    },
    mappingVersion: 0,
    async read(after) {
      const stored = await store.readAfter(after, READ_AT_ONCE);
      const head = Math.max(await store.head(), stored.at(-1)?.position ?? 0);
      const taken = stored.filter(({ type }) => wanted.has(type));
      await prepare?.(taken);
      const items = taken.map((event) => incomingOwn(service, event, read)).filter(isOfPartition);
      const next = stored.at(-1)?.position ?? after;
      const waiting = next < head ? await store.countAfter(next, MOST_COUNTED) : 0;
      return { epoch: store.epoch, mappingVersion: 0, next, head, passed: stored.length, waiting, items };
    },
    onNudge: (listener) => store.onCommit(() => listener()),
  };
};

/** The own event at a position. Throws where none stands there, or it cannot be read. */
export async function ownEvent({ service, store, read, prepare }: OwnEvents, position: number): Promise<Incoming> {
  const stored = await store.readAt(position);
  if (!stored) throw new Error(`event ${position} is not in the own store`);
  await prepare?.([stored]);
  return incomingOwn(service, stored, read);
}

export function incomingOwn(service: string, stored: StoredEvent, read: OwnEvents['read']): Incoming {
  try {
    return { event: projectedOwn(service, read ? read(stored) : stored), original: null };
  } catch (error) {
    return {
      event: { ...projectedOwn(service, stored), data: {} },
      original: null,
      failure: error instanceof Error ? error : new Error(String(error)),
    };
  }
}

/** A page of another service in the same form. */
export const incomingPage = ({ epoch, mappingVersion, next, head, passed, waiting, events }: EventBatch): IncomingPage => ({
  ...{ epoch, mappingVersion, next, head, passed, waiting },
  items: events.map((original) => ({ event: projectedPublic(original), original })),
});
