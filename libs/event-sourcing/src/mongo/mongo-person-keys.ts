import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { type Connection, mongo } from 'mongoose';
import { decrypt, encrypt, type PersonKeys } from '../keys.js';
import { type OnProblem, Trouble, unheard } from '../problems.js';
import { connectMongo, databaseOf, isDuplicatesOnly } from './connection.js';

const KEY_BYTES = 32;
const REMEMBERED_KEYS = 100_000;
const AT_ONCE = 1_000;
const REGISTER_READ_MS = 2_000;
const REGISTER_HOLDS_MS = 5_000;

/** One document per person, so that a key is made or destroyed at once. `wrapped`: by the master key, for this person alone; absent once erased. */
type StoredKey = { readonly _id: string; readonly wrapped?: mongo.Binary; readonly erased?: true };

/** The keys of a service's people in a collection that its processes share. What is destroyed elsewhere is served for five seconds at most. */
class MongoPersonKeys implements PersonKeys {
  readonly #known = new Map<string, KeyObject>();
  readonly #erased = new Set<string>();
  #registerReadAt = -Infinity;
  #reading: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly keys: mongo.Collection<StoredKey>,
    private readonly master: KeyObject,
    private readonly own: Connection | undefined,
    onProblem?: OnProblem,
  ) {
    const trouble = new Trouble(onProblem, { part: 'keys', what: `register of erasures in ${keys.namespace}` });
    this.#timer = setInterval(() => void trouble.heard(this.readRegister()), REGISTER_READ_MS).unref();
  }

  /** Throws where the master key is not the one that wrapped them. */
  async open(): Promise<void> {
    await this.keys.createIndex({ erased: 1 }, { sparse: true });
    const any = await this.keys.findOne({ wrapped: { $exists: true } });
    try {
      if (any) decrypt(this.master, any.wrapped!.value(), any._id);
    } catch (error) {
      throw new Error(`MASTER_KEY does not open the keys in ${this.keys.namespace}.`, { cause: error });
    }
    await this.readRegister();
  }

  keyOf(personId: string): KeyObject | undefined {
    return this.#known.get(personId);
  }

  async fetch(personIds: readonly string[]): Promise<void> {
    if (performance.now() - this.#registerReadAt > REGISTER_HOLDS_MS) await this.readRegister();
    const missing = this.#missing(personIds);
    for (let i = 0; i < missing.length; i += AT_ONCE) {
      const found = this.keys.find({ _id: { $in: missing.slice(i, i + AT_ONCE) }, wrapped: { $exists: true } });
      for await (const { _id, wrapped } of found) this.#remember(_id, decrypt(this.master, wrapped!.value(), _id));
    }
  }

  async ensure(personIds: readonly string[]): Promise<void> {
    await this.fetch(personIds);
    const missing = this.#missing(personIds);
    if (missing.length === 0) return;
    const made = missing.map((id) => ({
      updateOne: {
        filter: { _id: id },
        update: { $setOnInsert: { wrapped: new mongo.Binary(encrypt(this.master, randomBytes(KEY_BYTES), id)) } },
        upsert: true,
      },
    }));
    await this.keys.bulkWrite(made, { ordered: false }).catch((error: unknown) => {
      if (!isDuplicatesOnly(error)) throw error; // another process made it at the same moment
    });
    await this.fetch(missing);
  }

  async destroy(personId: string): Promise<void> {
    await this.keys.updateOne({ _id: personId }, { $set: { erased: true }, $unset: { wrapped: true } }, { upsert: true });
    this.#forget(personId);
  }

  erased(): readonly string[] {
    return [...this.#erased].sort();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading?.catch(unheard('it is closed: nobody asks what was erased'));
    this.#known.clear();
    await this.own?.close();
  }

  readRegister(): Promise<void> {
    return (this.#reading ??= this.#readRegister().finally(() => (this.#reading = undefined)));
  }

  async #readRegister(): Promise<void> {
    const at = performance.now();
    for await (const { _id } of this.keys.find({ erased: true }, { projection: { _id: 1 } })) this.#forget(_id);
    this.#registerReadAt = at;
  }

  #forget(personId: string): void {
    this.#erased.add(personId);
    this.#known.delete(personId);
  }

  #missing(personIds: readonly string[]): string[] {
    return personIds.filter((id) => !this.#known.has(id) && !this.#erased.has(id));
  }

  #remember(personId: string, bytes: Buffer): void {
    const key = createSecretKey(bytes);
    bytes.fill(0);
    if (this.#erased.has(personId)) return;
    const oldest = this.#known.size >= REMEMBERED_KEYS ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(personId, key);
  }
}

export type MongoPersonKeysOptions = {
  readonly database: string;
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
  readonly onProblem?: OnProblem;
} & ({ readonly connection: Connection } | { readonly url: string });

/** Opens the keys of a service's people; with `url` on a connection of their own. Throws where `masterKey` is not the one that wrapped them. */
export async function openMongoPersonKeys(options: MongoPersonKeysOptions): Promise<PersonKeys> {
  const own = 'url' in options ? await connectMongo(options.url) : undefined;
  const db = databaseOf('url' in options ? own! : options.connection, options.database);
  const keys = new MongoPersonKeys(db.collection('person-keys'), createSecretKey(options.masterKey), own, options.onProblem);
  try {
    await keys.open();
    return keys;
  } catch (error) {
    await keys.close();
    throw error;
  }
}
