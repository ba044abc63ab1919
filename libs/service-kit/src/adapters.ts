import { join } from 'node:path';
import { type EventStore, openSqliteEventStore, SqliteEventStore } from '@ateneo/event-sourcing';
import { openRemoteEventStore, serveEventStore, type Stop } from '@ateneo/messaging';
import { chainOf } from './installation.js';
import type { Platform } from './platform.js';

type Shared = Pick<Platform, 'bus' | 'clock' | 'config' | 'derive' | 'eventWriter' | 'folder'>;

/** A holder that is just starting is waited for so long. */
const FIND_HOLDER_MS = 30_000;

/**
 * The event store of a service by the scheme of EVENT_STORE_URL: `sqlite:` a file of its own, `kurrentdb:` and `esdb:` a cluster, `bus:` the store
 * that another instance of the service holds. Throws StoreUnavailableError where it cannot be had within a bound.
 */
export async function openEventStore({ config, ...shared }: Shared, service: string): Promise<EventStore> {
  const url = config.EVENT_STORE_URL;
  const hashKey = shared.derive(chainOf(service));
  const now = () => shared.clock.now();
  if (url.startsWith('sqlite:')) {
    const file = join(shared.folder, `${service}.events.sqlite`);
    return openSqliteEventStore({ file, hashKey, now, writer: shared.eventWriter });
  }
  if (url.startsWith('bus:')) return openRemoteEventStore(shared.bus, service, { findHolderMs: FIND_HOLDER_MS });
  const { openKurrentEventStore } = await import('@ateneo/event-sourcing/kurrent');
  return openKurrentEventStore({ url, service, hashKey, now });
}

/** Lends a store that only this process has to other instances of its service, where the bus reaches any. */
export const lendEventStore = ({ bus, config }: Pick<Platform, 'bus' | 'config'>, service: string, store: EventStore): Stop =>
  store instanceof SqliteEventStore && !config.BUS_URL.startsWith('memory:') ? serveEventStore(bus, service, store) : () => undefined;
