import { BusyError } from '@ateneo/service-kit';

const AT_ONCE = 2;
const MOST_WAITING = 30;
const RETRY_SECONDS = 2;

/** Expensive hashes, few at a time: a flood of sign-ins takes neither the memory of the process nor the threads that its files need. */
export class HashingLine {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly atOnce = AT_ONCE,
    private readonly mostWaiting = MOST_WAITING,
  ) {}

  /** In the order in which they came. Throws BusyError where too many wait. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.atOnce) {
      if (this.#waiting.length >= this.mostWaiting) throw new BusyError(RETRY_SECONDS);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      // the place goes to the next in line, or is free
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
