import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Trouble } from '@ateneo/event-sourcing';
import { z } from 'zod';
import { ConfigurationError } from './config.js';

export type TrustedKey = { readonly process: string; readonly key: KeyObject };

const REREAD_MS = 10_000;
const fileContent = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** Names a public key: the first 16 base64url characters of the SHA-256 of its SPKI. */
export const keyIdOf = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url')
    .slice(0, 16);

/**
 * Public keys by id, from a JSON file `{ "<process>": "<SPKI, base64>" | ["…", "…"] }`; several keys of one process while it changes them.
 * The file is read again every 10 s, and once within 10 s for a key not met before; a file that cannot be read leaves what was known.
 */
export class TrustedKeys {
  #keys: ReadonlyMap<string, TrustedKey>;
  #readAt: number;
  #missedAt = -Infinity;

  /** `complain`: told why a later reading failed. Throws ConfigurationError where the file is absent or wrong. */
  constructor(
    private readonly file: string,
    private readonly trouble?: Trouble,
    private readonly now: () => number = Date.now,
  ) {
    this.#keys = readTrustedKeys(file);
    this.#readAt = now();
  }

  find(keyId: string): TrustedKey | undefined {
    const now = this.now();
    if (now - this.#readAt >= REREAD_MS) this.#read(now);
    if (!this.#keys.has(keyId) && now - this.#missedAt >= REREAD_MS) {
      this.#missedAt = now;
      this.#read(now);
    }
    return this.#keys.get(keyId);
  }

  #read(now: number): void {
    this.#readAt = now;
    try {
      this.#keys = readTrustedKeys(this.file);
      this.trouble?.over();
    } catch (error) {
      this.trouble?.fails(error);
    }
  }
}

function readTrustedKeys(file: string): Map<string, TrustedKey> {
  const keys = new Map<string, TrustedKey>();
  for (const [process, spki] of Object.entries(contentOf(file)))
    for (const text of [spki].flat()) {
      const key = publicKeyOf(file, process, text);
      const id = keyIdOf(key);
      const other = keys.get(id)?.process ?? process;
      if (other !== process) throw new ConfigurationError(`TRUSTED_KEYS: ${file} gives one key to both ${other} and ${process}`);
      keys.set(id, { process, key });
    }
  return keys;
}

function contentOf(file: string): z.output<typeof fileContent> {
  try {
    return fileContent.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'not an object of process names and keys' : (error as Error).message;
    throw new ConfigurationError(`TRUSTED_KEYS names ${file}, which cannot be read: ${reason}`);
  }
}

function publicKeyOf(file: string, process: string, spki: string): KeyObject {
  const wrong = () => new ConfigurationError(`TRUSTED_KEYS: the key of ${process} in ${file} is no Ed25519 public key as SPKI in base64`);
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    throw wrong();
  }
  throw wrong();
}
