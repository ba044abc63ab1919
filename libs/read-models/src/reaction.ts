import { setTimeout as pause } from 'node:timers/promises';
import { type AnyOn, AwayError, Handlers, isAway, type OnProblem, reasonOf, Trouble } from '@ateneo/event-sourcing';
import { type EventBus, Follower, type RunningSubscription } from '@ateneo/messaging';
import type { Checkpoint } from './document-store.js';
import { incomingPage, type IncomingPage, ownEvent, type OwnEvents, ownSource } from './incoming.js';
import { OWN, type ProjectedEvent } from './projection.js';
import type { Incoming } from './set-aside.js';

/** Acts on facts. An event is a nudge: read own state, decide, act; it may come again. */
export interface Reaction<Tools> {
  readonly name: `when-${string}-then-${string}`;
  /** Stored event types of the own service. */
  readonly own?: readonly string[];
  readonly public?: readonly string[];
  react(event: ProjectedEvent, tools: Tools): Promise<void>;
}

/** A reaction, which reads what it handles. */
export function reaction<Tools>({
  name,
  on,
}: {
  readonly name: Reaction<Tools>['name'];
  readonly on: AnyOn<ProjectedEvent, Tools, Promise<void>>;
}): Reaction<Tools> {
  const handlers = new Handlers(on);
  const react = async (event: ProjectedEvent, tools: Tools): Promise<void> => handlers.handle(event, tools);
  return { name, own: handlers.own, public: handlers.public, react };
}

/** An event that a reaction gave up, for an operator to look at. */
export type ParkedEvent = {
  readonly reaction: string;
  readonly origin: string;
  readonly position: number;
  readonly eventId: string;
  readonly reason: string;
  /** Absent, as the next two, where an earlier version parked it. */
  readonly type?: string;
  /** When it was parked, ISO 8601 UTC. */
  readonly at?: string;
  /** A position of the origin after which it is met soon. */
  readonly after?: number;
};
export type ParkedPlace = Pick<ParkedEvent, 'origin' | 'position'>;

/** Where reactions keep how far they are: beside the events, since replay could not rebuild it without acting again. */
export interface Checkpoints {
  load(reaction: string): Promise<Checkpoint[]>;
  /** Durable when it resolves. */
  save(reaction: string, checkpoint: Checkpoint, parked: readonly ParkedEvent[]): Promise<void>;
  parked(): Promise<ParkedEvent[]>;
  release(parked: ParkedEvent): Promise<void>;
  /** As `release`; that nobody will act on it is kept, with the reason. */
  giveUp(parked: ParkedEvent, reason: string, at: string): Promise<void>;
}

export type ReactionRunnerOptions<Tools> = {
  readonly service: string;
  readonly events: EventBus;
  readonly own?: OwnEvents;
  readonly checkpoints: Checkpoints;
  readonly reactions: readonly Reaction<Tools>[];
  /** What a reaction acts with, for one event: it is the cause of what follows. */
  readonly toolsFor: (reaction: Reaction<Tools>, event: ProjectedEvent) => Tools;
  /** Events up to this position of an origin are passed over in silence: history at a first start, or what a restore brought back. */
  readonly silentUpTo?: (origin: string) => number | undefined;
  /** Failures of the reaction itself before an event is parked; default 8. What fails since a server is away is tried until it is back. */
  readonly attempts?: number;
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  /** How long `again` waits for another service's event; default 10 s. */
  readonly findMs?: number;
  readonly onProblem?: OnProblem;
};

/** Runs the reactions of a service, each with its own checkpoint: at least once, in the order of each origin. */
export class ReactionRunner<Tools> {
  readonly #running: (RunningSubscription | Follower<IncomingPage>)[] = [];
  readonly #stopping = new AbortController();
  readonly #troubles = new Map<string, Trouble>();
  #parked: readonly ParkedEvent[] = [];
  /** Events of pages that are being acted on. */
  #taken = 0;

  constructor(private readonly options: ReactionRunnerOptions<Tools>) {}

  async start(): Promise<void> {
    const names = new Set<string>(this.options.reactions.map(({ name }) => name));
    this.#parked = (await this.options.checkpoints.parked()).filter(({ reaction }) => names.has(reaction));
    for (const reaction of this.options.reactions) {
      const at = new Map((await this.options.checkpoints.load(reaction.name)).map((checkpoint) => [checkpoint.origin, checkpoint]));
      this.#follow(reaction, new Progress(at));
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.map((running) => running.stop()));
    for (const trouble of this.#troubles.values()) trouble.over();
  }

  /** Events that were not acted on and wait for an operator. */
  parked(): readonly ParkedEvent[] {
    return this.#parked;
  }

  /** Reads a parked event anew and acts on it, once. Answers whether it succeeded, or undefined where nothing is parked there. */
  async again(reaction: string, place: ParkedPlace): Promise<boolean | undefined> {
    const [parked, by] = [this.#parkedAt(reaction, place), this.options.reactions.find(({ name }) => name === reaction)];
    if (!parked || !by) return undefined;
    try {
      const event = await this.#read(by, parked);
      if (event.id !== parked.eventId) throw new Error('the event is not at its place any more');
      await by.react(event, this.options.toolsFor(by, event));
    } catch (error) {
      this.#parked = this.#parked.map((one) => (one === parked ? { ...one, reason: reasonOf(error) } : one));
      return false;
    }
    await this.options.checkpoints.release(parked);
    this.#forget(parked);
    return true;
  }

  /** Nobody will act on it. Answers whether something was parked there. */
  async giveUp(reaction: string, place: ParkedPlace, reason: string, at: string): Promise<boolean> {
    const parked = this.#parkedAt(reaction, place);
    if (!parked) return false;
    await this.options.checkpoints.giveUp(parked, reason, at);
    this.#forget(parked);
    return true;
  }

  #parkedAt(reaction: string, { origin, position }: ParkedPlace): ParkedEvent | undefined {
    return this.#parked.find((one) => one.reaction === reaction && one.origin === origin && one.position === position);
  }

  #forget({ reaction, origin, position }: ParkedEvent): void {
    this.#parked = this.#parked.filter((one) => one.reaction !== reaction || one.origin !== origin || one.position !== position);
  }

  async #read(reaction: Reaction<Tools>, { origin, position, after = 0 }: ParkedEvent): Promise<ProjectedEvent> {
    const { own } = this.options;
    if (origin === OWN && own) return readable(await ownEvent(own, position));
    return this.#ask(reaction, origin, after, ({ items }) => items.find(({ event }) => event.position === position)?.event);
  }

  /** Reads on in another service's events until a page holds what is looked for or nothing comes. */
  async #ask(
    { name, public: types }: Reaction<Tools>,
    origin: string,
    after: number,
    here: (page: IncomingPage) => ProjectedEvent | undefined,
  ): Promise<ProjectedEvent> {
    const { checkpoints, events, service, findMs = 10_000 } = this.options;
    const reached = (await checkpoints.load(name)).find((one) => one.origin === origin);
    let running: RunningSubscription | undefined;
    try {
      return await new Promise<ProjectedEvent>((resolve, reject) => {
        setTimeout(() => reject(new AwayError(`${origin} did not tell the event again`)), findMs).unref();
        const subscription = {
          ...{ consumer: `${service}.${name}.again`, part: 'reaction' as const, types, services: [origin] },
          from: () => reached && { ...reached, position: after },
          onReset: async () => reject(new Error('the event is not at its place any more')),
        };
        running = events.subscribe(subscription, async (batch) => {
          const event = here(incomingPage(batch));
          if (event) resolve(event);
        });
      });
    } finally {
      await running?.stop();
    }
  }

  /** Events that reactions have still to look at, by origin. */
  lag(): number {
    return this.#running.flatMap((running) => running.status()).reduce((sum, { waiting }) => sum + waiting, this.#taken);
  }

  #follow(reaction: Reaction<Tools>, progress: Progress): void {
    const { own, events, service } = this.options;
    if (reaction.own) {
      if (!own) throw new RangeError(`${reaction.name} follows own events, but there is no own store`);
      const options = {
        trouble: new Trouble(this.options.onProblem, { service, part: 'reaction', what: `${reaction.name} from own` }),
        service: OWN,
        from: () => progress.from(OWN),
        onReset: () => progress.reset(OWN),
        handle: (page: IncomingPage) => this.#counted(page, () => this.#take(reaction, progress, OWN, page)),
      };
      this.#running.push(new Follower(options, Promise.resolve({ source: ownSource(own, reaction.own) })));
    }
    if (!reaction.public) return;
    const subscription = {
      consumer: `${service}.${reaction.name}`,
      part: 'reaction' as const,
      types: reaction.public,
      from: (origin: string) => progress.from(origin),
      onReset: (origin: string) => progress.reset(origin),
    };
    const take = (page: IncomingPage, origin: string) => this.#counted(page, () => this.#take(reaction, progress, origin, page));
    this.#running.push(events.subscribe(subscription, (batch) => take(incomingPage(batch), batch.service)));
  }

  async #counted({ passed }: IncomingPage, take: () => Promise<void>): Promise<void> {
    this.#taken += passed;
    try {
      await take();
    } finally {
      this.#taken -= passed;
    }
  }

  async #take(
    reaction: Reaction<Tools>,
    progress: Progress,
    origin: string,
    { items, epoch, mappingVersion, next, head, passed }: IncomingPage,
  ): Promise<void> {
    const silent = Math.max(this.options.silentUpTo?.(origin) ?? 0, progress.silence(origin, epoch, head));
    const checkpoint = (position: number) => ({ origin, epoch, mappingVersion, position });
    const given: { readonly parked: ParkedEvent; readonly error: unknown }[] = [];
    let acted = false;
    let after = progress.from(origin)?.position ?? 0;
    for (const item of items) {
      const { position, id, type } = item.event;
      if (position > silent) {
        acted = true;
        const failed = await this.#try(reaction, item);
        const at = new Date().toISOString();
        if (failed)
          given.push({
            parked: { reaction: reaction.name, origin, position, eventId: id, reason: reasonOf(failed.error), type, at, after },
            error: failed.error,
          });
      }
      after = position;
    }
    const parked = given.map((one) => one.parked);
    const reached = checkpoint(Math.max(next, silent));
    const save = acted || progress.isUnsaved(reached, passed);
    if (save) await this.options.checkpoints.save(reaction.name, reached, parked);
    progress.reach(reached, save ? undefined : passed);
    for (const { parked: one, error } of given) this.#park(one, error);
  }

  #park(parked: ParkedEvent, error: unknown): void {
    const { service, onProblem } = this.options;
    this.#forget(parked);
    this.#parked = [...this.#parked, parked];
    const { reaction, origin, type, position } = parked;
    onProblem?.({ is: 'happened', part: 'reaction', service, what: `${reaction} gave up ${type} ${position} of ${origin}`, error, origin });
  }

  #troubleOf({ name }: Reaction<Tools>): Trouble {
    const { service, onProblem } = this.options;
    const trouble = this.#troubles.get(name) ?? new Trouble(onProblem, { service, part: 'reaction', what: name });
    this.#troubles.set(name, trouble);
    return trouble;
  }

  /** Answers why it was given up, or undefined when it succeeded. A server that is away is waited for, however long. */
  async #try(reaction: Reaction<Tools>, { event, failure }: Incoming): Promise<{ readonly error: unknown } | undefined> {
    const { attempts = 8, firstPauseMs = 50, longestPauseMs = 15_000, toolsFor } = this.options;
    const trouble = this.#troubleOf(reaction);
    let own = 0;
    for (let n = 0; ; n++) {
      this.#stopping.signal.throwIfAborted();
      try {
        if (failure) throw failure;
        await reaction.react(event, toolsFor(reaction, event));
        trouble.over();
        return undefined;
      } catch (error) {
        if (failure || (!isAway(error) && ++own >= attempts)) {
          trouble.over();
          return { error };
        }
        trouble.fails(error, { origin: event.origin });
        await pause(Math.min(firstPauseMs * 2 ** Math.min(n, 20), longestPauseMs), undefined, { signal: this.#stopping.signal });
      }
    }
  }
}

function readable({ event, failure }: Incoming): ProjectedEvent {
  if (failure) throw failure;
  return event;
}

/** Events passed without acting are stored now and then only. */
const UNWRITTEN_MOST = 1_000;

/** How far one reaction is, in each origin. */
class Progress {
  /** Events passed since the origin's position was stored. */
  readonly #unsaved = new Map<string, number>();
  readonly #silent = new Map<string, number>();
  readonly #before = new Map<string, string>();

  constructor(private readonly at: Map<string, Checkpoint>) {}

  from(origin: string): Checkpoint | undefined {
    return this.at.get(origin);
  }

  /** Another mapping of the same events, or another epoch: the origin is read again, without acting a second time. */
  async reset(origin: string): Promise<void> {
    const before = this.at.get(origin);
    this.at.delete(origin);
    if (!before) return;
    this.#silent.set(origin, before.position);
    this.#before.set(origin, before.epoch);
  }

  /** In the same epoch what was passed before stays passed; in another, all that the origin holds when it is met. */
  silence(origin: string, epoch: string, head: number): number {
    const before = this.#before.get(origin);
    if (before !== undefined && before !== epoch) {
      this.#silent.set(origin, head);
      this.#before.delete(origin);
    }
    return this.#silent.get(origin) ?? 0;
  }

  /** The first position met in an origin is stored at once, so that what was silent stays silent. */
  isUnsaved({ origin }: Checkpoint, passed: number): boolean {
    return !this.at.has(origin) || (this.#unsaved.get(origin) ?? 0) + passed > UNWRITTEN_MOST;
  }

  /** `unsaved`: events passed; undefined where it was stored. */
  reach(checkpoint: Checkpoint, unsaved: number | undefined): void {
    const { origin } = checkpoint;
    this.at.set(origin, checkpoint);
    this.#unsaved.set(origin, unsaved === undefined ? 0 : (this.#unsaved.get(origin) ?? 0) + unsaved);
  }
}
