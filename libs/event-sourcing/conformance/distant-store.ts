import assert from 'node:assert/strict';
import type { AppendResult, EventStore, StoredEvent } from '../src/event-store.js';

export type DistantStore = EventStore & {
  /** Events that were read from it so far. */
  readonly read: number;
};

const far = (position: number): number => (position === 0 ? 0 : position * 4_000 + 17);
const near = (position: number): number => Math.floor(position / 4_000);
const movedResult = (result: AppendResult, count: number): AppendResult =>
  result.ok
    ? {
        ...result,
        position: far(result.position),
        positions: Array.from({ length: count }, (_, n) => far(result.position - count + 1 + n)),
      }
    : result;

/**
 * An embedded store whose positions are as KurrentDB has them: offsets in a log, thousands apart, and refused where no event stands. As there, events are counted
 * by reading them.
 */
export function distantStore(store: EventStore): DistantStore {
  let read = 0;
  const moved = (event: StoredEvent): StoredEvent => ({ ...event, position: far(event.position) });
  const readAfter = async (position: number, limit: number): Promise<StoredEvent[]> => {
    assert.equal(far(near(position)), position, `${position} is no event's place`);
    const found = (await store.readAfter(near(position), limit)).map(moved);
    read += found.length;
    return found;
  };
  return {
    epoch: store.epoch,
    get read() {
      return read;
    },
    append: async (item) => movedResult(await store.append(item), item.events.length),
    appendMany: async (items) => (await store.appendMany(items)).map((result, n) => movedResult(result, items[n]!.events.length)),
    readStream: async (stream) => (await store.readStream(stream)).map(moved),
    readAfter,
    readAt: async (position) => {
      const found = await store.readAt(near(position));
      return found && far(found.position) === position ? moved(found) : undefined;
    },
    countAfter: async (position, most) => Math.min(most, await store.countAfter(near(position), most)),
    head: async () => far(await store.head()),
    onCommit: (listener) => store.onCommit((head) => listener(far(head))),
    close: () => store.close(),
  };
}
