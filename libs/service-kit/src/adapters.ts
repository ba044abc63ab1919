import { join } from 'node:path';
import { type DeadlineTable, type EventStore, openSqliteEventStore, sqliteDeadlines, SqliteEventStore } from '@ateneo/event-sourcing';
import { isEventStoreLent, openRemoteEventStore, serveEventStore, type Stop } from '@ateneo/messaging';
import { type Checkpoints, openSqliteCheckpoints } from '@ateneo/read-models';
import { ConfigurationError } from './config.js';
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

/** Where the deadlines of a service are kept, one place for all its instances. Throws ConfigurationError where the environment names none. */
export async function openDeadlines({ config }: Pick<Platform, 'config'>, store: EventStore): Promise<DeadlineTable> {
  return sqliteDeadlines(withSideTables(config, store, 'deadlines'));
}

/** Where the reactions of a service keep how far they are, one place for all its instances. Throws ConfigurationError where the environment names none. */
export async function openCheckpoints({ config }: Pick<Platform, 'config'>, store: EventStore): Promise<Checkpoints> {
  return openSqliteCheckpoints(withSideTables(config, store, 'checkpoints of reactions'));
}

function withSideTables({ EVENT_STORE_URL, READ_MODELS_URL }: Platform['config'], store: EventStore, what: string): SqliteEventStore {
  if (store instanceof SqliteEventStore) return store;
  throw new ConfigurationError(
    `READ_MODELS_URL holds "${READ_MODELS_URL}": with EVENT_STORE_URL "${EVENT_STORE_URL}" ${what} are kept in MongoDB; it may start with mongodb:`,
  );
}
