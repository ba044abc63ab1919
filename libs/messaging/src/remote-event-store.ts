import { unheard } from '@ateneo/event-sourcing';
import {
  type AppendItem,
  AppendQueue,
  type AppendResult,
  type EventStore,
  StoreBusyError,
  type StoredEvent,
  StoreUnavailableError,
} from '@ateneo/event-sourcing';
import { type Bus, ConnectionLostError, DEFAULT_TIMEOUT_MS, NoResponderError, RemoteError, type Stop, TimeoutError } from './bus.js';

export type RemoteEventStoreOptions = {
  /** Timeout of a request; default 10 s. */
  readonly timeoutMs?: number;
  /** How long opening waits for a holder; default `timeoutMs`. */
  readonly findHolderMs?: number;
  /** Most events awaiting a reply; default 10,000. */
  readonly queueLimit?: number;
  /** How often to poll the head, since a broadcast may be lost; default 1 s. */
  readonly pollMs?: number;
};

/** Part of every reply, so that a restored store is noticed. */
type Placed = { readonly epoch: string };
type Head = Placed & { readonly head: number };
type Results = Placed & { readonly results: readonly AppendResult[] };
/** `more`: the page filled up before the end of what was asked for. */
type EventPage = Placed & { readonly events: readonly StoredEvent[]; readonly more: boolean };

/** Most bytes of events or items in a message. */
const PAGE_BYTES = 480 * 1024;
const READ_AT_ONCE = 1_000;
const COUNTED_MOST = 10_000;
const ASK_AGAIN_MS = 100;

const subjectOf = (service: string, verb: 'append' | 'read-stream' | 'read-after' | 'read-at' | 'count-after' | 'head'): string =>
  `store.${service}.${verb}`;

/**
 * Lends a store to the other instances of its service, on `store.<service>.<verb>`, and tells them of each commit on `stored.<service>`.
 * Only instances of the service may speak there: who may, writes its events.
 */
export function serveEventStore(bus: Bus, service: string, store: EventStore): Stop {
  const { epoch } = store;
  const serve = <T>(verb: Parameters<typeof subjectOf>[1], answer: (message: T) => Promise<object>) =>
    bus.serve(subjectOf(service, verb), service, (message) => answer(message as T));
  const stops = [
    serve('append', async ({ items }: { items: readonly AppendItem[] }) => ({ epoch, results: await append(store, items) })),
    serve('read-stream', async ({ stream, from }: { stream: string; from: number }) => ({
      epoch,
      ...pageOf((await store.readStream(stream)).slice(from)),
    })),
    serve('read-after', async ({ position, limit }: { position: number; limit: number }) => ({
      epoch,
      ...pageOf(await store.readAfter(position, Math.min(limit, READ_AT_ONCE)), limit > READ_AT_ONCE),
    })),
    serve('read-at', async ({ position }: { position: number }) => ({ epoch, event: await store.readAt(position) })),
    serve('count-after', async ({ position, most }: { position: number; most: number }) => ({
      epoch,
      count: await store.countAfter(position, Math.min(most, COUNTED_MOST)),
    })),
    serve('head', async () => ({ epoch, head: await store.head() })),
    store.onCommit((head) => bus.broadcast(`stored.${service}`, { epoch, head })),
  ];
  return () => stops.splice(0).forEach((stop) => stop());
}

/** Whether any instance of the service lends its store. */
export const isEventStoreLent = (bus: Bus, service: string, timeoutMs = 1_000): Promise<boolean> =>
  ask(bus, service, 'head', {}, timeoutMs).then(
    () => true,
    () => false,
  );

const append = async (store: EventStore, items: readonly AppendItem[]): Promise<AppendResult[]> =>
  items.length === 1 ? [await store.append(items[0] as AppendItem)] : store.appendMany(items);

/** As many leading events as fit; `cut`: more were requested than read. */
function pageOf(events: readonly StoredEvent[], cut = false): Omit<EventPage, 'epoch'> {
  let bytes = 0;
  const fitting = events.findIndex((event) => (bytes += bytesOf(event)) > PAGE_BYTES);
  if (fitting === -1) return { events, more: cut && events.length === READ_AT_ONCE };
  return { events: events.slice(0, Math.max(fitting, 1)), more: fitting > 0 || events.length > 1 };
}

const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value)) + 1;

/** The event store as seen by an instance that does not hold it: every call goes to the holder. */
export class RemoteEventStore implements EventStore {
  readonly #bus: Bus;
  readonly #service: string;
  readonly #timeoutMs: number;
  readonly #queue: AppendQueue;
  readonly #listeners = new Set<(head: number) => void>();
  readonly #unlisten: Stop;
  readonly #poll: NodeJS.Timeout;
  #epoch: string;
  #head: number;

  private constructor(bus: Bus, service: string, first: Head, options: RemoteEventStoreOptions) {
    this.#bus = bus;
    this.#service = service;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#queue = new AppendQueue(options.queueLimit);
    this.#epoch = first.epoch;
    this.#head = first.head;
    this.#unlisten = bus.onBroadcast(`stored.${service}`, (message) => this.#meet(message as Head));
    this.#poll = setInterval(
      () => void (this.#listeners.size > 0 && this.head().catch(unheard('whoever reads or appends is told that the holder is away'))),
      options.pollMs ?? 1_000,
    ).unref();
  }

  static async open(bus: Bus, service: string, options: RemoteEventStoreOptions): Promise<RemoteEventStore> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, findHolderMs = timeoutMs } = options;
    for (const until = performance.now() + findHolderMs; ; await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))) {
      try {
        const first = await ask<Head>(bus, service, 'head', {}, Math.max(Math.min(until - performance.now(), timeoutMs), ASK_AGAIN_MS));
        return new RemoteEventStore(bus, service, first, options);
      } catch (error) {
        if (!(error instanceof StoreUnavailableError) || performance.now() + ASK_AGAIN_MS > until) throw error;
      }
    }
  }

  /** From the latest reply: it changes if the holder comes back restored. */
  get epoch(): string {
    return this.#epoch;
  }

  async append(item: AppendItem): Promise<AppendResult> {
    return (await this.#queue.accept([item], () => this.#send([item])))[0] as AppendResult;
  }

  /** Splits what exceeds a message; each part is a durable commit of its own. */
  async appendMany(items: readonly AppendItem[]): Promise<AppendResult[]> {
    if (items.length === 0) return [];
    if (new Set(items.map((item) => item.stream)).size < items.length)
      throw new RangeError('A stream stands in one item of appendMany only.');
    return this.#queue.accept(items, () => this.#send(items));
  }

  async readStream(stream: string): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for (let more = true; more;) {
      const page = await this.#ask<EventPage>('read-stream', { stream, from: events.length });
      events.push(...page.events);
      more = page.more;
    }
    return events;
  }

  async readAfter(position: number, limit: number): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for (let more = true; more && events.length < limit;) {
      const after = events.at(-1)?.position ?? position;
      const page = await this.#ask<EventPage>('read-after', { position: after, limit: limit - events.length });
      events.push(...page.events);
      more = page.more;
    }
    return events;
  }

  async readAt(position: number): Promise<StoredEvent | undefined> {
    return (await this.#ask<Placed & { readonly event?: StoredEvent }>('read-at', { position })).event;
  }

  async countAfter(position: number, most: number): Promise<number> {
    return (await this.#ask<Placed & { readonly count: number }>('count-after', { position, most })).count;
  }

  async head(): Promise<number> {
    const answer = await this.#ask<Head>('head', {});
    this.#meet(answer);
    return answer.head;
  }

  onCommit(listener: (head: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits for accepted appends. */
  async close(): Promise<void> {
    clearInterval(this.#poll);
    await this.#queue.close();
    this.#unlisten();
  }

  async #send(items: readonly AppendItem[]): Promise<AppendResult[]> {
    const results: AppendResult[] = [];
    for (const some of messages(items)) {
      const { epoch, results: answered } = await this.#ask<Results>('append', { items: some });
      for (const result of answered) if (result.ok) this.#meet({ epoch, head: result.position });
      results.push(...answered);
    }
    return results;
  }

  async #ask<T extends Placed>(verb: Parameters<typeof subjectOf>[1], message: object): Promise<T> {
    const answer = await ask<T>(this.#bus, this.#service, verb, message, this.#timeoutMs);
    if (answer.epoch !== this.#epoch) this.#meet({ head: 0, ...answer });
    return answer;
  }

  #meet({ epoch, head }: Head): void {
    if (epoch === this.#epoch && head <= this.#head) return;
    this.#epoch = epoch;
    this.#head = head;
    for (const listener of this.#listeners) listener(head);
  }
}

function* messages(items: readonly AppendItem[]): Generator<readonly AppendItem[]> {
  let some: AppendItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const more = bytesOf(item);
    if (some.length > 0 && bytes + more > PAGE_BYTES) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(item);
    bytes += more;
  }
  yield some;
}

async function ask<T>(bus: Bus, service: string, verb: Parameters<typeof subjectOf>[1], message: object, timeoutMs: number): Promise<T> {
  try {
    return (await bus.request(subjectOf(service, verb), message, { timeoutMs })) as T;
  } catch (error) {
    throw asStoreError(error, service);
  }
}

function asStoreError(error: unknown, service: string): unknown {
  if (error instanceof NoResponderError) return new StoreUnavailableError(`Nobody holds the event store of ${service}.`);
  if (error instanceof ConnectionLostError)
    return new StoreUnavailableError(`The connection broke before the holder of the event store of ${service} answered.`);
  if (error instanceof TimeoutError)
    return new StoreUnavailableError(`The holder of the event store of ${service} did not answer within ${error.timeoutMs} ms.`);
  if (!(error instanceof RemoteError)) return error;
  switch (error.remoteName) {
    case 'StoreBusyError':
      return new StoreBusyError(error.message);
    case 'StoreUnavailableError':
      return new StoreUnavailableError(error.message);
    case 'RangeError':
      return new RangeError(error.message);
    default:
      return error;
  }
}

/**
 * Opens the store that another instance of the service holds. Throws StoreUnavailableError where nobody does within a bound. An append whose
 * answer was lost (StoreUnavailableError too) may have been stored: sent again with the same ids it is told as a repeat.
 */
export const openRemoteEventStore = (bus: Bus, service: string, options: RemoteEventStoreOptions = {}): Promise<EventStore> =>
  RemoteEventStore.open(bus, service, options);
