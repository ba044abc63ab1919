import { KeyedHash } from '../keyed-hash.js';

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

/**
 * HMAC-SHA-256 over the previous hash of the stream and the event as stored. Texts are length-prefixed; the first event of a
 * stream chains to the stream's name, so that no event can change its stream.
 */
export class EventHasher {
  readonly #keyed: KeyedHash;

  /** Takes a key of 16 to 64 bytes. */
  constructor(key: Uint8Array) {
    this.#keyed = new KeyedHash(key);
  }

  hash(previous: Uint8Array | undefined, { stream, id, type, version, at, data, metadata }: HashedColumns): Uint8Array {
    const link = previous ? '' : `${stream.length}:${stream}`;
    return this.#keyed.digest(`${link}|${id}|${version}|${at}|${type.length}:${type}|${data.length}:${data}|${metadata}`, previous);
  }
}
