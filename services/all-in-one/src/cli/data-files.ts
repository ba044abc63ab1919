import { createHash } from 'node:crypto';
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { backup as writeSnapshot, DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { openToRead } from '@ateneo/event-sourcing';

export type Kind = 'events' | 'keys' | 'views' | 'webhooks';
export type ServiceFile = { readonly service: string; readonly name: string };

/** The files of one kind in a data folder, one a service. */
export const filesOf = (folder: string, kind: Kind): ServiceFile[] =>
  readdirSync(folder)
    .flatMap((name) => {
      const service = new RegExp(`^(.+)\\.${kind}\\.sqlite$`).exec(name)?.[1];
      return service === undefined ? [] : [{ service, name }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));

type Copy = { readonly from: string; readonly to: string };

/**
 * Copies of databases as they all stood at one moment, though others may be writing: `held` ones keep still for the moment in which
 * every reader takes its snapshot. Where nothing may be held, each copy is at least as late as those before it.
 */
export async function copyTogether(copies: readonly Copy[], held: readonly string[] = []): Promise<void> {
  const opened: DatabaseSync[] = [];
  const open = (path: string, readOnly: boolean, begin: string) => {
    const db = readOnly ? openToRead(path) : new DatabaseSync(path, { timeout: 5_000 });
    opened.push(db);
    db.exec(begin);
    return db;
  };
  try {
    const holders = held.map((path) => open(path, false, 'BEGIN IMMEDIATE'));
    const readers = copies.map(({ from, to }) => ({ to, db: open(from, true, 'BEGIN; SELECT count(*) FROM sqlite_schema') }));
    for (const holder of holders) holder.exec('ROLLBACK');
    for (const { db, to } of readers) {
      await writeSnapshot(db, to);
      makeDurable(to);
    }
  } finally {
    for (const db of opened) db.close();
  }
}

/** Files, or folders with the names in them, onto the disk. */
export function makeDurable(...paths: readonly string[]): void {
  for (const path of paths) {
    const handle = openSync(path, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}

/** Finished files of the files port; what is still being written has no reader yet. */
export const attachmentsOf = (folder: string): string[] =>
  existsSync(join(folder, 'files')) ? readdirSync(join(folder, 'files')).filter((name) => !name.endsWith('.part')) : [];

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
