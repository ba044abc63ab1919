import { setTimeout as pause } from 'node:timers/promises';
import { loopTurns } from '@ateneo/threads';

/** Work in the background gives way after so long… */
const SLICE_MS = 5;
/** …and where people are about it then rests so many times as long as it worked. */
const REST = 2;

export type PaceClock = { now(): number; turn(): Promise<unknown>; rest(ms: number): Promise<unknown>; readonly peopleAbout: boolean };
const CLOCK: PaceClock = {
  now: () => performance.now(),
  turn: () => loopTurns.next(),
  rest: (ms) => pause(ms),
  get peopleAbout() {
    return loopTurns.peopleAbout;
  },
};

/** Lets work that nobody waits for share the event loop: alone it goes on at once, beside people it takes a third of the time, in slices of 5 ms. */
export class Pace {
  #since: number;

  constructor(private readonly clock: PaceClock = CLOCK) {
    this.#since = clock.now();
  }

  /** To be awaited after each small step. */
  async step(): Promise<void> {
    const worked = this.clock.now() - this.#since;
    if (worked < SLICE_MS) return;
    await this.clock.turn();
    if (this.clock.peopleAbout) await this.clock.rest(worked * REST);
    this.#since = this.clock.now();
  }
}
