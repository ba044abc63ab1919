import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from './config.js';
import type { PlatformConfig } from './platform.config.js';

/** What a data folder was started as; a demo also tells when its data was complete. */
export type Installation = { readonly seed: 'demo' | 'empty'; readonly seededOn?: string };
const FILE = 'installation.json';
const DEMO_KEY = 'demo-master.key';
/** Stands in a folder while a restore is putting files in their place. */
export const RESTORING = 'restoring';

/** Undefined where the folder holds no data. */
export function readInstallation(folder: string): Installation | undefined {
  const file = join(folder, FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Installation) : undefined;
}

export function writeInstallation(folder: string, content: Installation): void {
  const file = join(folder, FILE);
  writeFileSync(`${file}.part`, `${JSON.stringify(content)}\n`, { flush: true });
  renameSync(`${file}.part`, file);
}

/** A folder keeps what it was started as: one started empty never becomes a demo. A demo whose seeding was cut off is begun anew. */
export function openInstallation(folder: string, { SEED }: Pick<PlatformConfig, 'SEED'>): Installation & { readonly fresh: boolean } {
  if (existsSync(join(folder, RESTORING)))
    throw new ConfigurationError(`The data folder ${folder} holds half a restore: run «ateneo restore» again`);
  const found = readInstallation(folder);
  if (!found) {
    const seed = SEED ?? 'demo';
    writeInstallation(folder, { seed });
    return { seed, fresh: true };
  }
  const { seed, seededOn } = found;
  if (SEED !== undefined && SEED !== seed)
    throw new ConfigurationError(
      `SEED holds "${SEED}", but the folder ${folder} was started as "${seed}": it may hold ${seed}, or DATA_DIR another folder`,
    );
  const cutOff = seed === 'demo' && seededOn === undefined;
  if (cutOff) clearDemo(folder);
  return { seed, fresh: cutOff };
}

function clearDemo(folder: string): void {
  for (const name of readdirSync(folder))
    if (/(\.(events|views|keys)|^anchor)\.sqlite(-wal|-shm|-journal)?$/.test(name) || name === 'files')
      rmSync(join(folder, name), { recursive: true });
}

/** The key that wraps all others. A demo keeps its own in the folder, made where `fresh`. */
export function masterKeyOf(
  folder: string,
  { MASTER_KEY }: Pick<PlatformConfig, 'MASTER_KEY'>,
  seed: Installation['seed'],
  fresh = false,
): Buffer {
  if (MASTER_KEY) return Buffer.from(MASTER_KEY, MASTER_KEY.length === 64 ? 'hex' : 'base64');
  if (seed !== 'demo')
    throw new ConfigurationError('MASTER_KEY is not set: outside the demo it must hold 32 bytes in hexadecimal or base64');
  const file = join(folder, DEMO_KEY);
  if (!existsSync(file)) {
    if (!fresh) throw new ConfigurationError(`${file} is missing: the data of this demo cannot be read without it`);
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
}

/** A key of 32 bytes for one purpose. */
export const derivedKey = (masterKey: Buffer, purpose: string): Buffer => createHmac('sha256', masterKey).update(purpose).digest();
/** The purpose of the key that chains a service's events. */
export const chainOf = (service: string): string => `chain:${service}`;
