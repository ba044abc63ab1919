import { setTimeout as pause } from 'node:timers/promises';
import { type EventBus, Follower, type RunningSubscription } from '@ateneo/messaging';
import type { Checkpoint } from './document-store.js';
import { incomingPage, type IncomingPage, type OwnEvents, ownSource } from './incoming.js';
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

/** An event that a reaction gave up, for an operator to look at. */
export type ParkedEvent = {
  readonly reaction: string;
  readonly origin: string;
  readonly position: number;
  readonly eventId: string;
  readonly reason: string;
};

/** Where reactions keep how far they are: beside the events, since replay could not rebuild it without acting again. */
export interface Checkpoints {
  load(reaction: string): Promise<Checkpoint[]>;
  /** Durable when it resolves. */
  save(reaction: string, checkpoint: Checkpoint, parked: readonly ParkedEvent[]): Promise<void>;
  parked(): Promise<ParkedEvent[]>;
  release(parked: ParkedEvent): Promise<void>;
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
  /** Attempts before an event is parked; default 8. */
  readonly attempts?: number;
  readonly firstPauseMs?: number;
};

/** Runs the reactions of a service, each with its own checkpoint: at least once, in the order of each origin. */
export class ReactionRunner<Tools> {
  readonly #running: (RunningSubscription | Follower<IncomingPage>)[] = [];
  readonly #stopping = new AbortController();

  constructor(private readonly options: ReactionRunnerOptions<Tools>) {}

  async start(): Promise<void> {
    for (const reaction of this.options.reactions) {
      const at = new Map((await this.options.checkpoints.load(reaction.name)).map((checkpoint) => [checkpoint.origin, checkpoint]));
      this.#follow(reaction, new Progress(at));
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.map((running) => running.stop()));
  }

  /** Events that reactions have still to look at, by origin. */
  lag(): number {
    return this.#running.flatMap((running) => running.status()).reduce((sum, { head, position }) => sum + Math.max(0, head - position), 0);
  }

  #follow(reaction: Reaction<Tools>, progress: Progress): void {
    const { own, events, service } = this.options;
    if (reaction.own) {
      if (!own) throw new RangeError(`${reaction.name} follows own events, but there is no own store`);
      const options = {
        service: OWN,
        from: () => progress.from(OWN),
        onReset: () => progress.reset(OWN),
        handle: (page: IncomingPage) => this.#take(reaction, progress, OWN, page),
      };
      this.#running.push(new Follower(options, Promise.resolve({ source: ownSource(own, reaction.own) })));
    }
    if (!reaction.public) return;
    const subscription = {
      consumer: `${service}.${reaction.name}`,
      types: reaction.public,
      from: (origin: string) => progress.from(origin),
      onReset: (origin: string) => progress.reset(origin),
    };
    this.#running.push(events.subscribe(subscription, (batch) => this.#take(reaction, progress, batch.service, incomingPage(batch))));
  }

  async #take(
    reaction: Reaction<Tools>,
    progress: Progress,
    origin: string,
    { items, epoch, mappingVersion, next, head }: IncomingPage,
  ): Promise<void> {
    const silent = Math.max(this.options.silentUpTo?.(origin) ?? 0, progress.silence(origin, epoch, head));
    const checkpoint = (position: number) => ({ origin, epoch, mappingVersion, position });
    const parked: ParkedEvent[] = [];
    let acted = false;
    for (const item of items) {
      if (item.event.position <= silent) continue;
      acted = true;
      const failure = await this.#try(reaction, item);
      if (failure === undefined) continue;
      const { position, id } = item.event;
      parked.push({ reaction: reaction.name, origin, position, eventId: id, reason: failure });
    }
    const reached = checkpoint(Math.max(next, silent));
    const save = acted || progress.isUnsaved(reached);
    if (save) await this.options.checkpoints.save(reaction.name, reached, parked);
    progress.reach(reached, save);
  }

  /** Answers why it was given up, or undefined when it succeeded. */
  async #try(reaction: Reaction<Tools>, { event, failure }: Incoming): Promise<string | undefined> {
    const { attempts = 8, firstPauseMs = 50, toolsFor } = this.options;
    for (let attempt = 1; ; attempt++) {
      this.#stopping.signal.throwIfAborted();
      try {
        if (failure) throw failure;
        await reaction.react(event, toolsFor(reaction, event));
        return undefined;
      } catch (error) {
        if (attempt >= attempts || failure) return error instanceof Error ? error.message : String(error);
        await pause(firstPauseMs * 2 ** (attempt - 1), undefined, { signal: this.#stopping.signal });
      }
    }
  }
}

/** Positions passed without acting are stored now and then only. */
const UNWRITTEN_MOST = 1_000;

/** How far one reaction is, in each origin. */
class Progress {
  readonly #saved = new Map<string, number>();
  readonly #silent = new Map<string, number>();
  readonly #before = new Map<string, string>();

  constructor(private readonly at: Map<string, Checkpoint>) {
    for (const { origin, position } of at.values()) this.#saved.set(origin, position);
  }

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
  isUnsaved({ origin, position }: Checkpoint): boolean {
    return !this.at.has(origin) || position - (this.#saved.get(origin) ?? 0) > UNWRITTEN_MOST;
  }

  reach(checkpoint: Checkpoint, saved: boolean): void {
    this.at.set(checkpoint.origin, checkpoint);
    if (saved) this.#saved.set(checkpoint.origin, checkpoint.position);
  }
}
