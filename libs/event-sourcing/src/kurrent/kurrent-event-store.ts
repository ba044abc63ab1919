import { unheard } from '../problems.js';
import { randomUUID } from 'node:crypto';
import {
  type AllStreamSubscription,
  BACKWARDS,
  END,
  jsonEvent,
  KurrentDBClient,
  NO_STREAM,
  type ReadPosition,
  START,
  streamNameFilter,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client';
import { AppendQueue, type QueuePlace } from '../append-queue.js';
import { type AppendItem, type AppendResult, type EventStore, type StoredEvent, StoreUnavailableError } from '../event-store.js';
import { EventHasher } from '../sqlite/event-hash.js';
import { asStoreError } from './kurrent-errors.js';
import {
  epochStreamOf,
  eventsOf,
  expectedState,
  NO_EVENTS,
  positionFrom,
  positionTo,
  prefixOf,
  storedFrom,
  type StreamEnd,
} from './kurrent-events.js';

export type KurrentEventStoreOptions = {
  /** `kurrentdb://…` or `esdb://…`; the account must be allowed to read `$all`. */
  readonly url: string;
  readonly service: string;
  /** Key of the hash chain, 32 bytes derived from the master key. */
  readonly hashKey: Buffer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Bound of each question to the server; default 10 s. */
  readonly timeoutMs?: number;
  /** Events that may be under way, answered or not; default 10,000. */
  readonly queueLimit?: number;
};

const TIMEOUT_MS = 10_000;
/** The last event of a service that was long silent lies far back in the log. */
const FIND_HEAD_MS = 60_000;
/** Items of one `appendMany` under way at once. */
const AT_ONCE = 64;
const REMEMBERED_STREAMS = 20_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** The server compares this deadline with its own clock; the bound that counts is ours. */
const SERVER_DEADLINE_MS = 600_000;
/** A subscription tells its place after so many looks at 32 events of other services. */
const CHECKPOINT_INTERVAL = 32;

/**
 * The event store of one service in KurrentDB (or EventStoreDB from 23.10): streams `<service>/<category>-<uuid>`, positions are commit positions of the log.
 * Instances in different processes stamp `at` by their own clocks, never lower than what they have seen stored: in global order it may step back by as much
 * as their clocks differ.
 */
export class KurrentEventStore implements EventStore {
  readonly epoch: string;
  readonly #client: KurrentDBClient;
  readonly #service: string;
  readonly #hasher: EventHasher;
  readonly #now: () => number;
  readonly #timeoutMs: number;
  readonly #queue: AppendQueue;
  readonly #filter: ReturnType<typeof filterOf>;
  readonly #listeners = new Set<(head: number) => void>();
  readonly #ends = new Map<string, StreamEnd>();
  #head = 0;
  #at = 0;
  #followed: ReadPosition = START;
  #subscription: AllStreamSubscription | undefined;
  #again: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed: Promise<void> | undefined;

  private constructor(client: KurrentDBClient, epoch: string, last: StoredEvent | undefined, options: KurrentEventStoreOptions) {
    this.#client = client;
    this.epoch = epoch;
    this.#service = options.service;
    this.#hasher = new EventHasher(options.hashKey);
    this.#now = options.now;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#queue = new AppendQueue(options.queueLimit);
    this.#filter = filterOf(options.service);
    if (last) this.#meet(last.position, last.metadata);
    this.#followed = positionTo(this.#head);
    this.#follow();
  }

  static async open(options: KurrentEventStoreOptions): Promise<KurrentEventStore> {
    const { service, timeoutMs = TIMEOUT_MS } = options;
    const client = clientFor(options.url);
    try {
      const epoch =
        (await within(timeoutMs, () => readEpoch(client, service))) ?? (await within(timeoutMs, () => firstEpoch(client, service)));
      const last = await within(Math.max(FIND_HEAD_MS, timeoutMs), () => lastOfService(client, service));
      return new KurrentEventStore(client, epoch, last, options);
    } catch (error) {
      await client.dispose();
      throw error;
    }
  }

  append(item: AppendItem): Promise<AppendResult> {
    return this.#queue.accept([item], (place) => this.#append(item, place));
  }

  async appendMany(items: readonly AppendItem[]): Promise<AppendResult[]> {
    if (new Set(items.map((item) => item.stream)).size < items.length)
      throw new RangeError('A stream stands in one item of appendMany only.');
    return this.#queue.accept(items, (place) => this.#appendAll(items, place));
  }

  readStream(stream: string): Promise<StoredEvent[]> {
    return within(this.#timeoutMs, () => this.#readStream(stream, 0));
  }

  readAfter(position: number, limit: number): Promise<StoredEvent[]> {
    return within(this.#timeoutMs, async () => {
      const events: StoredEvent[] = [];
      const options = { fromPosition: positionTo(position), maxCount: limit + 1, filter: this.#filter, requiresLeader: true };
      for await (const { event } of this.#client.readAll(options)) {
        const stored = event && storedFrom(this.#service, event).event;
        if (stored && stored.position > position) events.push(stored);
      }
      return events.slice(0, limit);
    });
  }

  /** The log is read from the position itself on: the byte before it is no event's place. */
  readAt(position: number): Promise<StoredEvent | undefined> {
    return within(this.#timeoutMs, async () => {
      const options = { fromPosition: positionTo(position), maxCount: 1, filter: this.#filter, requiresLeader: true };
      for await (const { event } of this.#client.readAll(options)) {
        const stored = event && storedFrom(this.#service, event).event;
        if (stored?.position === position) return stored;
      }
      return undefined;
    });
  }

  /** The server counts no events of a filter. */
  async countAfter(position: number, most: number): Promise<number> {
    return position >= this.#head ? 0 : (await this.readAfter(position, most)).length;
  }

  async head(): Promise<number> {
    return this.#head;
  }

  onCommit(listener: (head: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits for what was accepted. */
  close(): Promise<void> {
    return (this.#closed ??= this.#end());
  }

  /** Where one fails, the failure is told when none is under way any more. */
  async #appendAll(items: readonly AppendItem[], place: QueuePlace): Promise<AppendResult[]> {
    const results: AppendResult[] = [];
    let next = 0;
    const worker = async () => {
      for (let i = next++; i < items.length; i = next++) results[i] = await this.#append(items[i] as AppendItem, place);
    };
    const settled = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
    return results;
  }

  async #append(item: AppendItem, place: QueuePlace): Promise<AppendResult> {
    const { stream, expectedRevision } = item;
    const end = expectedRevision === -1 ? NO_EVENTS : await this.#endAt(stream, expectedRevision);
    if (!end) return this.#conflict(item);
    // Nothing is awaited between the stamp and the client's queue, which keeps its order: so `at` rises with the position.
    this.#at = Math.max(this.#at, end.at, this.#now());
    const written = eventsOf(item, end, this.#at, this.#hasher);
    const options = { streamState: expectedState(expectedRevision), deadline: SERVER_DEADLINE_MS };
    let position: number | undefined;
    try {
      const write = () => place.until(this.#client.appendToStream(this.#nameOf(stream), written.events, options));
      const result = await within(this.#timeoutMs, write);
      if (!result.success) return await this.#conflict(item);
      position = result.position && positionFrom(result.position);
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return this.#conflict(item);
      throw error;
    }
    this.#remember(stream, written.end);
    const at = new Date(written.end.at).toISOString();
    const told = { ok: true as const, revision: written.end.revision, at, repeated: false };
    if (position === undefined || item.events.length > 1) return { ...told, ...this.#placed(await this.#placesOf(item)) };
    return { ...told, ...this.#placed([position]) };
  }

  /** A revision that is not the expected one: a repeat where the same ids stand in the place, else a conflict. */
  async #conflict(item: AppendItem): Promise<AppendResult> {
    const { stream, expectedRevision, events } = item;
    this.#ends.delete(stream);
    const there = await within(this.#timeoutMs, () => this.#readStream(stream, expectedRevision + 1, events.length));
    const last = there.at(-1);
    if (last && there.length === events.length && there.every(({ id }, i) => id === events[i]?.id)) {
      const placed = this.#placed(there.map((one) => one.position));
      return { ok: true, revision: last.revision, at: last.metadata.at, repeated: true, ...placed };
    }
    return { ok: false, reason: 'conflict', revision: await within(this.#timeoutMs, () => this.#revisionOf(stream)) };
  }

  #placed(positions: readonly number[]): { position: number; positions?: readonly number[] } {
    const position = positions.at(-1) as number;
    this.#advance(position);
    return positions.length > 1 ? { position, positions } : { position };
  }

  /** An append answers with the place of its last event alone. */
  async #placesOf({ stream, expectedRevision, events }: AppendItem): Promise<number[]> {
    const stored = await within(this.#timeoutMs, () => this.#readStream(stream, expectedRevision + 1, events.length));
    return stored.map((one) => one.position);
  }

  async #endAt(stream: string, revision: number): Promise<StreamEnd | undefined> {
    const known = this.#ends.get(stream);
    if (known?.revision === revision) return known;
    const [found] = await within(this.#timeoutMs, () => this.#recorded(stream, revision, 1));
    return found && endFrom(found);
  }

  async #readStream(stream: string, from: number, maxCount?: number): Promise<StoredEvent[]> {
    const found = await this.#recorded(stream, from, maxCount);
    const last = found.at(-1);
    if (last && maxCount === undefined) this.#remember(stream, endFrom(last));
    return found.map(({ event }) => event);
  }

  async #recorded(stream: string, from: number, maxCount?: number): Promise<ReturnType<typeof storedFrom>[]> {
    const found: ReturnType<typeof storedFrom>[] = [];
    const options = { fromRevision: BigInt(from), requiresLeader: true, ...(maxCount === undefined ? {} : { maxCount }) };
    try {
      for await (const { event } of this.#client.readStream(this.#nameOf(stream), options))
        if (event) found.push(storedFrom(this.#service, event));
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return found;
  }

  async #revisionOf(stream: string): Promise<number> {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1, requiresLeader: true } as const;
    try {
      for await (const { event } of this.#client.readStream(this.#nameOf(stream), options)) if (event) return Number(event.revision);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return -1;
  }

  #nameOf(stream: string): string {
    return `${prefixOf(this.#service)}${stream}`;
  }

  #remember(stream: string, end: StreamEnd): void {
    if (this.#ends.size >= REMEMBERED_STREAMS) this.#ends.clear();
    this.#ends.set(stream, end);
  }

  #meet(position: number, metadata: unknown): void {
    const at = Date.parse(String((metadata as { readonly at?: unknown } | undefined)?.at));
    if (at > this.#at) this.#at = at;
    this.#advance(position);
  }

  #advance(head: number): void {
    if (head <= this.#head) return;
    this.#head = head;
    for (const listener of this.#listeners) listener(head);
  }

  /** Hears what other instances store; begins again where it was when the server was lost. */
  #follow(): void {
    if (this.#closed) return;
    const filter = streamNameFilter({
      prefixes: [prefixOf(this.#service)],
      checkpointInterval: CHECKPOINT_INTERVAL,
      checkpointReached: (_, position) => void (this.#followed = position),
    });
    const subscription = this.#client.subscribeToAll({ fromPosition: this.#followed, filter });
    this.#subscription = subscription;
    const lost = () => {
      if (this.#subscription !== subscription) return;
      this.#subscription = undefined;
      void subscription.unsubscribe().catch(unheard('the subscription has ended: nothing is lost'));
      if (this.#closed) return;
      this.#again = setTimeout(() => this.#follow(), Math.min(FIRST_PAUSE_MS * 2 ** this.#failures++, LONGEST_PAUSE_MS)).unref();
    };
    subscription.on('data', ({ event }) => {
      if (!event) return;
      this.#followed = event.position;
      this.#meet(positionFrom(event.position), event.metadata);
    });
    subscription.on('confirmation', () => (this.#failures = 0));
    subscription.on('error', lost);
    subscription.on('end', lost);
    subscription.on('close', lost);
  }

  async #end(): Promise<void> {
    await this.#queue.close();
    clearTimeout(this.#again);
    const subscription = this.#subscription;
    this.#subscription = undefined;
    await within(this.#timeoutMs, async () => {
      await subscription?.unsubscribe();
      await this.#client.dispose();
    }).catch(unheard('it is closed: a server that is away keeps nothing of it'));
  }
}

/** The client's own name of the scheme: it warns of the old one. */
const clientFor = (url: string): KurrentDBClient => KurrentDBClient.connectionString(url.replace(/^esdb(?=\+|:)/, 'kurrentdb'));

const filterOf = (service: string) => streamNameFilter({ prefixes: [prefixOf(service)] });

const endFrom = ({ event, hash }: ReturnType<typeof storedFrom>): StreamEnd => ({
  revision: event.revision,
  hash,
  at: Date.parse(event.metadata.at),
});

async function lastOfService(client: KurrentDBClient, service: string): Promise<StoredEvent | undefined> {
  const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1, filter: filterOf(service), requiresLeader: true } as const;
  for await (const { event } of client.readAll(options)) if (event) return storedFrom(service, event).event;
  return undefined;
}

async function readEpoch(client: KurrentDBClient, service: string): Promise<string | undefined> {
  const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1, requiresLeader: true } as const;
  try {
    for await (const { event } of client.readStream(epochStreamOf(service), options))
      if (event) return (event.data as { readonly epoch: string }).epoch;
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return undefined;
}

/** Of several instances that find a new store one names its epoch. */
async function firstEpoch(client: KurrentDBClient, service: string): Promise<string> {
  const epoch = randomUUID();
  try {
    await client.appendToStream(epochStreamOf(service), jsonEvent({ type: 'EpochBegun', data: { epoch } }), { streamState: NO_STREAM });
    return epoch;
  } catch (error) {
    const other = error instanceof WrongExpectedVersionError ? await readEpoch(client, service) : undefined;
    if (other === undefined) throw error;
    return other;
  }
}

/** Rejects with StoreUnavailableError where the server does not answer in time or cannot be reached; what was asked may go on there. */
async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailableError(`KurrentDB did not answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    throw asStoreError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Opens the events of one service in KurrentDB. Throws StoreUnavailableError where the server cannot be reached within a bound. */
export const openKurrentEventStore = (options: KurrentEventStoreOptions): Promise<KurrentEventStore> => KurrentEventStore.open(options);

/** Gives a restored store another epoch, so that every consumer of it begins anew; instances that have it open must be started again. */
export async function renewKurrentEpoch({ url, service }: Pick<KurrentEventStoreOptions, 'url' | 'service'>): Promise<void> {
  const client = clientFor(url);
  try {
    const event = jsonEvent({ type: 'EpochBegun', data: { epoch: randomUUID() } });
    await within(TIMEOUT_MS, () => client.appendToStream(epochStreamOf(service), event));
  } finally {
    await client.dispose();
  }
}
