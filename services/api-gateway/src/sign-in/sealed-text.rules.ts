import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Seals what the gateway keeps (private keys, sessions) under a key derived from MASTER_KEY. */
export class SealedText {
  readonly #key: Buffer;
  readonly #nonceKey: Buffer;

  constructor(masterKey: Buffer) {
    const derived = (name: string) => Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), name, 32));
    this.#key = derived('ateneo api-gateway keys');
    this.#nonceKey = derived('ateneo api-gateway nonces');
  }

  /** `place`: what it belongs to; it opens for nothing else. */
  seal(text: string, place = ''): Buffer {
    return this.#seal(text, place, randomBytes(12));
  }

  /** The same text of the same place looks the same, for readers who compare; it tells nothing else. */
  sealAlike(text: string, place: string): Buffer {
    return this.#seal(text, place, createHmac('sha256', this.#nonceKey).update(`${place}\0${text}`).digest().subarray(0, 12));
  }

  #seal(text: string, place: string, iv: Buffer): Buffer {
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
