import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSigningKey, spkiOf } from './key-pair.mjs';

type TrustedKeys = Readonly<Record<string, string | readonly string[]>>;

export const TRUST_FILE = 'trusted-keys.json';
const SUFFIX = '.key.pem';

const privateKeyFile = (folder: string, process: string): string => join(folder, `${process}${SUFFIX}`);
const ownKey = (folder: string, process: string): string => spkiOf(createPrivateKey(readFileSync(privateKeyFile(folder, process), 'utf8')));

function trustedIn(folder: string): TrustedKeys {
  const file = join(folder, TRUST_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TrustedKeys) : {};
}

/** Running processes read the file at any time: it is there whole or not at all. */
function writeTrusted(folder: string, keys: TrustedKeys): void {
  const file = join(folder, TRUST_FILE);
  writeFileSync(`${file}.part`, `${JSON.stringify(keys, null, 2)}\n`, { flush: true });
  renameSync(`${file}.part`, file);
}

/**
 * An Ed25519 key in `<process>.key.pem` for each process that has none, or a new one where `renew`; `trusted-keys.json` names the new ones beside
 * those it held. Answers for whom keys were made.
 */
export function makeSigningKeys(folder: string, processes: readonly string[], { renew = false } = {}): readonly string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const trusted: Record<string, string | readonly string[]> = { ...trustedIn(folder) };
  const wanting = processes.filter((process) => renew || !existsSync(privateKeyFile(folder, process)));
  const made = wanting.map((process) => [process, newSigningKey()] as const);
  for (const [process, key] of made) {
    const known = [trusted[process] ?? []].flat();
    trusted[process] = known.length === 0 ? spkiOf(key) : [...known, spkiOf(key)];
  }
  // trusted before it is used
  writeTrusted(folder, trusted);
  for (const [process, key] of made)
    writeFileSync(privateKeyFile(folder, process), key.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  return wanting;
}

/** Leaves in `trusted-keys.json` the one key of each process that it has now. */
export function retireSigningKeys(folder: string): void {
  const processes = readdirSync(folder).flatMap((name) => (name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : []));
  writeTrusted(folder, Object.fromEntries(processes.sort().map((process) => [process, ownKey(folder, process)])));
}
