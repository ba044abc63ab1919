import { join } from 'node:path';
import { type EventStore, openSqliteEventStore, SqliteEventStore } from '@ateneo/event-sourcing';
import { isEventStoreLent, openRemoteEventStore, serveEventStore, type Stop } from '@ateneo/messaging';
import { ConfigurationError } from './config.js';
import { chainOf } from './installation.js';
import type { Platform } from './platform.js';
import { openedBy } from './start-problems.js';

type Shared = Pick<Platform, 'bus' | 'clock' | 'config' | 'derive' | 'eventWriter' | 'folder'>;

/** A holder that is just starting is waited for so long. */
const FIND_HOLDER_MS = 30_000;

/**
 * The event store of a service by the scheme of EVENT_STORE_URL: `sqlite:` a file of its own, `kurrentdb:` and `esdb:` a cluster, `bus:` the store
 * that another instance of the service holds. Throws StoreUnavailableError where it cannot be had within a bound.
 */
export async function openEventStore(platform: Shared, service: string): Promise<EventStore> {
  const url = platform.config.EVENT_STORE_URL;
  if (url.startsWith('bus:'))
    return openedBy('EVENT_STORE_URL', url, () => openRemoteEventStore(platform.bus, service, { findHolderMs: FIND_HOLDER_MS }));
  const hashKey = platform.derive(chainOf(service));
  const now = () => platform.clock.now();
  if (url.startsWith('sqlite:')) {
    const file = join(platform.folder, `${service}.events.sqlite`);
    return openSqliteEventStore({ file, hashKey, now, writer: platform.eventWriter });
  }
  const { openKurrentEventStore } = await import('@ateneo/event-sourcing/kurrent');
  return openedBy('EVENT_STORE_URL', url, () => openKurrentEventStore({ url, service, hashKey, now }));
}

/**
 * Lends a store that only this process has to other instances of its service, where the bus reaches any. Throws ConfigurationError where another process
 * lends one already: the service would have two truths.
 */
export async function lendEventStore({ bus, config }: Pick<Platform, 'bus' | 'config'>, service: string, store: EventStore): Promise<Stop> {
  if (!(store instanceof SqliteEventStore) || config.BUS_URL.startsWith('memory:')) return () => undefined;
  if (await isEventStoreLent(bus, service))
    throw new ConfigurationError(
      `EVENT_STORE_URL holds "${config.EVENT_STORE_URL}": another process holds the event store of ${service}; here it may hold bus:`,
    );
  return serveEventStore(bus, service, store);
}
