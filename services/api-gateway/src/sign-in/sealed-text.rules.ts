import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Seals what the gateway keeps (private keys, sessions) under a key derived from MASTER_KEY. */
export class SealedText {
  readonly #key: Buffer;

  constructor(masterKey: Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), 'ateneo api-gateway keys', 32));
  }

  /** `place`: what it belongs to; it opens for nothing else. */
  seal(text: string, place = ''): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(place));
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws when it was sealed under another MASTER_KEY or for another place, or altered. */
  open(sealed: Uint8Array, place = ''): string {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12)).setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
  }
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
export const secret = (bytes = 32): string => randomBytes(bytes).toString('base64url');
