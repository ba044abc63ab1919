import {
  type EventBatch,
  type EventBus,
  type EventHandler,
  type EventSubscription,
  type RunningSubscription,
  servicesOf,
} from '../event-bus.js';
import { Follower, type Source } from '../follower.js';
import type { Page, PageRequest, Publisher } from '../publisher.js';
import { Turns } from '../turns.js';

/** Durable subscriptions inside one process: consumers pull serialised pages from the publishers, which wake them after each commit. */
export class MemoryEventBus implements EventBus {
  readonly #publishers = new Map<string, Publisher>();
  readonly #awaited = new Map<string, ((publisher: Publisher) => void)[]>();
  readonly #running = new Set<RunningSubscription>();
  readonly #turns = new Turns();

  /** The service's events can be had from now on; those that wait for them start. */
  register(publisher: Publisher): void {
    this.#publishers.set(publisher.service, publisher);
    for (const arrive of this.#awaited.get(publisher.service) ?? []) arrive(publisher);
    this.#awaited.delete(publisher.service);
  }

  subscribe(subscription: EventSubscription, handler: EventHandler): RunningSubscription {
    const followers = servicesOf(subscription).map((service) => this.#follow(service, subscription, handler));
    const running: RunningSubscription = {
      restart: (service) =>
        followers.filter((follower) => service === undefined || follower.service === service).forEach((follower) => follower.restart()),
      status: () => followers.map((follower) => follower.status()),
      stop: async () => {
        await Promise.all(followers.map((follower) => follower.stop()));
        this.#running.delete(running);
      },
    };
    this.#running.add(running);
    return running;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.stop()));
  }

  #follow(service: string, subscription: EventSubscription, handle: EventHandler): Follower<EventBatch> {
    const options = {
      service,
      from: () => subscription.from(service),
      onReset: () => subscription.onReset(service),
      handle,
      caughtUp: () => subscription.caughtUp?.(service),
    };
    return new Follower(options, this.#source(service, subscription));
  }

  /** Comes when the service is there and the instances of the consumer before this one have ended. */
  async #source(service: string, { consumer, types, partitions }: EventSubscription): Promise<{ source: Source<Page>; end: () => void }> {
    const end = await this.#turns.take(`${consumer} ${service}`);
    const publisher =
      this.#publishers.get(service) ??
      (await new Promise<Publisher>((arrive) => this.#awaited.set(service, [...(this.#awaited.get(service) ?? []), arrive])));
    return { source: pages(publisher, { types, partitions }), end };
  }
}

export const createMemoryEventBus = (): MemoryEventBus => new MemoryEventBus();

const pages = (publisher: Publisher, request: PageRequest): Source<Page> => ({
  epoch: publisher.epoch,
  mappingVersion: publisher.mappingVersion,
  read: async (after) => JSON.parse(await publisher.pageText(after, request)) as Page,
  onNudge: (listener) => publisher.onNudge(listener),
});
