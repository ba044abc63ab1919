import type { Trouble } from '@ateneo/event-sourcing';
import type { Stop } from './bus.js';

/** A consumer's progress through the events of one origin. */
export type ConsumerPosition = { readonly epoch: string; readonly mappingVersion: number; readonly position: number };
export type ConsumerStatus = {
  readonly service: string;
  readonly position: number;
  /** Events known to follow the last page read. */
  readonly waiting: number;
  readonly failures: number;
  readonly reason?: string;
};

/** Where a page lies in its origin. */
export type Placed = {
  readonly epoch: string;
  readonly mappingVersion: number;
  /** The position to read from next; it also skips events that were not wanted. */
  readonly next: number;
  /** Last position of the origin. */
  readonly head: number;
  /** Events scanned, wanted or not, as far as counted; at least 1 if `next` moved. */
  readonly passed: number;
  /** Events known to follow `next`, wanted or not; 0 at the head, otherwise at least 1. */
  readonly waiting: number;
};

/** Events readable from a position, with a notification when there may be more. */
export type Source<P extends Placed> = {
  /** Called before each start; epoch and mapping version may change with it. */
  open?(): Promise<void>;
  readonly epoch: string;
  readonly mappingVersion: number;
  read(after: number): Promise<P>;
  onNudge(listener: () => void): Stop;
};

export type FollowerOptions<P extends Placed> = {
  readonly service: string;
  /** Where to start; undefined: from the beginning. Asked again after each failure. */
  from(): ConsumerPosition | undefined | Promise<ConsumerPosition | undefined>;
  /** The source's epoch or mapping version is not the one of `from`. */
  onReset(): Promise<void>;
  /** The next page is delivered only after this resolves. */
  handle(page: P): Promise<void>;
  /** Everything the source holds now has been handled. */
  caughtUp?(): void;
  /** Told of each failure, and of its end: a page was handled, or the follower stopped. */
  readonly trouble?: Trouble;
};

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 5_000;

/** Delivers one origin to one consumer: at least once, in order, one page at a time, woken by the source, with growing pauses after failures. */
export class Follower<P extends Placed> {
  readonly service: string;
  readonly #options: FollowerOptions<P>;
  readonly #done: Promise<void>;
  #stopped = false;
  #restarted = true;
  #nudged = false;
  #wake: (() => void) | undefined;
  #at = { position: 0, waiting: 0, epoch: '', mappingVersion: 0 };
  #failures = 0;
  /** Consecutive pages that contradicted the source's epoch or mapping version. */
  #strange = 0;
  #reason: string | undefined;

  /** `source` may be opened later; the function returned with it is called when the follower ends. */
  constructor(options: FollowerOptions<P>, source: Promise<{ readonly source: Source<P>; readonly end?: () => void }>) {
    this.service = options.service;
    this.#options = options;
    this.#done = this.#live(source);
  }

  /** Discards pending pages and restarts at `from`. */
  restart(): void {
    this.#restarted = true;
    this.#nudge();
  }

  status(): ConsumerStatus {
    const { position, waiting } = this.#at;
    return { service: this.service, position, waiting, failures: this.#failures, reason: this.#reason };
  }

  /** Resolves when no handler is running. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#nudge();
    return this.#done;
  }

  #nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  async #live(coming: Promise<{ readonly source: Source<P>; readonly end?: () => void }>): Promise<void> {
    let met: { readonly source: Source<P>; readonly end?: () => void } | undefined;
    coming.then(
      (come) => {
        met = come;
        if (this.#stopped) come.end?.();
        this.#nudge();
      },
      (error: unknown) => this.#note(error),
    );
    while (!this.#stopped && !met) {
      this.#nudged = false;
      await this.#nudgeOrStop();
    }
    if (this.#stopped || !met) return this.#options.trouble?.over();
    const unlisten = met.source.onNudge(() => this.#nudge());
    while (!this.#stopped) await this.#step(met.source);
    unlisten();
    met.end?.();
    this.#options.trouble?.over();
  }

  /** One step: a page, a wait for news, or a pause after a failure. */
  async #step(source: Source<P>): Promise<void> {
    try {
      if (this.#restarted) await this.#begin(source);
      this.#nudged = false;
      const page = await source.read(this.#at.position);
      if (page.epoch !== this.#at.epoch || page.mappingVersion !== this.#at.mappingVersion) return this.#beginAgain();
      this.#strange = 0;
      this.#at.waiting = page.waiting;
      const moved = page.next > this.#at.position;
      if (moved && !this.#stopped) await this.#hand(page);
      this.#failures = 0;
      this.#reason = undefined;
      this.#options.trouble?.over();
      if (this.#restarted || (moved && page.waiting > 0)) return;
      if (page.waiting === 0) this.#options.caughtUp?.();
      await this.#nudgeOrStop();
    } catch (error) {
      this.#restarted = true;
      this.#note(error);
      await this.#pause(Math.min(FIRST_PAUSE_MS * 2 ** (this.#failures - 1), LONGEST_PAUSE_MS));
    }
  }

  #note(error: unknown): void {
    this.#failures++;
    this.#reason = error instanceof Error ? error.message : String(error);
    if (!this.#stopped) this.#options.trouble?.fails(error, { origin: this.service });
  }

  /** The page has another epoch or mapping version than announced: restart at once, and after a pause if that did not help. */
  #beginAgain(): void {
    this.#restarted = true;
    if (this.#strange++ > 0) throw new Error(`pages of ${this.service} are of another epoch or mapping version than it says`);
  }

  async #begin(source: Source<P>): Promise<void> {
    this.#restarted = false;
    await source.open?.();
    const { epoch, mappingVersion } = source;
    const same = (from: ConsumerPosition | undefined) => from?.epoch === epoch && from.mappingVersion === mappingVersion;
    let from = await this.#options.from();
    if (from && !same(from)) {
      await this.#options.onReset();
      from = await this.#options.from();
    }
    this.#at = { position: same(from) ? from!.position : 0, waiting: this.#at.waiting, epoch, mappingVersion };
  }

  async #hand(page: P): Promise<void> {
    await this.#options.handle(page);
    if (!this.#restarted) this.#at.position = page.next;
  }

  async #nudgeOrStop(): Promise<void> {
    if (this.#nudged || this.#stopped) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
  }

  /** Only a stop cuts it short: new events do not cure a failing handler. */
  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      this.#wake = () => {
        if (!this.#stopped) return;
        clearTimeout(timer);
        resolve();
      };
      if (this.#stopped) this.#wake();
    });
    this.#wake = undefined;
  }
}
