import {
  type ActorRef,
  type Commands,
  type ContextFor,
  type DeadlineTable,
  type Decider,
  type DomainEvent,
  type EventStore,
  type Handled,
  idOf,
  type Loaded,
  partitionOf,
  type PersonKeys,
  type Refusal,
  type StoredEvent,
} from '@ateneo/event-sourcing';
import { TOKEN_SEPARATOR } from '@ateneo/contracts';
import { type Mapping, positionToken, type Publisher, type PublisherLag } from '@ateneo/messaging';
import type { Change, Checkpoints, Collection, CollectionSpec, ProjectionRunner, ReactionRunner, ReadModels } from '@ateneo/read-models';
import type { Request } from './handles.js';
import type { HeadSigning } from './head-signing.js';
import type { Logger } from './log.js';
import { ServiceClient } from './operation-client.js';
import type { Platform } from './platform.js';
import type { Component, ServiceDefinition } from './service-definition.js';
import type { SideTables } from './side-tables.js';

/** What a command answers to who sent it: what to wait for, and at which revision the thing is now. */
export type Accepted = { readonly token: string | undefined; readonly revision: number };
/** As `Accepted`, with what happened, for a handler that goes on from there. */
export type Done<State = unknown, Event = unknown> = Accepted & { readonly state: State; readonly events: readonly Event[] };
/** In whose name and in the course of what a command is sent. */
export type Acting = Pick<Request, 'actor' | 'commandId' | 'correlationId'> & Partial<Pick<Request, 'streams'>>;
/** What the decider must know of others; nothing where it needs nothing. */
type ContextArgument<State, Context> = undefined extends Context
  ? [context?: ContextFor<State, Context>]
  : [context: ContextFor<State, Context>];

/** Reactions at work, as operators see them. */
export type Reacting = Pick<ReactionRunner<unknown>, 'parked' | 'again' | 'giveUp'>;

/** What instances tell each other and the gateways after a commit; `more`: there were too many to name. */
export type Announcement = { readonly changes: readonly Change[]; readonly instance: string; readonly more?: true };

const WAIT_MS = 2_000;

/** What a service at work is put together from: `openRuntime`. */
export type RuntimeParts = Pick<
  ServiceRuntime,
  'definition' | 'platform' | 'store' | 'keys' | 'commands' | 'publisher' | 'readModels' | 'runner' | 'signing' | 'side'
>;

/** In the course of what the platform acts; `loaded`: the stream as it was read for this. */
type Cause<State, Event extends DomainEvent> = {
  readonly correlationId: string;
  readonly causationId?: string;
  readonly commandId?: string;
  readonly loaded?: Loaded<State, Event>;
};

/** One service at work: its store, keys, commands, publisher and read models. */
export class ServiceRuntime {
  readonly client: ServiceClient;
  /** Says of every line which service it is from. */
  readonly log: Logger;
  /** Those that run on this instance. */
  readonly reactions = new Set<Reacting>();
  readonly #stops: (() => Promise<void> | void)[] = [];
  #deadlines: Promise<DeadlineTable> | undefined;
  #checkpoints: Promise<Checkpoints> | undefined;

  readonly definition: ServiceDefinition;
  readonly platform: Platform;
  readonly store: EventStore;
  readonly keys: PersonKeys;
  readonly commands: Commands;
  readonly publisher: Publisher;
  readonly readModels: ReadModels;
  readonly runner: ProjectionRunner;
  readonly signing: HeadSigning | undefined;
  readonly side: SideTables;

  constructor({ definition, platform, store, keys, commands, publisher, readModels, runner, signing, side }: RuntimeParts) {
    this.definition = definition;
    this.platform = platform;
    this.store = store;
    this.keys = keys;
    this.commands = commands;
    this.publisher = publisher;
    this.readModels = readModels;
    this.runner = runner;
    this.signing = signing;
    this.side = side;
    this.client = new ServiceClient(platform.client, definition.name);
    this.log = platform.log.child({ service: definition.name });
  }

  /** Runs when the service ends, last added first, before its files close. */
  onStop(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
    await this.runner.stop();
    await this.readModels.close();
    await this.side.close();
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
    return (this.#deadlines ??= this.side.deadlines());
  }

  /** How far the reactions of the service are. Throws ConfigurationError where nothing that keeps it is configured. */
  checkpoints(): Promise<Checkpoints> {
    return (this.#checkpoints ??= this.side.checkpoints());
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

  /** Carries out a command for a request: the refusal, or what its handler answers. */
  async command<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    acting: Acting,
    decider: Decider<State, Command, Event, Context>,
    id: string,
    command: Command,
    ...known: ContextArgument<State, Context>
  ): Promise<Accepted | Refusal> {
    return accepted(await this.run(acting, decider, id, command, ...known));
  }

  /** As `command`, for a handler that goes on from what happened. */
  async run<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    { actor, commandId, correlationId, streams }: Acting,
    decider: Decider<State, Command, Event, Context>,
    id: string,
    command: Command,
    ...[context]: ContextArgument<State, Context>
  ): Promise<Done<State, Event> | Refusal> {
    const loaded = await streams?.take<State, Event>(decider, id);
    const cause = { actor: actorRef(actor, this.definition.name), commandId, correlationId, loaded };
    return this.#carryOut(decider, id, command, cause, context);
  }

  /** As `run`, for what the platform itself does: `system:<service>/<what>`. */
  async runAs<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    what: string,
    decider: Decider<State, Command, Event, Context>,
    id: string,
    command: Command,
    cause: Cause<State, Event>,
    ...[context]: ContextArgument<State, Context>
  ): Promise<Done<State, Event> | Refusal> {
    const actor: ActorRef = { id: `system:${this.definition.name}/${what}`, kind: 'system' };
    return this.#carryOut(decider, id, command, { actor, ...cause }, context);
  }

  async #carryOut<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    decider: Decider<State, Command, Event, Context>,
    id: string,
    command: Command,
    cause: Cause<State, Event> & { readonly actor: ActorRef },
    context: ContextFor<State, Context> | undefined,
  ): Promise<Done<State, Event> | Refusal> {
    const envelope = { ...cause, context } as Parameters<typeof this.commands.handle<State, Command, Event, Context>>[3];
    return this.done(await this.commands.handle(decider, id, command, envelope), decider, id);
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
}

/** Of what was done, what its sender is told. */
export const accepted = (done: Done | Refusal): Accepted | Refusal =>
  'revision' in done ? { token: done.token, revision: done.revision } : done;

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
