import { type EventStore, type OnProblem, partitionOf, type StoredEvent, Trouble } from '@ateneo/event-sourcing';
import { MAX_MESSAGE_BYTES, type Stop } from './bus.js';
import type { Placed } from './follower.js';
import type { Published, PublicEvent } from './public-event.js';

/** Most bytes of events in a page; the rest of the message is its header. */
export const PAGE_BYTES = 480 * 1024;

/** Maps a stored event to its public event, or to nothing; pure, at most one. */
export type Mapping = (event: StoredEvent) => Published;

export type PublisherOptions = {
  readonly service: string;
  readonly store: EventStore;
  /** By stream category; a category without a mapping publishes nothing. */
  readonly mappings: { readonly [category: string]: Mapping };
  /** Increase it when the public form of stored events changes: consumers rebuild. */
  readonly mappingVersion: number;
  readonly publicUrl: string;
  readonly onProblem?: OnProblem;
};

export type PageRequest = {
  readonly limitBytes?: number;
  /** Public types; all when absent. */
  readonly types?: readonly string[];
  readonly partitions?: readonly number[];
};

/** Public events of one service after a position, in its order. */
export type Page = Placed & { readonly service: string; readonly events: readonly PublicEvent[] };

/** An event whose mapping fails: nothing after it is published until the mapping is fixed. */
export type PublisherProblem = { readonly position: number; readonly eventId: string; readonly type: string; readonly reason: string };

/** A public event as JSON text, and what a transport must know without reading it. */
export type MappedEvent = {
  readonly id: string;
  readonly position: number;
  readonly type: string;
  readonly partition: number;
  readonly text: string;
  readonly bytes: number;
};

/** A page whose events are JSON text. */
export type MappedPage = Pick<Placed, 'next' | 'head' | 'passed' | 'waiting'> & { readonly events: readonly MappedEvent[] };

/** Stored events scanned before a page yields, whether or not they publish anything. */
const READ_AT_ONCE = 250;
const MOST_READ = 5_000;
/** Most waiting events counted where counting means reading them. */
const MOST_COUNTED = 1_001;
/** Fewer are not worth another read: the page counts as full. */
const FEWEST_READ = 25;
/** Recently mapped events kept for live followers. */
const TAIL_BYTES = 4 * 1024 * 1024;

/** Publishes the public events of one service from its event store, which is the outbox: nothing is stored twice. */
export class Publisher {
  readonly service: string;
  readonly #options: PublisherOptions;
  readonly #source: string;
  /** Mapped events after `#tailFrom` up to `#tailTo`, in order. */
  #tail: MappedEvent[] = [];
  #tailFrom: number | undefined;
  #tailTo = 0;
  #tailBytes = 0;
  #extending: Promise<void> | undefined;
  readonly #trouble: Trouble;
  #problem: PublisherProblem | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.service = options.service;
    this.#trouble = new Trouble(options.onProblem, { service: options.service, part: 'publisher', what: `mapping of ${options.service}` });
    this.#source = `${options.publicUrl}/${options.service}`;
  }

  /** Set while an event cannot be mapped: consumers are stuck before it, so health reports it. */
  get problem(): PublisherProblem | undefined {
    return this.#problem;
  }

  get mappingVersion(): number {
    return this.#options.mappingVersion;
  }

  get epoch(): string {
    return this.#options.store.epoch;
  }

  /** Calls back whenever there may be something new. */
  onNudge(listener: () => void): Stop {
    return this.#options.store.onCommit(() => listener());
  }

  async page(after: number, request: PageRequest = {}): Promise<Page> {
    return JSON.parse(await this.pageText(after, request)) as Page;
  }

  /** The page as sent: at most 512 KiB of JSON text. */
  async pageText(after: number, request: PageRequest = {}): Promise<string> {
    const { events, ...place } = await this.mapped(after, request);
    const { service, epoch, mappingVersion } = this;
    const top = JSON.stringify({ service, epoch, mappingVersion, ...place });
    return `${top.slice(0, -1)},"events":[${events.map(({ text }) => text).join(',')}]}`;
  }

  /** The page for transports that send events one by one. */
  async mapped(after: number, request: PageRequest = {}): Promise<MappedPage> {
    const head = await this.#options.store.head();
    await this.#extendTail(head);
    const chosen = this.#choose(request);
    const found = after >= (this.#tailFrom ?? head) ? this.#fromTail(after, chosen) : await this.#fromStore(after, chosen);
    const waiting = found.next < head ? await this.waitingAfter(found.next) : 0;
    return { ...found, passed: Math.max(found.passed, found.next > after ? 1 : 0), waiting, head };
  }

  /** Stored events after a position, up to the counting limit. */
  waitingAfter(position: number): Promise<number> {
    return this.#options.store.countAfter(position, MOST_COUNTED);
  }

  /** Last position of the store. */
  head(): Promise<number> {
    return this.#options.store.head();
  }

  #choose({ limitBytes = PAGE_BYTES, types, partitions }: PageRequest) {
    const ofType = types && new Set(types);
    const ofPartition = partitions && new Set(partitions);
    const wants = ({ type, partition }: MappedEvent) => (!ofType || ofType.has(type)) && (!ofPartition || ofPartition.has(partition));
    return { limit: Math.min(limitBytes, PAGE_BYTES), wants };
  }

  #fromTail(after: number, { limit, wants }: Choice): Found {
    const events: MappedEvent[] = [];
    const first = firstAfter(this.#tail, after);
    let bytes = 0;
    for (let i = first; i < this.#tail.length; i++) {
      const event = this.#tail[i]!;
      if (!wants(event)) continue;
      bytes += event.bytes + 1;
      if (bytes > limit && events.length > 0) return { events, next: Math.max(after, this.#tail[i - 1]?.position ?? 0), passed: i - first };
      events.push(event);
    }
    return { events, next: Math.max(after, this.#tailTo), passed: this.#tail.length - first };
  }

  async #fromStore(after: number, { limit, wants }: Choice): Promise<Found> {
    const events: MappedEvent[] = [];
    let [next, bytes, passed] = [after, 0, 0];
    for (let read = 0; read < MOST_READ;) {
      const fitting = events.length === 0 ? READ_AT_ONCE : Math.min(READ_AT_ONCE, Math.floor(((limit - bytes) * events.length) / bytes));
      if (fitting < FEWEST_READ) break;
      const stored = await this.#options.store.readAfter(next, fitting);
      read += fitting;
      for (const event of stored) {
        const mapped = this.#map(event);
        if (mapped === 'failed') return { events, next, passed };
        if (mapped && wants(mapped)) {
          bytes += mapped.bytes + 1;
          if (bytes > limit && events.length > 0) return { events, next, passed };
          events.push(mapped);
        }
        next = event.position;
        passed++;
      }
      if (stored.length < fitting) break;
    }
    return { events, next, passed };
  }

  /** Maps new events once for all live followers; those further behind read the store. */
  async #extendTail(head: number): Promise<void> {
    this.#tailFrom ??= this.#tailTo = head;
    for (let read = 0; this.#tailTo < head; read += READ_AT_ONCE) {
      if (!this.#extending && read >= MOST_READ) return this.#beginTail(head);
      const before = this.#tailTo;
      await (this.#extending ??= this.#readTail().finally(() => (this.#extending = undefined)));
      if (this.#tailTo === before) return;
    }
  }

  /** After a time without followers: new ones read the store until they reach this point. */
  #beginTail(at: number): void {
    this.#tail = [];
    this.#tailBytes = 0;
    this.#tailFrom = this.#tailTo = at;
  }

  async #readTail(): Promise<void> {
    for (const event of await this.#options.store.readAfter(this.#tailTo, READ_AT_ONCE)) {
      const mapped = this.#map(event);
      if (mapped === 'failed') break;
      this.#tailTo = event.position;
      if (!mapped) continue;
      this.#tail.push(mapped);
      this.#tailBytes += mapped.bytes;
    }
    let drop = 0;
    while (this.#tailBytes > TAIL_BYTES && drop < this.#tail.length) this.#tailBytes -= this.#tail[drop++]!.bytes;
    if (drop === 0) return;
    this.#tailFrom = this.#tail[drop - 1]!.position;
    this.#tail = this.#tail.slice(drop);
  }

  #map(stored: StoredEvent): MappedEvent | undefined | 'failed' {
    try {
      const mapped = this.#publish(stored);
      if (this.#problem?.position === stored.position) this.#mapped();
      return mapped;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#problem = { position: stored.position, eventId: stored.id, type: stored.type, reason };
      this.#trouble.fails(error, { correlationId: stored.metadata.correlationId });
      return 'failed';
    }
  }

  #mapped(): void {
    this.#problem = undefined;
    this.#trouble.over();
  }

  #publish(stored: StoredEvent): MappedEvent | undefined {
    const dash = stored.stream.indexOf('-');
    const mapping = this.#options.mappings[stored.stream.slice(0, dash)];
    const published = mapping?.(stored);
    if (!published) return undefined;
    const { schoolId, traineeId } = stored.metadata.scope;
    const partition = partitionOf(traineeId ?? stored.stream.slice(dash + 1));
    const event: PublicEvent = {
      specversion: '1.0',
      id: stored.id,
      source: this.#source,
      type: published.type,
      subject: stored.stream,
      time: stored.metadata.at,
      datacontenttype: 'application/json',
      schoolid: schoolId,
      traineeid: traineeId,
      partition,
      position: stored.position,
      service: this.service,
      epoch: this.epoch,
      mappingversion: this.mappingVersion,
      actorid: stored.metadata.actor.id,
      traceparent: stored.metadata.traceparent,
      data: published.data,
    };
    const text = JSON.stringify(event);
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_MESSAGE_BYTES - 16_384) throw new RangeError(`a public event of ${bytes} bytes does not fit into a message`);
    return { id: stored.id, position: stored.position, type: published.type, partition, text, bytes };
  }
}

type Choice = { readonly limit: number; readonly wants: (event: MappedEvent) => boolean };
type Found = Omit<MappedPage, 'head' | 'waiting'>;

function firstAfter(events: readonly MappedEvent[], position: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.position <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
