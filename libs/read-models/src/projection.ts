import { partitionOf, type Scope, type StoredEvent } from '@ateneo/event-sourcing';
import type { PublicEvent } from '@ateneo/messaging';
import type { AnyCollectionSpec, CollectionSpec } from './document-store.js';

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

export const uuidOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
export const keyOf = (projection: Projection, event: ProjectedEvent): string =>
  projection.partitionKey?.(event) ?? event.scope.traineeId ?? uuidOf(event.stream);

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
  partition: partitionOf(event.metadata.scope.traineeId ?? uuidOf(event.stream)),
  service,
  origin: OWN,
  scope: event.metadata.scope,
  traceparent: event.metadata.traceparent,
});

/** The usual projection: each event changes one document of one collection. */
export function documentProjection<D>(definition: {
  readonly name: string;
  readonly version: number;
  readonly collection: CollectionSpec<D>;
  readonly own?: readonly string[];
  readonly public?: readonly string[];
  readonly references?: readonly string[];
  readonly partitionKey?: (event: ProjectedEvent) => string;
  /** Id of the document that the event changes; undefined: none. */
  readonly key: (event: ProjectedEvent) => string | undefined;
  /** The document after the event; undefined removes it. */
  readonly evolve: (document: D | undefined, event: ProjectedEvent) => D | undefined;
}): Projection {
  const { collection, key, evolve, ...rest } = definition;
  return {
    ...rest,
    collections: [collection],
    keys(event) {
      const id = key(event);
      return id === undefined ? [] : [[collection.name, id]];
    },
    apply(event, documents) {
      const id = key(event);
      if (id === undefined) return;
      const before = documents.get<D>(collection.name, id);
      const after = evolve(before, event);
      if (after === undefined) documents.delete(collection.name, id);
      else if (after !== before) documents.put(collection.name, id, after);
    },
  };
}
