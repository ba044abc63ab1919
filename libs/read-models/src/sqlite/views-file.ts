import { existsSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Raised when the tables below change: an older file is then dropped and rebuilt from events. */
const SCHEMA = 1;

const TABLES = `
  CREATE TABLE builds (projection TEXT, build TEXT, live INTEGER NOT NULL DEFAULT 0, tables TEXT NOT NULL, PRIMARY KEY (projection, build)) WITHOUT ROWID;
  CREATE TABLE checkpoints (
    projection TEXT, build TEXT, origin TEXT, epoch TEXT NOT NULL, mapping INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (projection, build, origin)) WITHOUT ROWID;
  CREATE TABLE aside (
    projection TEXT, build TEXT, sequence INTEGER, key TEXT NOT NULL, origin TEXT NOT NULL, position INTEGER NOT NULL, stream TEXT NOT NULL, why TEXT NOT NULL,
    reason TEXT NOT NULL, awaits TEXT, event TEXT, skipped_at TEXT, skip_reason TEXT, PRIMARY KEY (projection, build, sequence)) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA};`;

/** Opens a views file for its one writer, every commit durable; one that is damaged or of another schema is made anew, since events can rebuild it. */
export function openViewsFile(file: string): DatabaseSync {
  try {
    const db = connect(file);
    if (version(db) === SCHEMA) return db;
    const fresh = version(db) === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
    if (fresh) return create(db);
    db.close();
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  return create(connect(file));
}

/** Up to this size a file is looked through at every opening; a larger one only after it was not closed in order. */
const QUICK_BYTES = 32 * 1024 * 1024;

function connect(file: string): DatabaseSync {
  const look = existsSync(`${file}-wal`) || (existsSync(file) && statSync(file).size <= QUICK_BYTES);
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
    db.exec('PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;');
    const state = look ? (db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }).quick_check : 'ok';
    if (state !== 'ok') throw Object.assign(new Error(`${file} is damaged: ${state}`), { errcode: CORRUPT });
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const isDamage = (error: unknown): boolean => [CORRUPT, NOT_A_DATABASE].includes((error as { errcode?: number }).errcode ?? 0);
const version = (db: DatabaseSync): number => (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;

function create(db: DatabaseSync): DatabaseSync {
  db.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT;`);
  return db;
}
