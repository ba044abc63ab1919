import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/** A connection that nothing refers to is collected, and its lock with it. */
const held = new Set<DatabaseSync>();

/** Takes a data folder for this process until the returned function is called or the process ends. Throws where another process has it. */
export function lockDataFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch (error) {
    db.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new Error(`The data folder ${folder} is in use by another process.`, { cause: error });
  }
  held.add(db);
  return () => {
    held.delete(db);
    if (db.isOpen) db.close();
  };
}
