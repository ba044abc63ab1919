import { type OnProblem, Trouble } from '@ateneo/event-sourcing';
import { type EventBatch, type EventHandler, type EventSubscription, type RunningSubscription, servicesOf } from './event-bus.js';
import { Follower, type Source } from './follower.js';
import type { Page } from './publisher.js';

/** Where the events of a service come from for a subscription; `end` is called when it has ended. */
export type Arrived = { readonly source: Source<Page>; readonly end: () => void };

/** The subscriptions of one event bus: a follower for each service that is wanted, whatever its source. */
export class Subscriptions {
  readonly #running = new Set<RunningSubscription>();

  constructor(
    private readonly sourceOf: (service: string, subscription: EventSubscription) => Promise<Arrived>,
    private readonly onProblem?: OnProblem,
  ) {}

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
    const { consumer, part = 'follower' } = subscription;
    const what = `${consumer} from ${service}`;
    const options = {
      service,
      trouble: new Trouble(this.onProblem, { part, what, service: consumer.slice(0, consumer.indexOf('.')) }),
      from: () => subscription.from(service),
      onReset: () => subscription.onReset(service),
      handle,
      caughtUp: () => subscription.caughtUp?.(service),
    };
    return new Follower(options, this.sourceOf(service, subscription));
  }
}
