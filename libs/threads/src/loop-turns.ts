/** For so long after somebody was served people count as being about. */
const ABOUT_MS = 50;

/**
 * Turns of the event loop for work that is done in slices: one slice in each, whoever it belongs to, so that between two of them whatever else
 * is ready is answered; taken by themselves ten works would hold the loop ten times as long as one (ADR 0049).
 */
export class LoopTurns {
  readonly #waiting: (() => void)[] = [];
  #coming = false;
  #servedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly later: (turn: () => void) => void = setImmediate,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** To be called between two slices; resolves when the next may begin. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#go();
    });
  }

  /** A person is being served by this process. */
  served(): void {
    this.#servedAt = this.now();
  }

  /** Whether a person was served a moment ago. */
  get peopleAbout(): boolean {
    return this.now() - this.#servedAt <= ABOUT_MS;
  }

  #go(): void {
    if (this.#coming || this.#waiting.length === 0) return;
    this.#coming = true;
    this.later(() => {
      this.#coming = false;
      this.#waiting.shift()?.();
      this.#go();
    });
  }
}

/** Those of this process's event loop. */
export const loopTurns = new LoopTurns();
