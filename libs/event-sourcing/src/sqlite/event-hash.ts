import { createHmac, type KeyObject } from 'node:crypto';

/** The stored columns of an event that its hash covers. */
export type HashedColumns = {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly at: number;
  readonly data: string;
  readonly metadata: string;
};

/**
 * HMAC-SHA-256 (base64url) over the previous hash of the stream and the event as stored.
 * Texts are length-prefixed; the first event of a stream chains to the stream's name, so that no event can change its stream.
 */
export function eventHash(key: KeyObject, previous: string | undefined, event: HashedColumns): string {
  const { stream, id, type, version, at, data, metadata } = event;
  const link = previous ?? `${stream.length}:${stream}`;
  return createHmac('sha256', key)
    .update(`${link}|${id}|${version}|${at}|${type.length}:${type}|${data.length}:${data}|${metadata}`)
    .digest('base64url');
}
