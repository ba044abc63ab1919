import { unheard } from '@ateneo/event-sourcing';
import type { Bus, Stop } from '../bus.js';
import type { Source } from '../follower.js';
import { type Page, PAGE_BYTES, type PageRequest } from '../publisher.js';
import type { PublicEvent } from '../public-event.js';
import { requestPage } from '../replay.js';
import type { NatsLink } from './connection.js';
import { EventPull } from './event-pull.js';
import { type Entry, EventStream, type Extent, filtersOf, type Mark, markIn, typeIn } from './event-stream.js';
import type { Origin } from './flight.js';

export type StreamSourceOptions = {
  readonly link: NatsLink;
  readonly bus: Bus;
  readonly service: string;
  readonly types: readonly string[] | undefined;
  readonly partitions: readonly number[] | undefined;
};

const MOST_EVENTS = 1_000;
/** How often what cannot call is looked at: a stream that is absent or empty, a relay that is behind. */
const LOOK_AGAIN_MS = 1_000;
const PART_WAITS_MS = 20_000;
/** Events of a store that are read in a moment. */
const CHEAP_REPLAY = 500;

/**
 * Pages of one service's public events from its stream; from its replay where the stream does not reach back far enough, is empty, or is still being filled.
 * Read on from where the last page ended, it holds one reader open; from anywhere else, or after trouble, it finds its place by position anew.
 */
export class StreamSource implements Source<Page> {
  epoch = '';
  mappingVersion = 0;
  readonly #options: StreamSourceOptions;
  readonly #stream: EventStream;
  readonly #types: ReadonlySet<string> | undefined;
  readonly #filters: readonly string[] | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #unlisten: () => void;
  #pull: EventPull | undefined;
  /** Up to where the pages went. */
  #at = 0;
  /** Last position of the store, as far as it was told. */
  #head = 0;
  /** The relay had not sent everything when it sent what was read last. */
  #behind = false;
  #askedReplayAt = -Infinity;
  #withoutSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StreamSourceOptions) {
    const { link, service, types, partitions } = options;
    this.#options = options;
    this.#stream = new EventStream(link, service);
    this.#types = types && new Set(types);
    this.#filters = filtersOf(service, partitions);
    this.#unlisten = link.onStatus(() => this.#nudge());
  }

  /** Throws while neither the stream nor the service can say what the epoch is. */
  async open(): Promise<void> {
    this.#drop();
    const extent = await this.#stream.extent();
    const last = extent && (await this.#lastOf(extent));
    const { epoch, mappingVersion, head } = last ?? (await this.#replay(0, { limitBytes: 1 }));
    this.epoch = epoch;
    this.mappingVersion = mappingVersion;
    this.#head = head;
  }

  async read(after: number): Promise<Page> {
    if (!this.#options.link.isConnected) return this.#standstill(after);
    if (!this.#pull || this.#pull.broken !== undefined || this.#at !== after) {
      const page = await this.#begin(after);
      if (page) return page;
    }
    return this.#readOn(after);
  }

  onNudge(listener: () => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(): void {
    this.#unlisten();
    clearTimeout(this.#timer);
    this.#drop();
  }

  /** Opens a reader after a position; answers a page where the stream cannot serve it. */
  async #begin(after: number): Promise<Page | undefined> {
    this.#drop();
    const extent = await this.#stream.extent();
    const last = extent && (await this.#lastOf(extent));
    if (!extent || !last) return this.#withoutStream(after, extent);
    this.#withoutSince = undefined;
    if (!this.#isSame(last)) return { ...this.#standstill(after), epoch: last.epoch, mappingVersion: last.mappingVersion };
    this.#meet(last);
    const first = await this.#stream.entry(extent.first);
    if (!first || first.previous > after) return this.#replayed(after);
    const from = last.position <= after ? last.seq + 1 : await this.#stream.seek(after, first, last);
    const { link } = this.#options;
    this.#pull = await EventPull.open(link, this.#stream, from, this.#filters, () => this.#nudge());
    this.#at = after;
    this.#behind = last.behind;
    return (await this.#reachesBackTo(from)) ? undefined : this.#lostItsPlace(after);
  }

  async #readOn(after: number): Promise<Page> {
    const pull = this.#pull!;
    const { arrivals, proof } = pull.take(MOST_EVENTS, PAGE_BYTES);
    if (proof !== undefined && !(await this.#reachesBackTo(proof))) return this.#lostItsPlace(after);
    const events: PublicEvent[] = [];
    let next = after;
    for (const { subject, message } of arrivals) {
      if (this.#types && !this.#types.has(typeIn(this.#options.service, subject))) continue;
      const event = JSON.parse(message.string()) as PublicEvent;
      if (!this.#isSame({ epoch: event.epoch, mappingVersion: event.mappingversion })) return this.#otherOrigin(events, next);
      if (event.position <= next) continue;
      events.push(event);
      next = event.position;
    }
    const last = arrivals.at(-1);
    if (last) {
      const mark = markIn(last.message.headers);
      if (!this.#isSame(mark)) return this.#otherOrigin(events, next);
      this.#behind = mark.behind;
      this.#meet(mark);
      next = Math.max(next, mark.position);
    }
    this.#at = next;
    if (next === after && pull.hasArrivals) return this.#readOn(after);
    if (events.length === 0 && this.#behind && pull.pending === 0) return this.#ahead(next);
    return this.#page(events, next, pull.pending + (this.#behind ? 1 : 0), Math.max(arrivals.length, next > after ? 1 : 0));
  }

  /** Messages left the stream unread: the next read begins where they were. */
  #lostItsPlace(after: number): Page {
    this.#drop();
    return this.#standstill(after);
  }

  /** What came before the change still counts; then the follower begins anew. */
  #otherOrigin(events: readonly PublicEvent[], next: number): Page {
    this.#drop();
    return this.#page(events, next, 1, events.length);
  }

  /** Nothing at the moment, and it is not the end. */
  #standstill(after: number): Page {
    return this.#page([], after, 1, 0);
  }

  /** The relay is still filling the stream: its service knows what comes, and whether that is everything. */
  async #ahead(after: number): Promise<Page> {
    this.#lookAgain();
    if (performance.now() - this.#askedReplayAt < LOOK_AGAIN_MS) return this.#standstill(after);
    this.#askedReplayAt = performance.now();
    if (this.#filters) return this.#partAhead(after);
    const page = await this.#replayed(after).catch(unheard('the stream is read instead'));
    if (!page) return this.#standstill(after);
    this.#at = page.next;
    return page;
  }

  /** The replay reads everything for a part: many parts would read it many times over. The end of the stream tells as well whether more is to come. */
  async #partAhead(after: number): Promise<Page> {
    const extent = await this.#stream.extent();
    const last = extent && (await this.#lastOf(extent));
    if (last && !last.behind && this.#isSame(last) && this.#pull?.pending === 0) this.#behind = false;
    return this.#page([], after, this.#behind ? 1 : 0, 0);
  }

  /** A relay that starts fills a new stream from the beginning: a part waits for that a while before it asks for a replay. */
  async #withoutStream(after: number, extent: Extent | undefined): Promise<Page> {
    this.#lookAgain();
    this.#withoutSince ??= performance.now();
    const isNew = (!extent || extent.fresh) && performance.now() - this.#withoutSince < PART_WAITS_MS;
    if (this.#filters && isNew && (await this.#isMuch(after))) return this.#standstill(after);
    return this.#replayed(after);
  }

  /** Whether a replay from here is a burden when every part asks for it; a service that has hardly published anything answers at once. */
  async #isMuch(after: number): Promise<boolean> {
    const { waiting } = await this.#replay(after, { limitBytes: 1 });
    return waiting > CHEAP_REPLAY;
  }

  async #replayed(after: number): Promise<Page> {
    const { types, partitions } = this.#options;
    const page = await this.#replay(after, { types, partitions });
    if (!this.#isSame(page)) throw new Error(`${this.#options.service} replays another epoch or mapping version than its stream holds`);
    return page;
  }

  #replay(after: number, request: PageRequest): Promise<Page> {
    return requestPage(this.#options.bus, this.#options.service, after, request);
  }

  /** Read from any replica: where that one lags, it is asked again later. */
  async #lastOf({ first, last }: Extent): Promise<Entry | undefined> {
    if (first > last) return undefined;
    const entry = await this.#stream.entry(last);
    if (!entry) throw new Error(`message ${last} of ${this.#stream.name} cannot be read yet`);
    return entry;
  }

  async #reachesBackTo(seq: number): Promise<boolean> {
    const extent = await this.#stream.extent();
    return extent !== undefined && extent.first <= seq;
  }

  #isSame({ epoch, mappingVersion }: Origin): boolean {
    return epoch === this.epoch && mappingVersion === this.mappingVersion;
  }

  #page(events: readonly PublicEvent[], next: number, waiting: number, passed: number): Page {
    const { epoch, mappingVersion } = this;
    return { service: this.#options.service, epoch, mappingVersion, events, next, head: Math.max(this.#head, next), passed, waiting };
  }

  #meet({ head }: Mark): void {
    this.#head = Math.max(this.#head, head);
  }

  #drop(): void {
    this.#pull?.end();
    this.#pull = undefined;
  }

  #lookAgain(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#nudge(), LOOK_AGAIN_MS).unref();
  }

  #nudge(): void {
    for (const listener of this.#listeners) listener();
  }
}
