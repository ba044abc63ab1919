import { romeDay } from '@ateneo/calendar';

/** The one source of time of a process; deciders get days and instants from it, never from the system. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Today in Europe/Rome. */
  today(): string;
}

export const systemClock: Clock = { now: () => Date.now(), today: () => romeDay(Date.now()) };

/** A clock that is told what time it is; the demo seeds on it, then lets it run with the system's. */
export class SettableClock implements Clock {
  #at: number | undefined;
  readonly #watchers = new Set<() => void>();
  now(): number {
    return this.#at ?? Date.now();
  }
  today(): string {
    return romeDay(this.now());
  }
  /** Moves forward, never back. */
  set(at: number): void {
    if (this.#at === undefined || at > this.#at) this.#at = at;
    for (const watcher of this.#watchers) watcher();
  }
  /** From now on the system's time. */
  release(): void {
    this.#at = undefined;
    for (const watcher of this.#watchers) watcher();
  }
  /** Called whenever the clock is set or released; answers how to stop. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }
}
