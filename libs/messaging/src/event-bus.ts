import type { Part } from '@ateneo/event-sourcing';
import type { ConsumerPosition, ConsumerStatus } from './follower.js';
import type { Page, Publisher } from './publisher.js';

export type EventSubscription = {
  /** Unique consumer name; only one of its instances is served at a time. */
  readonly consumer: string;
  /** The part a handler's failure is reported under; default: the follower. */
  readonly part?: Part;
  /** Public types; the first part of each names its service. */
  readonly types?: readonly string[];
  /** Services whose events are wanted; default: those that `types` name. */
  readonly services?: readonly string[];
  readonly partitions?: readonly number[];
  /** Where to start: the consumer's stored position; undefined: from the beginning. Asked again after each failure. */
  from(service: string): ConsumerPosition | undefined | Promise<ConsumerPosition | undefined>;
  /** The origin's epoch or mapping version differs from the stored one, so what was built from it is void. `from` is asked again afterwards. */
  onReset(service: string): Promise<void>;
  /** Everything the service holds now has been handled. */
  caughtUp?(service: string): void;
};

/** A page from one service; `events` is empty if only the position moved. */
export type EventBatch = Page;
export type EventHandler = (batch: EventBatch) => Promise<void>;

export interface RunningSubscription {
  /** Discards pending batches and restarts at `from`, for all services or one. */
  restart(service?: string): void;
  status(): readonly ConsumerStatus[];
  /** Resolves when none of its handlers is running. */
  stop(): Promise<void>;
}

/** Stored events not known to be published; `reason`: why nothing is being published now. */
export type PublisherLag = { readonly service: string; readonly lag: number; readonly reason?: string };

/** Durable subscriptions to the public events of services: at least once, in the order of each origin, one batch at a time per service. */
export interface EventBus {
  /**
   * From now on the service's public events go out, beginning where its last publisher stopped; one publisher a service at a time.
   * The answer ends it, and resolves when nothing of it is under way.
   */
  register(publisher: Publisher): () => Promise<void>;
  /** Per registered publisher; absent if consumers read the store directly. */
  publisherLag?(): Promise<readonly PublisherLag[]>;
  /** The next batch of a service comes after the handler resolved; a handler that rejects gets its events again, with growing pauses. */
  subscribe(subscription: EventSubscription, handler: EventHandler): RunningSubscription;
  close(): Promise<void>;
}

export const servicesOf = ({ services, types }: Pick<EventSubscription, 'services' | 'types'>): readonly string[] =>
  services ?? [...new Set((types ?? []).map((type) => type.slice(0, type.indexOf('.'))))];
