import type { OnProblem } from '@ateneo/event-sourcing';
import type { EventBus, EventHandler, EventSubscription, RunningSubscription } from '../event-bus.js';
import type { Source } from '../follower.js';
import type { Page, PageRequest, Publisher } from '../publisher.js';
import { type Arrived, Subscriptions } from '../subscriptions.js';
import { Turns } from '../turns.js';

/** Durable subscriptions inside one process: consumers pull serialised pages from the publishers, which wake them after each commit. */
export class MemoryEventBus implements EventBus {
  readonly #publishers = new Map<string, Publisher>();
  readonly #awaited = new Map<string, ((publisher: Publisher) => void)[]>();
  readonly #subscriptions: Subscriptions;
  readonly #turns = new Turns();

  constructor(onProblem?: OnProblem) {
    this.#subscriptions = new Subscriptions((service, subscription) => this.#source(service, subscription), onProblem);
  }

  /** The service's events can be had from now on; those that wait for them start. */
  register(publisher: Publisher): () => Promise<void> {
    this.#publishers.set(publisher.service, publisher);
    for (const arrive of this.#awaited.get(publisher.service) ?? []) arrive(publisher);
    this.#awaited.delete(publisher.service);
    return async () => {
      if (this.#publishers.get(publisher.service) === publisher) this.#publishers.delete(publisher.service);
    };
  }

  subscribe(subscription: EventSubscription, handler: EventHandler): RunningSubscription {
    return this.#subscriptions.subscribe(subscription, handler);
  }

  async close(): Promise<void> {
    await this.#subscriptions.close();
  }

  /** Comes when the service is there and the instances of the consumer before this one have ended. */
  async #source(service: string, { consumer, types, partitions }: EventSubscription): Promise<Arrived> {
    const end = await this.#turns.take(`${consumer} ${service}`);
    const publisher =
      this.#publishers.get(service) ??
      (await new Promise<Publisher>((arrive) => this.#awaited.set(service, [...(this.#awaited.get(service) ?? []), arrive])));
    return { source: pages(publisher, { types, partitions }), end };
  }
}

export const createMemoryEventBus = (onProblem?: OnProblem): MemoryEventBus => new MemoryEventBus(onProblem);

const pages = (publisher: Publisher, request: PageRequest): Source<Page> => ({
  epoch: publisher.epoch,
  mappingVersion: publisher.mappingVersion,
  read: async (after) => JSON.parse(await publisher.pageText(after, request)) as Page,
  onNudge: (listener) => publisher.onNudge(listener),
});
