/** Who acted: a person, a service account, or the platform itself (`system:<service>/<reaction>`). */
export type ActorRef = { readonly id: string; readonly kind: 'person' | 'service-account' | 'system' };

/** What an event is about, for permissions and routing; for one stream a key, once set, never changes. */
export type Scope = { readonly schoolId?: string; readonly traineeId?: string };

/** The school of an event. Throws RangeError where it is about none. */
export function schoolIn({ schoolId }: Scope): string {
  if (schoolId === undefined) throw new RangeError('the event is about no school');
  return schoolId;
}

/** Trainee and school of an event. Throws RangeError where it is about none. */
export function traineeIn(scope: Scope): Required<Scope> {
  if (scope.traineeId === undefined) throw new RangeError('the event is about no trainee');
  return { traineeId: scope.traineeId, schoolId: schoolIn(scope) };
}

export type Metadata = {
  /** ISO 8601 UTC, stamped by the writer at commit, never lower than the one before it in that store. */
  readonly at: string;
  readonly actor: ActorRef;
  readonly scope: Scope;
  readonly commandId?: string;
  /** Keyed hash of the command, so that the same commandId with other content is told apart. */
  readonly commandHash?: string;
  readonly correlationId: string;
  readonly causationId?: string;
  /** W3C, of the span that stored it; absent where nothing is traced. */
  readonly traceparent?: string;
};

/** A domain event as deciders know it: a `type` and the facts of that moment. */
export type DomainEvent = { readonly type: string };

/** An event on its way to the store. `data` holds ciphertext for personal fields already. */
export type EventToStore = {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: object;
  readonly metadata: Omit<Metadata, 'at'>;
};

export type StoredEvent = {
  /** Global order in this store: it rises, and is no count: the next one may be any number above it. */
  readonly position: number;
  readonly stream: string;
  /** 0 for the first event of the stream. */
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: object;
  readonly metadata: Metadata;
};

export type AppendItem = {
  readonly stream: string;
  /** Revision of the last event the caller has seen; -1 = the stream must not exist. */
  readonly expectedRevision: number;
  readonly events: readonly EventToStore[];
};

export type AppendResult =
  | {
      readonly ok: true;
      readonly revision: number;
      readonly position: number;
      /** Position of each event of the item, where they do not follow one another. */
      readonly positions?: readonly number[];
      readonly at: string;
      /** the same ids were there already */ readonly repeated: boolean;
    }
  | { readonly ok: false; readonly reason: 'conflict'; readonly revision: number };

/** The queue of the writer is full; nothing was stored; try again later. */
export class StoreBusyError extends Error {
  override readonly name = 'StoreBusyError';
}

/**
 * The store cannot write now (disk full, read-only, closed, no server): nothing was stored, readable perhaps still. Where an answer was lost on a network
 * it may have been stored: the same ids, sent again, are told as a repeat.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  /** What the system itself says, e.g. ENOSPC, where the cause has it. */
  readonly code: string | undefined;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = (options?.cause as { code?: string } | undefined)?.code;
  }
}

/** The event log of one service. Adapters: SQLite (embedded), KurrentDB (distributed); one conformance suite for both. */
export interface EventStore {
  /** Changes when a store is restored from a backup; consumers that meet another epoch rebuild. */
  readonly epoch: string;
  /** Resolves after the events are durable. Throws StoreBusyError, having stored nothing, or StoreUnavailableError. */
  append(item: AppendItem): Promise<AppendResult>;
  /** Each item succeeds or is refused by itself; those that succeed share one durable commit. A stream stands in one item only. */
  appendMany(items: readonly AppendItem[]): Promise<AppendResult[]>;
  /** All events of a stream in order, or [] where there is none. */
  readStream(stream: string): Promise<StoredEvent[]>;
  /** Up to `limit` events after `position` (0 = from the start, else that of an event) in global order; ciphertext as stored. */
  readAfter(position: number, limit: number): Promise<StoredEvent[]>;
  /** The event at a position; undefined where none stands there: positions need not follow one another. */
  readAt(position: number): Promise<StoredEvent | undefined>;
  /** How many events stand after `position`; where they would have to be read to be counted, `most` stands for that many and more. 0 at the head alone. */
  countAfter(position: number, most: number): Promise<number>;
  /** Position of the last durable event, 0 when empty. */
  head(): Promise<number>;
  /** Calls back after each commit with the new head, until the returned function is called. */
  onCommit(listener: (head: number) => void): () => void;
  close(): Promise<void>;
}
