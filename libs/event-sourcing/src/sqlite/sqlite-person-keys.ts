import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { decrypt, encrypt, type PersonKeys } from '../keys.js';
import { openToRead } from './open-to-read.js';
import { StorageDatabase } from './storage-database.js';

const KEY_BYTES = 32;
const REMEMBERED_KEYS = 10_000;

type Waiting = { readonly people: Set<string>; readonly settle: { resolve(): void; reject(error: unknown): void }[] };
type Statements = Record<'find' | 'add' | 'remove' | 'erase' | 'erased' | 'isErased', StatementSync>;

function openKeysFile(file: string, maxPages?: number): StorageDatabase {
  mkdirSync(dirname(file), { recursive: true });
  const db = new StorageDatabase(file, { timeout: 5_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
  if (maxPages) db.exec(`PRAGMA max_page_count = ${Math.trunc(maxPages)}`);
  db.exec('CREATE TABLE IF NOT EXISTS keys (person TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID');
  db.exec('CREATE TABLE IF NOT EXISTS erased (person TEXT PRIMARY KEY) WITHOUT ROWID');
  return db;
}

/** The keys of a service's people in a file of their own, each wrapped by the master key for its person alone. */
class SqlitePersonKeys implements PersonKeys {
  readonly #db: StorageDatabase;
  readonly #master: KeyObject;
  readonly #sql: Statements;
  readonly #known = new Map<string, KeyObject>();
  #waiting: Waiting | undefined;

  constructor(file: string, masterKey: Uint8Array, maxPages?: number) {
    this.#master = createSecretKey(masterKey);
    this.#db = openKeysFile(file, maxPages);
    this.#sql = {
      find: this.#db.prepare('SELECT wrapped FROM keys WHERE person = ?'),
      add: this.#db.prepare('INSERT INTO keys VALUES (?, ?)'),
      remove: this.#db.prepare('DELETE FROM keys WHERE person = ?'),
      erase: this.#db.prepare('INSERT INTO erased VALUES (?) ON CONFLICT DO NOTHING'),
      erased: this.#db.prepare('SELECT person FROM erased ORDER BY person'),
      isErased: this.#db.prepare('SELECT 1 FROM erased WHERE person = ?'),
    };
    this.#tryMasterKey(file);
  }

  keyOf(personId: string): KeyObject | undefined {
    const known = this.#known.get(personId);
    if (known) return known;
    const row = this.#sql.find.get(personId);
    return row && this.#remember(personId, decrypt(this.#master, row['wrapped'] as Uint8Array, personId));
  }

  /** The file has one process. */
  async fetch(): Promise<void> {}

  async ensure(personIds: readonly string[]): Promise<void> {
    const missing = personIds.filter((id) => !this.keyOf(id));
    if (missing.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      if (!this.#waiting) setImmediate(() => this.#makeKeys());
      this.#waiting ??= { people: new Set(), settle: [] };
      for (const id of missing) this.#waiting.people.add(id);
      this.#waiting.settle.push({ resolve, reject });
    });
  }

  async destroy(personId: string): Promise<void> {
    this.#inTransaction(() => {
      this.#sql.erase.run(personId);
      this.#sql.remove.run(personId);
    });
    this.#known.delete(personId);
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  erased(): readonly string[] {
    return this.#sql.erased.all().map((row) => row['person'] as string);
  }

  async close(): Promise<void> {
    this.#makeKeys();
    this.#known.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  /** The keys asked for in one turn of the event loop share one durable commit. */
  #makeKeys(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting) return;
    try {
      this.#inTransaction(() => waiting.people.forEach((id) => this.#makeKey(id)));
      for (const { resolve } of waiting.settle) resolve();
    } catch (error) {
      for (const { reject } of waiting.settle) reject(error);
    }
  }

  #makeKey(personId: string): void {
    if (this.#sql.isErased.get(personId) || this.#sql.find.get(personId)) return;
    this.#sql.add.run(personId, encrypt(this.#master, randomBytes(KEY_BYTES), personId));
  }

  #remember(personId: string, bytes: Buffer): KeyObject {
    const key = createSecretKey(bytes);
    bytes.fill(0);
    const oldest = this.#known.size >= REMEMBERED_KEYS ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(personId, key);
    return key;
  }

  #inTransaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #tryMasterKey(file: string): void {
    const any = this.#db.prepare('SELECT person, wrapped FROM keys LIMIT 1').get();
    if (!any) return;
    try {
      decrypt(this.#master, any['wrapped'] as Uint8Array, any['person'] as string);
    } catch (error) {
      this.#db.close();
      throw new Error(`MASTER_KEY does not open the keys in ${file}.`, { cause: error });
    }
  }
}

/** The register of erasures of a keys file; `still`: nobody has it open, as in a backup. */
export function readErasures(file: string, options: { readonly still?: boolean } = {}): string[] {
  const db = openToRead(file, options);
  try {
    const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'erased'").get() !== undefined;
    return known
      ? db
          .prepare('SELECT person FROM erased ORDER BY person')
          .all()
          .map((row) => row['person'] as string)
      : [];
  } finally {
    db.close();
  }
}

/** Destroys keys in a restored file that nobody has open, and enters the people in its register of erasures. Needs no master key. */
export function applyErasures(file: string, people: readonly string[]): void {
  const db = openKeysFile(file);
  try {
    const [erase, remove] = [
      db.prepare('INSERT INTO erased VALUES (?) ON CONFLICT DO NOTHING'),
      db.prepare('DELETE FROM keys WHERE person = ?'),
    ];
    db.exec('BEGIN IMMEDIATE');
    for (const person of people) {
      erase.run(person);
      remove.run(person);
    }
    db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

/** Opens the keys of a service's people; `masterKey` has 32 bytes, `maxPages` bounds the file. Throws where it is not the one that wrapped them. */
export const openSqlitePersonKeys = (options: { file: string; masterKey: Uint8Array; maxPages?: number }): PersonKeys =>
  new SqlitePersonKeys(options.file, options.masterKey, options.maxPages);
