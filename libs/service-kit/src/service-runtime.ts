import {
  type ActorRef,
  Commands,
  type ContextFor,
  type DeadlineTable,
  type Decider,
  type DomainEvent,
  type EventStore,
  factsFrom,
  idOf,
  type Handled,
  partitionOf,
  peopleIn,
  type PersonKeys,
  Refusal,
  type StoredEvent,
} from '@ateneo/event-sourcing';
import { type Mapping, Publisher, type PublisherLag, positionToken, serveReplay } from '@ateneo/messaging';
import {
  type Change,
  type Checkpoints,
  type Collection,
  type CollectionSpec,
  ProjectionRunner,
  type ProjectionSource,
  type ReactionRunner,
  type ReadModels,
  sealerOf,
} from '@ateneo/read-models';
import { lendEventStore, openEventStore } from './adapters.js';
import { TOKEN_SEPARATOR } from '@ateneo/contracts';
import { openKeys, openReadModels } from './databases.js';
import type { Request } from './handles.js';
import { headSigning, type HeadSigning } from './head-signing.js';
import { ServiceClient } from './operation-client.js';
import { serveOperator } from './operator-acts.js';
import type { Platform } from './platform.js';
import { measureService } from './service-metrics.js';
import { sideTables, type SideTables } from './side-tables.js';
import { statusOf, tellStatus } from './status.js';
import { checkReads, type EventReader } from './service-reads.js';
import type { Component } from './service.module.js';

export const RUNTIME = Symbol('RUNTIME');

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list of deciders of different states and commands
export type AnyDecider = Decider<any, any, any, any>;
/** An aggregate: its rules, and what of its events the world may know. */
export type Aggregate = { readonly decider: AnyDecider; readonly published?: Mapping };

/** What a service is made of; the rest is the same for all. */
export type ServiceDefinition = {
  readonly name: string;
  readonly aggregates: readonly Aggregate[];
  readonly projections: readonly ProjectionSource[];
  /** What else follows events: reactions, the directory of names. */
  readonly followers?: readonly EventReader[];
  /** Raised when what an already stored event publishes changes. */
  readonly mappingVersion: number;
};

/** Answer of a carried-out command: what to wait for, and what the stream is now. */
export type Done<State = unknown, Event = unknown> = {
  readonly token: string | undefined;
  readonly revision: number;
  readonly state: State;
  readonly events: readonly Event[];
};

/** Reactions at work, as operators see them. */
export type Reacting = Pick<ReactionRunner<unknown>, 'parked' | 'again' | 'giveUp'>;

/** What instances tell each other and the gateways after a commit; `more`: there were too many to name. */
type Announcement = { readonly changes: readonly Change[]; readonly instance: string; readonly more?: true };

const WAIT_MS = 2_000;
const MOST_CHANGES = 1_000;

/** One service at work: its store, keys, commands, publisher and read models. */
export class ServiceRuntime {
  readonly client: ServiceClient;
  /** Those that run on this instance. */
  readonly reactions = new Set<Reacting>();
  readonly #stops: (() => Promise<void> | void)[] = [];
  readonly #side: SideTables;
  #deadlines: Promise<DeadlineTable> | undefined;
  #checkpoints: Promise<Checkpoints> | undefined;

  private constructor(
    readonly definition: ServiceDefinition,
    readonly platform: Platform,
    readonly store: EventStore,
    readonly keys: PersonKeys,
    readonly commands: Commands,
    readonly publisher: Publisher,
    readonly readModels: ReadModels,
    readonly runner: ProjectionRunner,
    readonly signing: HeadSigning | undefined,
  ) {
    this.client = new ServiceClient(platform.client, definition.name);
    this.#side = sideTables(platform, definition.name, store);
  }

  static async open(definition: ServiceDefinition, platform: Platform): Promise<ServiceRuntime> {
    checkReads(definition);
    const { name, aggregates, projections, mappingVersion } = definition;
    const { publicUrl, onProblem } = platform;
    const keys = await openKeys(platform, name);
    const store = await openEventStore(platform, name);
    const signing = headSigning(platform, name, store);
    await signing?.begin(store);
    const commands = new Commands({ store, keys, hashKey: platform.derive(`commands:${name}`) });
    const read = reader(aggregates, keys);
    const mappings = Object.fromEntries(
      aggregates.flatMap(({ decider, published }) => (published ? [[decider.category, published] as const] : [])),
    );
    const publisher = new Publisher({ service: name, store, mappings, mappingVersion, publicUrl, onProblem });
    const readModels = await openReadModels(platform, name, sealerOf(keys));
    const runner = new ProjectionRunner({
      service: name,
      readModels,
      events: platform.eventBus,
      own: { service: name, store, read, prepare: (events) => keys.fetch(peopleIn(events)) },
      projections,
      leases: platform.leases,
      onProblem,
    });
    return new ServiceRuntime(definition, platform, store, keys, commands, publisher, readModels, runner, signing);
  }

  /** Begins to publish and to follow; called once every provider exists. */
  async start(): Promise<void> {
    const { health } = this.platform;
    const { name } = this.definition;
    await this.#side.adopt();
    await this.#publish();
    this.#stops.push(this.runner.onChange((changes) => this.#announce(changes)));
    health.watch(
      `${name} publisher`,
      () => this.publisher.problem && `stuck at ${this.publisher.problem.position}: ${this.publisher.problem.reason}`,
    );
    health.watch(`${name} projections`, () => (this.runner.isCaughtUp ? undefined : 'catching up'));
    this.#stops.push(
      measureService(this),
      tellStatus(this.platform, name, () => statusOf(this)),
      serveOperator(this),
    );
    await this.runner.start();
    this.signing?.start();
  }

  /** Runs when the service ends, last added first, before its files close. */
  onStop(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
    await this.runner.stop();
    await this.readModels.close();
    await this.#side.close();
    await this.signing?.stop();
    await this.store.close();
    await this.keys.close();
  }

  /** How far this instance is behind with publishing; undefined where another instance publishes. */
  async publisherLag(): Promise<PublisherLag | undefined> {
    const { eventBus, config } = this.platform;
    const { publisher, definition } = this;
    if (eventBus.publisherLag) return (await eventBus.publisherLag()).find(({ service }) => service === definition.name);
    if (config.EVENT_STORE_URL.startsWith('bus:')) return undefined;
    const { problem } = publisher;
    return { service: definition.name, lag: problem ? (await publisher.waitingAfter(problem.position)) + 1 : 0, reason: problem?.reason };
  }

  collection<D>(spec: CollectionSpec<D>): Collection<D> {
    return this.runner.collection(spec);
  }

  /** The stored deadlines of the service. Throws ConfigurationError where nothing that keeps them is configured. */
  deadlines(): Promise<DeadlineTable> {
    return (this.#deadlines ??= this.#side.deadlines());
  }

  /** How far the reactions of the service are. Throws ConfigurationError where nothing that keeps it is configured. */
  checkpoints(): Promise<Checkpoints> {
    return (this.#checkpoints ??= this.#side.checkpoints());
  }

  /** Work that one instance of the service does at a time; another takes it over where this one ends. Answers how to give it up. */
  async alone(name: string, work: Component): Promise<() => Promise<void>> {
    const shared = await this.platform.leases.share({
      group: `${this.definition.name}.${name}`,
      units: ['one'],
      gained: async () => work.start?.(),
      lost: async () => work.stop?.(),
    });
    return () => shared.leave();
  }

  /** Told of changes of read models, whichever instance of the service wrote them; an empty list: of any, as after a time without connection. */
  onChange(listener: (changes: readonly Change[]) => void): () => void {
    const { bus, leases } = this.platform;
    const own = this.runner.onChange(listener);
    if (!this.readModels.shared) return own;
    const others = bus.onBroadcast(`changed.${this.definition.name}`, (message) => {
      const { changes, instance, more } = message as Announcement;
      if (instance !== leases.instance) listener(more ? [] : changes);
    });
    const back = bus.onReconnect(() => listener([]));
    return () => (own(), others(), back());
  }

  /** Carries out a command for a request: the refusal, or what was done with a token to wait for. */
  async run<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    { actor, commandId, correlationId }: Pick<Request, 'actor' | 'commandId' | 'correlationId'>,
    decider: Decider<State, Command, Event, Context>,
    id: string,
    command: Command,
    context: ContextFor<State, Context>,
  ): Promise<Done<State, Event> | Refusal> {
    const envelope = { actor: actorRef(actor, this.definition.name), commandId, correlationId, context };
    const handled = await this.commands.handle(decider, id, command, envelope as never);
    return this.done(handled as Handled<State, Event>, decider, id);
  }

  /** As `run`, for what the platform itself does: `system:<service>/<what>`. */
  async runAs<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    what: string,
    decider: Decider<State, Command, Event, Context>,
    id: string,
    command: Command,
    context: ContextFor<State, Context>,
    cause: { readonly correlationId: string; readonly causationId?: string; readonly commandId?: string },
  ): Promise<Done<State, Event> | Refusal> {
    const envelope = { actor: { id: `system:${this.definition.name}/${what}`, kind: 'system' as const }, ...cause, context };
    return this.done((await this.commands.handle(decider, id, command, envelope as never)) as Handled<State, Event>, decider, id);
  }

  done<State, Event extends DomainEvent>(
    handled: Handled<State, Event>,
    decider: { readonly category: string },
    id: string,
  ): Done<State, Event> | Refusal {
    if (!handled.ok) return handled.refusal;
    const { revision, state, events } = handled;
    return { token: this.#token(handled, `${decider.category}-${id}`), revision, state, events };
  }

  /** Waits for what the tokens name, all within one bound; says `stale` and `incomplete` only where they hold. */
  async freshness(
    after: string | undefined,
    of?: { readonly projection: string; readonly key: string },
  ): Promise<{ stale?: true; incomplete?: true }> {
    const waited = await Promise.all((after?.split(TOKEN_SEPARATOR) ?? []).map((token) => this.runner.waitFor(token, WAIT_MS)));
    const stale = waited.some((one) => one.stale);
    const incomplete = of !== undefined && this.runner.incomplete(of.projection, of.key);
    return { ...(stale ? { stale } : {}), ...(incomplete ? { incomplete } : {}) } as { stale?: true; incomplete?: true };
  }

  /** Where the command's last public event stands; nothing public: nothing to wait for. */
  #token<State, Event>(handled: Handled<State, Event> & { ok: true }, stream: string): string | undefined {
    const mapping = this.definition.aggregates.find(({ decider }) => stream.startsWith(`${decider.category}-`))?.published;
    const last = mapping && handled.lastEvents.findLast((event) => isPublic(event, mapping));
    const position = last?.position ?? (handled.lastEvents.length === 0 && mapping && handled.position > 0 ? handled.position : undefined);
    if (position === undefined) return undefined;
    const key = last?.metadata.scope.traineeId ?? idOf(stream);
    return positionToken({ service: this.definition.name, epoch: this.store.epoch, partition: partitionOf(key), position });
  }

  /** The process that holds the store publishes its events and lends it; of several that reach one cluster, one publishes. */
  async #publish(): Promise<void> {
    const { bus, eventBus, config } = this.platform;
    const { name } = this.definition;
    if (config.EVENT_STORE_URL.startsWith('bus:')) return;
    this.#stops.push(await lendEventStore(this.platform, name, this.store), serveReplay(bus, this.publisher));
    if (config.EVENT_STORE_URL.startsWith('sqlite:')) return void this.#stops.push(eventBus.register(this.publisher));
    let end: (() => Promise<void>) | undefined;
    this.#stops.push(
      await this.alone('publisher', { start: () => void (end = eventBus.register(this.publisher)), stop: async () => end?.() }),
    );
  }

  #announce(changes: readonly Change[]): void {
    const { bus, leases } = this.platform;
    const { instance } = leases;
    for (let i = 0; i < changes.length && i < 20 * MOST_CHANGES; i += MOST_CHANGES) {
      const more = i === 19 * MOST_CHANGES && changes.length > 20 * MOST_CHANGES;
      const announcement: Announcement = { changes: changes.slice(i, i + MOST_CHANGES), instance, ...(more ? { more } : {}) };
      bus.broadcast(`changed.${this.definition.name}`, announcement);
    }
  }
}

/** What cannot be mapped is told by the publisher, and nobody sees it until it can; the command that stored it is done all the same. */
function isPublic(event: StoredEvent, mapping: Mapping): boolean {
  try {
    return mapping(event) !== undefined;
  } catch {
    return false;
  }
}

/** The actor as it stands in metadata. */
export const actorRef = (actor: Request['actor'], service: string): ActorRef =>
  actor ? { id: actor.id, kind: actor.kind } : { id: `system:${service}/request`, kind: 'system' };

/** Brings own stored events to their current shape, personal fields open. */
function reader(aggregates: readonly Aggregate[], keys: PersonKeys): (event: StoredEvent) => StoredEvent {
  const byCategory = new Map(aggregates.map(({ decider }) => [decider.category, decider]));
  return (event) => {
    const decider = byCategory.get(event.stream.slice(0, event.stream.indexOf('-')));
    return decider ? { ...event, data: factsFrom(decider, event, keys) } : event;
  };
}
