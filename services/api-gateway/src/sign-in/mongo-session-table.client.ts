import { unheard } from '@ateneo/event-sourcing';
import { connectMongo, databaseOf } from '@ateneo/event-sourcing/mongo';
import { type Connection, mongo } from 'mongoose';
import { ServerAwayError } from '../http/server-away.rules.js';
import type { SealedText } from './sealed-text.rules.js';
import type { SessionTable, StoredSession } from './session-table.client.js';

/** A request waits no longer for a server that is away. */
const TIMEOUT_MS = 5_000;
const CONNECTED = 1;
const PROOF = 'master-key';

type SessionDocument = Omit<StoredSession, 'hash' | 'sealed'> & { readonly _id: string; readonly sealed: mongo.Binary };
type AttemptDocument = { readonly _id: string; readonly expires: number; readonly sealed: mongo.Binary };

/** Sessions that all gateways of an installation share. */
class MongoSessionTable implements SessionTable {
  readonly #sessions: mongo.Collection<SessionDocument>;
  readonly #attempts: mongo.Collection<AttemptDocument>;

  constructor(
    private readonly connection: Connection,
    database: mongo.Db,
  ) {
    this.#sessions = database.collection('sessions');
    this.#attempts = database.collection('sign-ins');
  }

  /** Throws where MASTER_KEY is not the one under which the other gateways seal. */
  async open(sealed: SealedText): Promise<void> {
    await this.#attempts.createIndex({ expires: 1 });
    const made = { expires: Number.MAX_SAFE_INTEGER, sealed: binary(sealed.seal(PROOF)) };
    await this.#attempts
      .updateOne({ _id: PROOF }, { $setOnInsert: made }, { upsert: true })
      .catch(unheard('another made it first: it is read next'));
    const proof = await this.#attempts.findOne({ _id: PROOF });
    try {
      sealed.open(bytes(proof!.sealed));
    } catch (error) {
      throw new Error(`MASTER_KEY is not the one that the sessions in ${this.#sessions.dbName} were sealed with`, { cause: error });
    }
  }

  trouble = () => (this.connection.readyState === CONNECTED ? undefined : 'MongoDB does not answer');

  async put({ hash, sealed, ...session }: StoredSession): Promise<void> {
    await answered(this.#sessions.insertOne({ _id: hash, ...session, sealed: binary(sealed) }));
  }

  async find(hash: string): Promise<StoredSession | undefined> {
    const found = await answered(this.#sessions.findOne({ _id: hash }));
    if (!found) return undefined;
    const { subject, created, seen, sealed } = found;
    return { hash, subject, created, seen, sealed: bytes(sealed) };
  }

  async touch(hash: string, seen: number): Promise<void> {
    await answered(this.#sessions.updateOne({ _id: hash }, { $max: { seen } }));
  }

  async remove(hash: string): Promise<void> {
    await answered(this.#sessions.deleteOne({ _id: hash }));
  }

  async putAttempt(state: string, expires: number, sealed: Uint8Array): Promise<void> {
    await answered(this.#attempts.insertOne({ _id: state, expires, sealed: binary(sealed) }));
  }

  async takeAttempt(state: string, notBefore: number): Promise<Uint8Array | undefined> {
    const taken = await answered(this.#attempts.findOneAndDelete({ _id: state, expires: { $gte: notBefore } }));
    return taken ? bytes(taken.sealed) : undefined;
  }

  async sweep(attemptsBefore: number, seenBefore: number, createdBefore: number): Promise<void> {
    await answered(this.#attempts.deleteMany({ expires: { $lt: attemptsBefore } }));
    await answered(this.#sessions.deleteMany({ $or: [{ seen: { $lt: seenBefore } }, { created: { $lt: createdBefore } }] }));
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** Nobody waits for a server that hangs; what it does late is done nevertheless. */
async function answered<Result>(operation: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => (timer = setTimeout(() => reject(new Error('no answer')), TIMEOUT_MS)));
  try {
    return await Promise.race([operation, late]);
  } catch (error) {
    throw new ServerAwayError('sessions-away', error);
  } finally {
    clearTimeout(timer);
  }
}

const binary = (sealed: Uint8Array): mongo.Binary => new mongo.Binary(sealed);
const bytes = (sealed: mongo.Binary): Uint8Array => sealed.value();

/** Throws MongoUnavailableError, and where MASTER_KEY is not the one of the other gateways. */
export async function openMongoSessionTable(url: string, sealed: SealedText, database = 'ateneo_api-gateway_keys'): Promise<SessionTable> {
  const connection = await connectMongo(url, { timeoutMs: TIMEOUT_MS });
  const table = new MongoSessionTable(connection, databaseOf(connection, database));
  try {
    await table.open(sealed);
    return table;
  } catch (error) {
    await connection.close();
    throw error;
  }
}
