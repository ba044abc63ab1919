import { idOf, partitionOf, type Scope, type StoredEvent } from '@ateneo/event-sourcing';
import type { PublicEvent } from '@ateneo/messaging';
import type { AnyCollectionSpec } from './document-store.js';

/** The name under which a service's own stored events are followed. */
export const OWN = 'own';

/** What a projection sees of an event, be it one of the own store or a public one. */
export type ProjectedEvent<Type extends string = string, Data = Record<string, unknown>> = {
  readonly id: string;
  readonly type: Type;
  readonly data: Data;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly actorId: string;
  readonly stream: string;
  /** Of own events only. */
  readonly revision?: number;
  readonly position: number;
  readonly partition: number;
  /** The service it comes from. */
  readonly service: string;
  /** `own` for the own store, else the service. */
  readonly origin: string;
  readonly scope: Scope;
  /** W3C, of the span that stored it. */
  readonly traceparent?: string;
};

/** The documents of a projection while it folds. They are never changed in place: put a new one. */
export interface Documents {
  get<D>(collection: string, id: string): D | undefined;
  put(collection: string, id: string, document: unknown): void;
  delete(collection: string, id: string): void;
}

/** Thrown by a projection whose event speaks of something that has not arrived yet; the event waits until it has. */
export class NotYetKnown extends Error {
  override readonly name = 'NotYetKnown';
  constructor(
    what: string,
    /** The service the missing fact comes from (`own` for the own store); undefined: any. */
    readonly origin?: string,
  ) {
    super(`${what} is not known yet`);
  }
}

/** Reads all documents of a build, in the order of their ids. */
export type Scan = <D>(collection: string) => AsyncIterable<{ readonly id: string; readonly document: D }>;

/** A read model as a pure fold of events into documents. */
export interface Projection {
  readonly name: string;
  /** Raised when the same events give other documents: it is then rebuilt side by side. */
  readonly version: number;
  readonly collections: readonly AnyCollectionSpec[];
  /** Stored event types of the own service; their personal fields come open. */
  readonly own?: readonly string[];
  /** Public event types of any service. */
  readonly public?: readonly string[];
  /** Services whose events the others' refer to: at a start they are read first. */
  readonly references?: readonly string[];
  /** Events are set aside under this key; default: the trainee, else the stream's uuid. */
  partitionKey?(event: ProjectedEvent): string;
  /** The documents that the event needs, loaded before `apply`. */
  keys(event: ProjectedEvent): Iterable<readonly [collection: string, id: string]>;
  apply(event: ProjectedEvent, documents: Documents): void;
  /** For one that several instances share by partition. Without it one instance at a time folds the whole. */
  readonly parts?: {
    /** Services whose events every instance reads whole and by itself, into memory, from the beginning at each start (reference data); one that comes twice changes nothing. */
    readonly whole: readonly string[];
    /** The part that folds the other services' events of one partition, on top of what the whole has read. A new one for each time that the partition is taken over; `reset` also ends it. */
    of(partition: number): Projection;
  };
  /** For one that keeps a state of its own: reads it back, at a start and after a reset. */
  open?(scan: Scan): Promise<void>;
  /** For one that keeps a state of its own: writes what changed, right before the commit. */
  flush?(documents: Documents): void;
  /** A commit failed: what was folded since the last one is void, and `open` follows. */
  reset?(): void;
}

/** A projection, or how to make one, where each build needs a state of its own. */
export type ProjectionSource = Projection | (() => Projection);

export const keyOf = (projection: Projection, event: ProjectedEvent): string =>
  projection.partitionKey?.(event) ?? event.scope.traineeId ?? idOf(event.stream);

/** The common form of a public event. */
export const projectedPublic = (event: PublicEvent): ProjectedEvent => ({
  id: event.id,
  type: event.type,
  data: event.data as Record<string, unknown>,
  at: event.time,
  actorId: event.actorid,
  stream: event.subject,
  position: event.position,
  partition: event.partition,
  service: event.service,
  origin: event.service,
  scope: { schoolId: event.schoolid, traineeId: event.traineeid },
  traceparent: event.traceparent,
});

/** The common form of an event of the own store, whose data is of the current shape and open. */
export const projectedOwn = (service: string, event: StoredEvent): ProjectedEvent => ({
  id: event.id,
  type: event.type,
  data: event.data as Record<string, unknown>,
  at: event.metadata.at,
  actorId: event.metadata.actor.id,
  stream: event.stream,
  revision: event.revision,
  position: event.position,
  partition: partitionOf(event.metadata.scope.traineeId ?? idOf(event.stream)),
  service,
  origin: OWN,
  scope: event.metadata.scope,
  traceparent: event.metadata.traceparent,
});
