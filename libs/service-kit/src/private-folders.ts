import { accessSync, chmodSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '@ateneo/event-sourcing';
import { ConfigurationError } from './config.js';
import type { Logger } from './log.js';
import type { PlatformConfig } from './platform.config.js';

const OWN = /\.sqlite(-wal|-shm|-journal)?$|^(installation\.json|demo-master\.key|restoring)$/;

/** From now on whatever the process makes is for its owner alone; SQLite's own files, too. */
export function ownerOnly(): void {
  process.umask(0o077);
}

/** Takes the rights of others away from what an earlier release left readable to them. */
export function tighten(folder: string, log: Logger): void {
  try {
    close(folder, 0o700);
    for (const name of readdirSync(folder)) if (OWN.test(name)) close(join(folder, name), 0o600);
    const files = join(folder, 'files');
    if (!existsSync(files) || !close(files, 0o700)) return;
    for (const name of readdirSync(files)) close(join(files, name), 0o600);
  } catch (error) {
    log.warn({ folder, error }, 'the data folder may be read by others: its rights cannot be changed');
  }
}

/** True where others had rights. */
function close(path: string, mode: number): boolean {
  const open = (statSync(path).mode & 0o077) !== 0;
  if (open) chmodSync(path, mode);
  return open;
}

/** Throws ConfigurationError where FILES_URL names a folder that cannot be written. */
export function openFilesFolder({ FILES_URL }: Pick<PlatformConfig, 'FILES_URL'>): void {
  if (!FILES_URL.startsWith('file:') || FILES_URL === 'file:') return;
  const folder = resolve(FILES_URL.slice('file:'.length));
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    readdirSync(folder);
  } catch (error) {
    throw new ConfigurationError(`FILES_URL holds "${FILES_URL}", a folder that cannot be written: ${(error as Error).message}`);
  }
}
