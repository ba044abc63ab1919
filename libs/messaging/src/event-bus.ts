import type { Part } from '@ateneo/event-sourcing';
import type { ConsumerPosition, ConsumerStatus } from './follower.js';
import type { Page, Publisher } from './publisher.js';

export type EventSubscription = {
  /** Unique name of the consumer; of several instances of it one at a time is served. */
  readonly consumer: string;
  /** Whose failure it is when the handler rejects; default: the follower's. */
  readonly part?: Part;
  /** Public types; the first part of each names its service. */
  readonly types?: readonly string[];
  /** Services whose events are wanted; default: those that `types` name. */
  readonly services?: readonly string[];
  readonly partitions?: readonly number[];
  /** Where to start: what the consumer has stored, or undefined for the very beginning. Asked again after each failure. */
  from(service: string): ConsumerPosition | undefined | Promise<ConsumerPosition | undefined>;
  /** The origin's epoch or mapping version is not the stored one: what was built from it is void. Afterwards `from` is asked anew. */
  onReset(service: string): Promise<void>;
  /** Everything that the service holds at this moment was handled. */
  caughtUp?(service: string): void;
};

/** A page of one service; `events` may be empty where only the position moved. */
export type EventBatch = Page;
export type EventHandler = (batch: EventBatch) => Promise<void>;

export interface RunningSubscription {
  /** Drops what is on its way and begins again at `from`, for all services or one. */
  restart(service?: string): void;
  status(): readonly ConsumerStatus[];
  /** Resolves when no handler of it runs any more. */
  stop(): Promise<void>;
}

/** How far a publisher is behind its store, in stored events not known to be published; `reason`: why nothing goes out at the moment. */
export type PublisherLag = { readonly service: string; readonly lag: number; readonly reason?: string };

/** Durable subscriptions to the public events of services: at least once, in the order of each origin, one batch at a time per service. */
export interface EventBus {
  /**
   * From now on the service's public events go out, beginning where its last publisher stopped; one publisher a service at a time.
   * The answer ends it, and resolves when nothing of it is under way.
   */
  register(publisher: Publisher): () => Promise<void>;
  /** Of each registered publisher that sends; absent where consumers read the store itself. */
  publisherLag?(): Promise<readonly PublisherLag[]>;
  /** The next batch of a service comes after the handler resolved; a handler that rejects gets its events again, with growing pauses. */
  subscribe(subscription: EventSubscription, handler: EventHandler): RunningSubscription;
  close(): Promise<void>;
}

export const servicesOf = ({ services, types }: Pick<EventSubscription, 'services' | 'types'>): readonly string[] =>
  services ?? [...new Set((types ?? []).map((type) => type.slice(0, type.indexOf('.'))))];
