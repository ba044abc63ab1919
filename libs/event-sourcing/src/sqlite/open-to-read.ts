import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/**
 * Opens a database to read it and leaves nothing beside it. SQLite itself wants to write beside a file in WAL mode, and cannot on a medium that is
 * read-only: there the file is read as one that nobody changes, or, where a WAL holds part of it, a copy is. `still`: nobody has it open anywhere.
 */
export function openToRead(file: string, { still = false }: { readonly still?: boolean } = {}): DatabaseSync {
  const wal = `${file}-wal`;
  const whole = !existsSync(wal) || statSync(wal).size === 0;
  if (whole && (still || !isWritable(dirname(resolve(file))))) return unchanging(file);
  if (still || !isWritable(dirname(resolve(file)))) return copied(file);
  return new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
}

function unchanging(file: string): DatabaseSync {
  const url = pathToFileURL(resolve(file));
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true });
}

/** The copy goes as soon as it is open: the system keeps what is open. */
function copied(file: string): DatabaseSync {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-read-'));
  try {
    const copy = join(folder, basename(file));
    for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, `${copy}${end}`);
    const db = new DatabaseSync(copy, { readOnly: true });
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (['EROFS', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
