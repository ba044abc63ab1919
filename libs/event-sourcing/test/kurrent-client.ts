import { EventEmitter } from 'node:events';
import {
  BACKWARDS,
  END,
  type EventData,
  InvalidArgumentError,
  KurrentDBClient,
  NO_STREAM,
  type Position,
  START,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client';
import type { TestContext } from 'node:test';

type Kept = {
  readonly streamId: string;
  readonly revision: bigint;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly position: Position;
};
type From = Position | typeof START | typeof END;
type AllOptions = {
  readonly direction?: string;
  readonly fromPosition?: From;
  readonly maxCount?: number;
  readonly filter?: { readonly prefixes?: readonly string[] };
};
type StreamOptions = {
  readonly direction?: string;
  readonly fromRevision?: bigint | typeof START | typeof END;
  readonly maxCount?: number;
};

const isPlace = (from: From | undefined): from is Position => typeof from === 'object';

/**
 * What the client of KurrentDB does on a log in memory: positions are bytes of the log, thousands apart, a read of all begins at an event's place and with the
 * event there, a subscription after it. It stands where the real client would be made; what only a server shows is not proven by it.
 */
export class KurrentDouble {
  readonly #log: Kept[] = [];
  readonly #live = new Set<EventEmitter & { readonly prefixes: readonly string[] }>();
  #end = 4_711n;
  /** While set, appends are taken and answered when it resolves. */
  holding: Promise<void> | undefined;

  /** Every store opened in this test speaks with it. */
  static in(t: TestContext): KurrentDouble {
    const double = new KurrentDouble();
    t.mock.method(KurrentDBClient, 'connectionString', () => double as unknown as KurrentDBClient);
    return double;
  }

  async appendToStream(name: string, events: EventData | readonly EventData[], { streamState }: { streamState?: unknown } = {}) {
    await this.holding;
    const list = [events].flat() as EventData[];
    const last = this.#of(name).at(-1)?.revision ?? -1n;
    const expected = streamState === NO_STREAM ? -1n : streamState;
    if (typeof expected === 'bigint' && expected !== last)
      throw new WrongExpectedVersionError(undefined, { streamName: name, expected: NO_STREAM, current: last < 0n ? NO_STREAM : last });
    const kept = list.map((event, n) => this.#keep(name, last + 1n + BigInt(n), event));
    this.#log.push(...kept);
    for (const one of this.#live) this.#send(one, kept);
    return { success: true, nextExpectedRevision: last + BigInt(list.length), position: kept.at(-1)?.position };
  }

  async *readStream(name: string, { direction, fromRevision, maxCount = Infinity }: StreamOptions = {}) {
    const all = this.#of(name);
    if (all.length === 0) throw new StreamNotFoundError(undefined, name);
    const wanted = direction === BACKWARDS ? all.toReversed() : all.filter(({ revision }) => revision >= BigInt(fromRevision ?? 0));
    for (const event of wanted.slice(0, maxCount)) yield await Promise.resolve({ event });
  }

  async *readAll({ direction, fromPosition, maxCount = Infinity, filter }: AllOptions) {
    const ours = this.#log.filter(({ streamId }) => filter?.prefixes?.some((prefix) => streamId.startsWith(prefix)));
    const from = this.#place(fromPosition);
    const wanted = direction === BACKWARDS ? ours.toReversed() : ours.filter(({ position }) => position.commit >= from);
    for (const event of wanted.slice(0, maxCount)) yield await Promise.resolve({ event });
  }

  subscribeToAll({ fromPosition, filter }: AllOptions) {
    const subscription = Object.assign(new EventEmitter(), {
      prefixes: filter?.prefixes ?? [],
      unsubscribe: async () => void this.#live.delete(subscription),
    });
    const after = this.#place(fromPosition);
    this.#live.add(subscription);
    const missed = this.#log.filter(({ position }) => position.commit > after);
    setImmediate(() => this.#send(subscription, missed));
    return subscription;
  }

  async dispose(): Promise<void> {}

  #send(subscription: EventEmitter & { readonly prefixes: readonly string[] }, events: readonly Kept[]): void {
    const wanted = events.filter(({ streamId }) => subscription.prefixes.some((prefix) => streamId.startsWith(prefix)));
    for (const event of wanted) subscription.emit('data', { event });
  }

  /** Throws where no event stands, unless the log ends before. */
  #place(from: From | undefined): bigint {
    if (!isPlace(from)) return 0n;
    const isThere =
      from.commit > (this.#log.at(-1)?.position.commit ?? 0n) || this.#log.some(({ position }) => position.commit === from.commit);
    if (!isThere) throw new InvalidArgumentError(`${from.commit} is no place of an event`);
    return from.commit;
  }

  #of(name: string): Kept[] {
    return this.#log.filter(({ streamId }) => streamId === name);
  }

  #keep(streamId: string, revision: bigint, { type, data, metadata }: EventData): Kept {
    const text = JSON.stringify([data, metadata]);
    const [kept, keptMetadata] = JSON.parse(text) as [unknown, unknown];
    this.#end += BigInt(text.length);
    return { streamId, revision, type, data: kept, metadata: keptMetadata, position: { commit: this.#end, prepare: this.#end } };
  }
}
