import { type AppendItem, StoreBusyError, StoreUnavailableError } from './event-store.js';

/** Events of one accepted call, which take up room until all that it began has ended. */
export class QueuePlace {
  #open = 1;

  constructor(private readonly free: () => void) {}

  /** The room is taken until this has ended, even where the caller is answered before. */
  until<T>(write: Promise<T>): Promise<T> {
    this.#open += 1;
    write.then(this.leave, this.leave);
    return write;
  }

  readonly leave = (): void => {
    this.#open -= 1;
    if (this.#open === 0) this.free();
  };
}

/** Appends to a store that a server or another process holds: bounded in events, each with its place until it has ended. */
export class AppendQueue {
  readonly #limit: number;
  readonly #answers = new Set<Promise<unknown>>();
  #events = 0;
  #closed = false;

  /** `limit`: events that may wait; default 10,000. */
  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** Throws StoreBusyError where there is no room, StoreUnavailableError where it is closed. */
  async accept<T>(items: readonly AppendItem[], work: (place: QueuePlace) => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnavailableError('The event store is closed.');
    let events = 0;
    for (const item of items) {
      if (item.events.length === 0) throw new RangeError(`Nothing to append to ${item.stream}.`);
      events += item.events.length;
    }
    if (this.#events + events > this.#limit) throw new StoreBusyError('The event store is busy: its queue is full.');
    this.#events += events;
    const place = new QueuePlace(() => (this.#events -= events));
    const answer = work(place).finally(() => {
      place.leave();
      this.#answers.delete(answer);
    });
    this.#answers.add(answer);
    return answer;
  }

  /** Accepts nothing any more; resolves when all that was accepted is answered. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#answers);
  }
}
