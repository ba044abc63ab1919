import { hash } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 32;

/** HMAC-SHA-256 over the one-shot hash (RFC 2104): for short texts several times faster than a `Hmac` object. */
export class KeyedHash {
  #inner: Buffer;
  readonly #outer = Buffer.alloc(BLOCK + DIGEST);

  /** Takes a key of 16 to 64 bytes. */
  constructor(key: Uint8Array) {
    if (key.length < 16 || key.length > BLOCK) throw new RangeError('The hash key has 16 to 64 bytes.');
    this.#inner = Buffer.alloc(8_192);
    for (let i = 0; i < BLOCK; i += 1) {
      this.#inner[i] = (key[i] ?? 0) ^ 0x36;
      this.#outer[i] = (key[i] ?? 0) ^ 0x5c;
    }
  }

  /** The hash of a text, after a digest where one is given. */
  digest(text: string, after?: Uint8Array): Buffer {
    const start = BLOCK + (after ? DIGEST : 0);
    this.#makeRoom(start + text.length * 3);
    if (after) this.#inner.set(after, BLOCK);
    const end = start + this.#inner.write(text, start);
    this.#outer.set(hash('sha256', this.#inner.subarray(0, end), 'buffer'), BLOCK);
    return hash('sha256', this.#outer, 'buffer');
  }

  #makeRoom(size: number): void {
    if (size <= this.#inner.length) return;
    const pad = this.#inner.subarray(0, BLOCK);
    this.#inner = Buffer.alloc(size * 2);
    this.#inner.set(pad);
  }
}
