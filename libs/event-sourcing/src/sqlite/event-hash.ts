import { hash } from 'node:crypto';

/** The stored columns of an event that its hash covers. */
export type HashedColumns = {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly data: string;
  readonly metadata: string;
};

const BLOCK = 64;
const DIGEST = 32;

/**
 * HMAC-SHA-256 over the previous hash of the stream and the event as stored. Texts are length-prefixed; the first event of a
 * stream chains to the stream's name, so that no event can change its stream. Written over the one-shot hash (RFC 2104), which
 * takes half the time of a `Hmac` object for texts of this size.
 */
export class EventHasher {
  #inner: Buffer;
  readonly #outer = Buffer.alloc(BLOCK + DIGEST);

  /** Takes a key of at most 64 bytes. */
  constructor(key: Uint8Array) {
    if (key.length < 16 || key.length > BLOCK) throw new RangeError('The hash key has 16 to 64 bytes.');
    this.#inner = Buffer.alloc(8_192);
    for (let i = 0; i < BLOCK; i += 1) {
      this.#inner[i] = (key[i] ?? 0) ^ 0x36;
      this.#outer[i] = (key[i] ?? 0) ^ 0x5c;
    }
  }

  hash(previous: Uint8Array | undefined, { stream, id, type, version, at, data, metadata }: HashedColumns): Uint8Array {
    const link = previous ? '' : `${stream.length}:${stream}`;
    const text = `${link}|${id}|${version}|${at}|${type.length}:${type}|${data.length}:${data}|${metadata}`;
    const start = BLOCK + (previous ? DIGEST : 0);
    this.#makeRoom(start + text.length * 3);
    if (previous) this.#inner.set(previous, BLOCK);
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
