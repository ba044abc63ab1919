import { unheard } from '@ateneo/event-sourcing';
import type { OnProblem } from '@ateneo/event-sourcing';
import type { Bus } from '../bus.js';
import type { EventBus, EventHandler, EventSubscription, RunningSubscription } from '../event-bus.js';
import type { Publisher } from '../publisher.js';
import { requestPage } from '../replay.js';
import { Subscriptions } from '../subscriptions.js';
import { Turns } from '../turns.js';
import type { NatsLink } from './connection.js';
import { EventStream, type StreamSettings } from './event-stream.js';
import { Relay, type RelayStatus } from './relay.js';
import { StreamSource } from './stream-source.js';

const LOOK_AGAIN_MS = 500;

export type NatsEventBusOptions = {
  readonly connection: NatsLink;
  /** Asked for replay where a stream does not reach back. */
  readonly bus: Bus;
  readonly streams?: StreamSettings;
  readonly onProblem?: OnProblem;
};

export interface NatsEventBus extends EventBus {
  /** Of each registered publisher. */
  publisherLag(): Promise<readonly RelayStatus[]>;
}

/**
 * Public events on JetStream: a stream `events-<service>` with subjects `<service>.event.<noun-participle>.v<n>.p<00-63>`, filled by the relay of its service, read
 * by consumers that keep their own checkpoints and leave none on the server. Streams hold days; what is older comes by replay from the service itself.
 * Of several instances of a consumer in this process one at a time is served; among processes leases see to that.
 */
export const createNatsEventBus = (options: NatsEventBusOptions): NatsEventBus => new JetStreamEventBus(options);

class JetStreamEventBus implements NatsEventBus {
  readonly #options: NatsEventBusOptions;
  readonly #relays = new Set<Relay>();
  readonly #subscriptions: Subscriptions;
  readonly #turns = new Turns();
  readonly #arrivals = new Map<string, Promise<void>>();
  #closed = false;

  constructor(options: NatsEventBusOptions) {
    this.#options = options;
    this.#subscriptions = new Subscriptions((service, subscription) => this.#source(service, subscription), options.onProblem);
  }

  register(publisher: Publisher): () => Promise<void> {
    const relay = new Relay(this.#options.connection, publisher, this.#options.streams ?? {}, this.#options.onProblem);
    this.#relays.add(relay);
    return () => {
      this.#relays.delete(relay);
      return relay.stop();
    };
  }

  publisherLag(): Promise<readonly RelayStatus[]> {
    return Promise.all([...this.#relays].map((relay) => relay.status()));
  }

  subscribe(subscription: EventSubscription, handler: EventHandler): RunningSubscription {
    return this.#subscriptions.subscribe(subscription, handler);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#subscriptions.close();
    await Promise.all([...this.#relays].map((relay) => relay.stop()));
  }

  /** Comes when the service or its stream is there and the instances of the consumer before this one have ended. */
  async #source(service: string, { consumer, types, partitions }: EventSubscription) {
    const { connection: link, bus } = this.#options;
    const endTurn = await this.#turns.take(`${consumer} ${service}`);
    await this.#arrival(service);
    const source = new StreamSource({ link, bus, service, types, partitions });
    return { source, end: () => (source.end(), endTurn()) };
  }

  #arrival(service: string): Promise<void> {
    const known = this.#arrivals.get(service) ?? this.#untilThere(service);
    this.#arrivals.set(service, known);
    return known;
  }

  async #untilThere(service: string): Promise<void> {
    const { connection, bus } = this.#options;
    const stream = new EventStream(connection, service);
    while (!this.#closed) {
      if (connection.isConnected && (await stream.extent().catch(unheard('not there yet: asked again')))) return;
      if (connection.isConnected && (await requestPage(bus, service, 0, { limitBytes: 1 }).catch(unheard('not there yet: asked again'))))
        return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS).unref());
    }
    await new Promise<never>(() => undefined);
  }
}
