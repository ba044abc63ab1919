import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** Raised when the tables below change; an older file is then migrated at opening. */
const SCHEMA_VERSION = '1';

const TABLES = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY, stream_id INTEGER NOT NULL, revision INTEGER NOT NULL, id BLOB NOT NULL, type TEXT NOT NULL,
    version INTEGER NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL, meta TEXT NOT NULL, hash BLOB NOT NULL, UNIQUE (stream_id, revision));
  CREATE TABLE IF NOT EXISTS deadlines (
    id TEXT PRIMARY KEY, due_at INTEGER NOT NULL, payload TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deadlines_next ON deadlines (next_at, due_at, id);`;

/** Opens an events file for its one writer, every commit durable (`synchronous=FULL`), and creates it where it does not exist. */
export function openEventFile(file: string, maxPages?: number): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
    db.exec('PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;');
    if (maxPages) db.exec(`PRAGMA max_page_count = ${Math.trunc(maxPages)}`);
    if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()) createTables(db);
    const version = metaValue(db, 'schema');
    if (version !== SCHEMA_VERSION) throw new Error(`${file} has event schema ${version}; this release reads schema ${SCHEMA_VERSION}.`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function createTables(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE; ${TABLES}`);
  const put = db.prepare('INSERT OR IGNORE INTO meta VALUES (?, ?)');
  put.run('schema', SCHEMA_VERSION);
  put.run('epoch', randomUUID());
  db.exec('COMMIT');
}

/** A value of the events file's `meta` table. */
export function metaValue(db: DatabaseSync, name: string): string | undefined {
  return db.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.['value'] as string | undefined;
}

/** Gives a restored file another epoch, so that every consumer of it begins anew; nobody may have it open. */
export function renewEpoch(file: string): void {
  const db = openEventFile(file);
  try {
    db.prepare("UPDATE meta SET value = ? WHERE name = 'epoch'").run(randomUUID());
  } finally {
    db.close();
  }
}

/** The 16 stored bytes of an event id. */
export const idToBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** The lower-case uuid text of an id read as `hex(id)`. */
export function idFromHex(hex: string): string {
  const text = hex.toLowerCase();
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
