import { setTimeout as pause } from 'node:timers/promises';
import { isAway, type Part, StoreBusyError } from '@ateneo/event-sourcing';
import type { Component } from './service-definition.js';
import type { ServiceRuntime } from './service-runtime.js';
import { type Processed, SharedProgress } from './shared-progress.js';

/** Tasks that are carried out in the background, one after another, by one instance of a service. */
export type Tasks = {
  /** Names the lease: whoever holds it works. */
  readonly name: string;
  readonly part: Part;
  /** Whose changes say that there may be something to do. */
  readonly projection: { readonly name: string };
  /** Ids of the tasks that are not finished. It tells where to look: what is to be done of a task, its own stream says. */
  readonly unfinished: () => Promise<readonly string[]>;
  /** Goes on from where the store says the task is, to its end or until the turn is over. A task that was cancelled or is done is left as it is. */
  readonly carryOut: (id: string, turn: Turn) => Promise<void>;
  /** Ends a task that cannot be carried out. Without it a task is tried until it can. Never called where a server was away or this instance stops. */
  readonly fail?: (id: string, error: unknown) => Promise<void>;
  /** What the holder does first. */
  readonly begun?: () => void;
  /** As operators read it; default: the id. */
  readonly called?: (id: string) => string;
};

const BUSY_MS = 100;
const AWAY_MS = 1_000;
/** Another instance's word that there is something to do may be lost. */
const LOOK_AGAIN_MS = 5_000;

class TurnOver extends Error {
  override readonly name = 'TurnOver';
}

/** How long the work may go on here. */
export class Turn {
  constructor(private readonly over: () => boolean) {}

  /** This instance gives the work up. */
  get isOver(): boolean {
    return this.over();
  }

  /** Throws where the turn is over: nothing is told of it, and the next holder goes on. */
  goOn(): void {
    if (this.isOver) throw new TurnOver();
  }

  /** People come first: where the store's queue is full the work waits. Throws as `goOn`. */
  async unlessBusy<T>(act: () => Promise<T>): Promise<T> {
    for (;;) {
      this.goOn();
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof StoreBusyError)) throw error;
        await pause(BUSY_MS);
      }
    }
  }
}

/**
 * Work that one instance does for all and that survives it: who does is settled by a lease, how far it is stands in the store, and whoever takes over goes on
 * from there. Every instance knows how far it is.
 */
export class ResumableWork<P extends Processed = Processed> implements Component {
  readonly #progress: SharedProgress<P>;
  readonly #turn = new Turn(() => this.#isOver);
  readonly #waiting = new Set<string>();
  #last: Promise<void> = Promise.resolve();
  #isOver = true;
  #looking: NodeJS.Timeout | undefined;
  #leave: (() => Promise<void>) | undefined;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly tasks: Tasks,
  ) {
    this.#progress = new SharedProgress(runtime, tasks.name);
  }

  async start(): Promise<void> {
    const { name, projection } = this.tasks;
    this.#progress.start();
    const unlisten = this.runtime.onChange((changes) => {
      if (changes.length === 0 || changes.some((change) => change.projection === projection.name)) void this.#look();
    });
    const giveUp = await this.runtime.alone(name, { start: () => this.#begin(), stop: () => this.#end() });
    this.#leave = () => (unlisten(), giveUp());
  }

  /** Resolves when nothing is under way here any more. */
  async stop(): Promise<void> {
    await this.#leave?.();
    this.#progress.stop();
  }

  /** A task that is new or can go on. Where another instance works, that one hears of it by itself. */
  enqueue(id: string): void {
    if (this.#isOver || this.#waiting.has(id)) return;
    this.#waiting.add(id);
    this.#last = this.#last.then(() => {
      this.#waiting.delete(id);
      return this.#work(id);
    });
  }

  /** Something else that the holder does between two tasks; nothing on other instances. */
  between(what: string, act: () => Promise<void>): void {
    if (this.#isOver) return;
    this.#last = this.#last.then(act).catch((error: unknown) => this.tell(what, error));
  }

  /** How far a task is that is under way, whichever instance carries it out; undefined where none does, or none has said so. */
  progressOf(id: string): P | undefined {
    return this.#progress.of(id);
  }

  /** To be called while a task is carried out. */
  report(id: string, progress: P): void {
    this.#progress.tell(id, progress);
  }

  tell(what: string, error: unknown): void {
    const { platform, definition } = this.runtime;
    platform.onProblem({ is: 'happened', part: this.tasks.part, service: definition.name, what, error });
  }

  #begin(): void {
    this.#isOver = false;
    this.#looking = setInterval(() => void this.#look(), LOOK_AGAIN_MS).unref();
    void this.#look();
    this.tasks.begun?.();
  }

  async #end(): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#looking);
    await this.#last;
  }

  async #look(): Promise<void> {
    if (this.#isOver) return;
    try {
      for (const id of await this.tasks.unfinished()) this.enqueue(id);
    } catch (error) {
      if (!this.#isOver) this.tell(`unfinished ${this.tasks.name} are read`, error);
    }
  }

  async #work(id: string): Promise<void> {
    if (this.#isOver) return;
    try {
      await this.tasks.carryOut(id, this.#turn);
      this.#progress.end(id);
    } catch (error) {
      await this.#interrupted(id, error);
    }
  }

  /** Whoever stops leaves the task to the next; what is away is waited for. */
  async #interrupted(id: string, error: unknown): Promise<void> {
    const { fail, called = (of: string) => of } = this.tasks;
    if (this.#isOver || error instanceof TurnOver) return;
    if (!fail || isAway(error)) {
      this.tell(called(id), error);
      await pause(AWAY_MS);
      return this.enqueue(id);
    }
    try {
      await fail(id, error);
      this.#progress.end(id);
    } catch (failure) {
      this.tell(called(id), failure);
    }
  }
}
