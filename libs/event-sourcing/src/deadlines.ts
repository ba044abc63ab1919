/** Something to do at a moment. `payload` is JSON and holds ids, never personal data. */
export type Deadline = { readonly id: string; readonly dueAt: number; readonly payload: unknown; readonly attempts: number };

/** Where deadlines are kept: durable, beside the events, for no replay could rebuild them. */
export interface DeadlineTable {
  /** Adds a deadline, or moves the one with this id. */
  put(deadline: Pick<Deadline, 'id' | 'dueAt' | 'payload'>): Promise<void>;
  /** Removes a deadline; with `dueAt` only if it was not moved since. */
  remove(id: string, dueAt?: number): Promise<void>;
  postpone(id: string, attempts: number, until: number): Promise<void>;
  /** What is due, earliest first. */
  due(now: number, limit: number): Promise<Deadline[]>;
  /** When the next tick has something to do, in milliseconds since 1970. */
  nextAt(): Promise<number | undefined>;
}

export type DeadlineOptions = {
  readonly table: DeadlineTable;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes effect of a deadline; safe to repeat. A throw brings it back later. */
  readonly fire: (deadline: Deadline) => Promise<void>;
  /** Told of each failure before the deadline is postponed. */
  readonly failed?: (deadline: Deadline, error: unknown) => void;
};

const PAGE = 100;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Fires stored deadlines in order, each at least once, by a clock that is given. */
export class Deadlines {
  readonly #options: DeadlineOptions;
  #ticking: Promise<number> | undefined;

  constructor(options: DeadlineOptions) {
    this.#options = options;
  }

  schedule(id: string, dueAt: number, payload: unknown): Promise<void> {
    return this.#options.table.put({ id, dueAt, payload });
  }

  cancel(id: string): Promise<void> {
    return this.#options.table.remove(id);
  }

  nextAt(): Promise<number | undefined> {
    return this.#options.table.nextAt();
  }

  /** Fires what is due, also what falls due meanwhile, and answers how many took effect. */
  tick(): Promise<number> {
    return (this.#ticking ??= this.#fireDue().finally(() => (this.#ticking = undefined)));
  }

  async #fireDue(): Promise<number> {
    let fired = 0;
    for (let due = await this.#due(); due.length > 0; due = await this.#due()) {
      for (const deadline of due) if (await this.#fire(deadline)) fired += 1;
    }
    return fired;
  }

  #due(): Promise<Deadline[]> {
    return this.#options.table.due(this.#options.now(), PAGE);
  }

  async #fire(deadline: Deadline): Promise<boolean> {
    const { table, fire, failed, now } = this.#options;
    try {
      await fire(deadline);
    } catch (error) {
      failed?.(deadline, error);
      await table.postpone(deadline.id, deadline.attempts + 1, now() + Math.min(FIRST_PAUSE_MS * 2 ** deadline.attempts, LONGEST_PAUSE_MS));
      return false;
    }
    await table.remove(deadline.id, deadline.dueAt);
    return true;
  }
}
