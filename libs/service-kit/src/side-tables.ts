import { type DeadlineTable, type EventStore, sqliteDeadlines, SqliteEventStore } from '@ateneo/event-sourcing';
import { type Checkpoints, openSqliteCheckpoints } from '@ateneo/read-models';
import { ConfigurationError } from './config.js';
import type { Platform } from './platform.js';

/** What a service keeps beside its events since replay could not rebuild it; one place for all instances of the service. */
export type SideTables = {
  deadlines(): Promise<DeadlineTable>;
  /** How far reactions are. */
  checkpoints(): Promise<Checkpoints>;
  close(): Promise<void>;
};

/**
 * In MongoDB where READ_MODELS_URL names one, since reactions move between instances; else in the events file. Opened when first asked for. Its questions throw
 * ConfigurationError where the environment names neither.
 */
export function sideTables({ config }: Pick<Platform, 'config'>, service: string, store: EventStore): SideTables {
  if (/^mongodb(\+srv)?:/.test(config.READ_MODELS_URL)) return inMongo(config.READ_MODELS_URL, `ateneo_${service}`);
  if (store instanceof SqliteEventStore) return inEventsFile(store);
  const refuse = async () => {
    throw new ConfigurationError(
      `READ_MODELS_URL holds "${config.READ_MODELS_URL}": with EVENT_STORE_URL "${withoutPassword(config.EVENT_STORE_URL)}" deadlines and checkpoints ` +
        'of reactions are kept in MongoDB; it may start with mongodb:',
    );
  };
  return { deadlines: refuse, checkpoints: refuse, close: async () => undefined };
}

function inEventsFile(store: SqliteEventStore): SideTables {
  return {
    deadlines: async () => sqliteDeadlines(store),
    checkpoints: () => openSqliteCheckpoints(store),
    close: async () => undefined,
  };
}

function inMongo(url: string, database: string): SideTables {
  const connect = async () => (await import('@ateneo/event-sourcing/mongo')).connectMongo(url);
  let connection: ReturnType<typeof connect> | undefined;
  const connected = () => (connection ??= connect());
  return {
    deadlines: async () => (await import('@ateneo/event-sourcing/mongo')).openMongoDeadlines({ connection: await connected(), database }),
    checkpoints: async () => (await import('@ateneo/read-models/mongo')).openMongoCheckpoints({ connection: await connected(), database }),
    close: async () => (await connection?.catch(() => undefined))?.close(),
  };
}

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');
