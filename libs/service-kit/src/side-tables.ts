import { type DeadlineTable, type EventStore, sqliteDeadlines, SqliteEventStore, unheard } from '@ateneo/event-sourcing';
import { type Checkpoints, openSqliteCheckpoints } from '@ateneo/read-models';
import { ConfigurationError } from './config.js';
import type { Platform } from './platform.js';

/** What a service keeps beside its events since replay could not rebuild it; one place for all instances of the service. */
export type SideTables = {
  deadlines(): Promise<DeadlineTable>;
  /** How far reactions are. */
  checkpoints(): Promise<Checkpoints>;
  /** Takes over what was kept in the events file before; called before other instances can have the store. */
  adopt(): Promise<void>;
  close(): Promise<void>;
};

/**
 * In MongoDB where READ_MODELS_URL names one, since reactions move between instances; else in the events file. Opened when first asked for. Its questions throw
 * ConfigurationError where the environment names neither.
 */
export function sideTables({ config }: Pick<Platform, 'config'>, service: string, store: EventStore): SideTables {
  if (/^mongodb(\+srv)?:/.test(config.READ_MODELS_URL)) return inMongo(config.READ_MODELS_URL, `ateneo_${service}`, store);
  if (store instanceof SqliteEventStore) return inEventsFile(store);
  const refuse = async () => {
    throw new ConfigurationError(
      `READ_MODELS_URL holds "${config.READ_MODELS_URL}": with EVENT_STORE_URL "${withoutPassword(config.EVENT_STORE_URL)}" deadlines and checkpoints ` +
        'of reactions are kept in MongoDB; it may start with mongodb:',
    );
  };
  return { deadlines: refuse, checkpoints: refuse, adopt: nothing, close: nothing };
}

function inEventsFile(store: SqliteEventStore): SideTables {
  return {
    deadlines: async () => sqliteDeadlines(store),
    checkpoints: () => openSqliteCheckpoints(store),
    adopt: nothing,
    close: nothing,
  };
}

function inMongo(url: string, database: string, store: EventStore): SideTables {
  const connect = async () => (await import('@ateneo/event-sourcing/mongo')).connectMongo(url);
  let connection: ReturnType<typeof connect> | undefined;
  const connected = () => (connection ??= connect());
  const tables: SideTables = {
    deadlines: async () => (await import('@ateneo/event-sourcing/mongo')).openMongoDeadlines({ connection: await connected(), database }),
    checkpoints: async () => (await import('@ateneo/read-models/mongo')).openMongoCheckpoints({ connection: await connected(), database }),
    adopt: async () => (store instanceof SqliteEventStore ? adopt(store, tables) : undefined),
    close: async () => (await connection?.catch(unheard('what was never opened needs no closing')))?.close(),
  };
  return tables;
}

/** Added there before it is removed here; a checkpoint that is there already is further on. */
async function adopt(store: SqliteEventStore, to: SideTables): Promise<void> {
  const file = inEventsFile(store);
  const [deadlines, checkpoints] = [await file.deadlines(), await file.checkpoints()];
  const next = () => deadlines.due(Number.MAX_SAFE_INTEGER, 100);
  for (let some = await next(); some.length > 0; some = await next()) {
    const table = await to.deadlines();
    for (const deadline of some) {
      await table.put(deadline);
      await deadlines.remove(deadline.id);
    }
  }
  const parked = await checkpoints.parked();
  for (const { reaction } of store.query<{ reaction: string }>('SELECT DISTINCT reaction FROM reaction_checkpoints')) {
    const table = await to.checkpoints();
    const there = new Set((await table.load(reaction)).map(({ origin }) => origin));
    for (const checkpoint of await checkpoints.load(reaction)) {
      const { origin } = checkpoint;
      if (!there.has(origin))
        await table.save(
          reaction,
          checkpoint,
          parked.filter((one) => one.reaction === reaction && one.origin === origin),
        );
    }
  }
}

const nothing = async (): Promise<void> => undefined;

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');
