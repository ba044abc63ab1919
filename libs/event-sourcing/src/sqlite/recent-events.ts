import type { StoredEvent } from '../event-store.js';

const MOST = 4_000;

/** The end of the log as it was read last: several readers follow it, and one read serves them all. */
export class RecentEvents {
  #events: StoredEvent[];

  /** All events after `from`, up to the last of them. */
  constructor(
    public from: number,
    events: readonly StoredEvent[],
  ) {
    this.#events = [...events];
  }

  get length(): number {
    return this.#events.length;
  }

  get to(): number {
    return this.#events.at(-1)?.position ?? this.from;
  }

  /** Takes what comes next in the log; the oldest go when there are too many. */
  add(events: readonly StoredEvent[]): void {
    this.#events.push(...events);
    if (this.#events.length <= MOST) return;
    const dropped = this.#events.splice(0, this.#events.length - MOST / 2);
    this.from = dropped.at(-1)?.position ?? this.from;
  }

  after(position: number, limit: number): StoredEvent[] {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle] as StoredEvent).position <= position) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low, low + limit);
  }
}
