import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** Work in the background gives way after so long… */
const SLICE_MS = 8;
/** …and where others have then kept the loop busy for so long, it rests as long as it worked. */
const BUSY_MS = 4;

export type PaceClock = { now(): number; turn(): Promise<unknown>; rest(ms: number): Promise<unknown> };
const CLOCK: PaceClock = { now: () => performance.now(), turn: () => nextTurn(), rest: (ms) => pause(ms) };

/** Lets work that nobody waits for share the event loop: alone it goes on at once, beside people it takes half of the time at most, in slices of 8 ms. */
export class Pace {
  #since: number;

  constructor(private readonly clock: PaceClock = CLOCK) {
    this.#since = clock.now();
  }

  /** To be awaited after each small step. */
  async step(): Promise<void> {
    const at = this.clock.now();
    const worked = at - this.#since;
    if (worked < SLICE_MS) return;
    await this.clock.turn();
    if (this.clock.now() - at >= BUSY_MS) await this.clock.rest(worked);
    this.#since = this.clock.now();
  }
}
