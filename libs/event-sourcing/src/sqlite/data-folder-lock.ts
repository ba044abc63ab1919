import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/** A connection that nothing refers to is collected, and its lock with it. */
const held = new Set<DatabaseSync>();

/** Takes a data folder for this process until the returned function is called or the process ends. Throws where another process has it or it cannot be written. */
export function lockDataFolder(folder: string): () => void {
  const db = openLock(folder);
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch (error) {
    db.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw notWritable(folder, error);
    throw new Error(`The data folder ${folder} is in use by another process.`, { cause: error });
  }
  held.add(db);
  return () => {
    held.delete(db);
    if (db.isOpen) db.close();
  };
}

function openLock(folder: string): DatabaseSync {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
  } catch (error) {
    throw notWritable(folder, error);
  }
}

const notWritable = (folder: string, cause: unknown): Error =>
  new Error(`The data folder ${folder} (DATA_DIR) cannot be written: ${(cause as Error).message}.`, { cause });

/** A folder for its owner alone, with those above it. Not `recursive`: where a file system lets nobody make one (/proc), Node would try for ever. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
