import { randomUUID } from 'node:crypto';
import { type AppendStreamState, type EventData, jsonEvent, NO_STREAM, type Position, START } from '@kurrent/kurrentdb-client';
import type { AppendItem, EventToStore, Metadata, StoredEvent } from '../event-store.js';
import type { EventHasher } from '../sqlite/event-hash.js';

/** The stored format of an event's metadata: ours, and what the server has no place for. */
type KurrentMetadata = Metadata & { readonly id: string; readonly version: number; readonly hash: string };

/** What the client says of an event that was read, from a stream or from `$all`. */
export type Recorded = {
  readonly streamId: string;
  readonly revision: bigint;
  readonly type: string;
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly position?: Position;
};

/** The end of a stream, as the next append to it must know it. `at`: milliseconds since 1970. */
export type StreamEnd = { readonly revision: number; readonly hash: Uint8Array | undefined; readonly at: number };

export const NO_EVENTS: StreamEnd = { revision: -1, hash: undefined, at: 0 };

/** Every stream of a service begins so: servers filter `$all` by it. */
export const prefixOf = (service: string): string => `${service}/`;

/** Outside the prefix, so that it is no event of the service. */
export const epochStreamOf = (service: string): string => `${service}:epoch`;

/** The revision that a server is told to expect. */
export const expectedState = (revision: number): AppendStreamState => (revision === -1 ? NO_STREAM : BigInt(revision));

/**
 * A commit position, the byte of the log where an event begins. Throws RangeError beyond 2^53 (a log of 8 PiB), and where a server older than 22.6 does
 * not say it.
 */
export function positionFrom(position: Position | undefined): number {
  const commit = Number(position?.commit ?? -1);
  if (!Number.isSafeInteger(commit) || commit < 0) throw new RangeError(`The server says no usable position: ${position?.commit}.`);
  return commit;
}

/** Our events are written outside transactions: commit and prepare are one place. */
export const positionTo = (position: number): typeof START | Position =>
  position === 0 ? START : { commit: BigInt(position), prepare: BigInt(position) };

/**
 * The events of an item as they are written after the end of their stream, each with its hash over the one before. On the server each attempt has ids of its
 * own: it would take equal ids for a repeat without a look at their content, and not tell it.
 */
export function eventsOf(
  { stream, events }: AppendItem,
  end: StreamEnd,
  at: number,
  hasher: EventHasher,
): { events: EventData[]; end: StreamEnd } {
  let { revision, hash } = end;
  const written = events.map((event) => {
    hash = hashOf(hasher, hash, stream, event, at);
    revision += 1;
    const { id, version, type, data } = event;
    const metadata = { ...event.metadata, at: new Date(at).toISOString(), id, version, hash: Buffer.from(hash).toString('base64url') };
    return jsonEvent({ id: randomUUID(), type, data: data as Record<string, unknown>, metadata }) as EventData;
  });
  return { events: written, end: { revision, hash, at } };
}

/** Covers data and metadata as JSON text, which parsing and writing again does not change. */
export const hashOf = (
  hasher: EventHasher,
  previous: Uint8Array | undefined,
  stream: string,
  event: EventToStore,
  at: number,
): Uint8Array =>
  hasher.hash(previous, {
    stream,
    id: event.id,
    type: event.type,
    version: event.version,
    at,
    data: JSON.stringify(event.data),
    metadata: JSON.stringify(event.metadata),
  });

/** An event as the port tells it, and its hash. Throws RangeError where it was not written by this adapter. */
export function storedFrom(
  service: string,
  { streamId, revision, type, data, metadata, position }: Recorded,
): {
  readonly event: StoredEvent;
  readonly hash: Uint8Array;
} {
  const { id, version, hash, ...ours } = (metadata ?? {}) as KurrentMetadata;
  if (typeof id !== 'string' || typeof hash !== 'string') throw new RangeError(`${streamId} holds an event that Ateneo did not write.`);
  const event: StoredEvent = {
    position: positionFrom(position),
    stream: streamId.slice(prefixOf(service).length),
    revision: Number(revision),
    id,
    type,
    version,
    data: data as object,
    metadata: ours,
  };
  return { event, hash: Buffer.from(hash, 'base64url') };
}
