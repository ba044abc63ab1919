import { PUBLIC_EVENTS } from '@ateneo/contracts';
import { type OnProblem, Trouble } from '@ateneo/event-sourcing';
import { type Bus, NoResponderError, type Page, type PublicEvent, requestPage } from '@ateneo/messaging';
import { type FeedCursor, writeCursor } from './feed-cursor.rules.js';

const SERVICES = [...new Set(PUBLIC_EVENTS.map(({ type }) => type.slice(0, type.indexOf('.'))))];
const PAGE_BYTES = 128 * 1024;
/** Pages of a service looked through for one answer; a reader that filters much gets an empty page and goes on. */
const MOST_ROUNDS = 4;
/** How long a service may take for a page; then the others are told without it, and it is asked again after a while. */
const ORIGIN_MS = 1_000;
const SILENT_MS = 5_000;

export type FeedQuery = {
  /** whole types; all when absent */ readonly types?: readonly string[];
  readonly subject?: string;
  readonly limit: number;
  readonly sees: (event: PublicEvent) => boolean;
};
export type FeedPage = {
  readonly events: readonly PublicEvent[];
  readonly next: string;
  /** there may be more right now */ readonly more: boolean;
  /** Services that do not answer: their events come later. */
  readonly silent?: readonly string[];
};
/** A service was restored: what the cursor counted is void, the reader begins anew. */
export class FeedRestarted extends Error {
  constructor(readonly service: string) {
    super(`${service} was restored`);
  }
}

export type FeedBounds = { readonly originMs?: number; readonly silentMs?: number };

/** The public events of all services as one feed; order is promised per subject. A service that does not answer holds nobody else back. */
export class Feed {
  readonly #bus: Bus;
  readonly #originMs: number;
  readonly #silentMs: number;
  readonly #silentUntil = new Map<string, number>();
  readonly #troubles: ReadonlyMap<string, Trouble>;

  constructor(bus: Bus, onProblem?: OnProblem, { originMs = ORIGIN_MS, silentMs = SILENT_MS }: FeedBounds = {}) {
    this.#bus = bus;
    this.#originMs = originMs;
    this.#silentMs = silentMs;
    this.#troubles = new Map(
      SERVICES.map((service) => [service, new Trouble(onProblem, { part: 'follower', what: `feed from ${service}` })]),
    );
  }

  async page(cursor: FeedCursor, query: FeedQuery): Promise<FeedPage> {
    const pages = await Promise.all(SERVICES.map((service) => this.#look(service, cursor, query)));
    const found = pages.filter((page) => page !== undefined);
    const events = inTime(found.map(({ events: of }) => of)).slice(0, query.limit);
    const next = new Map(cursor);
    let more = false;
    for (const page of found) {
      const taken = events.filter(({ service }) => service === page.service);
      const all = taken.length === page.events.length;
      const position = all ? page.next : (taken.at(-1)?.position ?? cursor.get(page.service)?.position ?? 0);
      next.set(page.service, { epoch: page.epoch, position });
      more ||= !all || page.next < page.head;
    }
    const silent = [...this.#silentUntil.keys()];
    return { events, next: writeCursor(next), more, ...(silent.length > 0 ? { silent } : {}) };
  }

  /** Where each service that answers stands now. */
  async heads(): Promise<FeedCursor> {
    const pages = await Promise.all(SERVICES.map((service) => this.#request(service, Number.MAX_SAFE_INTEGER, [])));
    return new Map(pages.flatMap((page) => (page ? [[page.service, { epoch: page.epoch, position: page.head }] as const] : [])));
  }

  async #look(service: string, cursor: FeedCursor, { types, subject, limit, sees }: FeedQuery): Promise<Page | undefined> {
    const place = cursor.get(service);
    if (types && !types.some((type) => type.startsWith(`${service}.`))) return undefined;
    const events: PublicEvent[] = [];
    let [after, page] = [place?.position ?? 0, undefined as Page | undefined];
    for (let round = 0; round < MOST_ROUNDS && events.length < limit; round++) {
      page = await this.#request(service, after, types);
      if (!page) return undefined;
      if (place && place.epoch !== page.epoch) throw new FeedRestarted(service);
      events.push(...page.events.filter((event) => (subject === undefined || event.subject === subject) && sees(event)));
      after = page.next;
      if (page.next >= page.head) break;
    }
    return page && { ...page, events };
  }

  async #request(service: string, after: number, types: readonly string[] | undefined): Promise<Page | undefined> {
    if (performance.now() < (this.#silentUntil.get(service) ?? 0)) return undefined;
    const options = { timeoutMs: this.#originMs };
    try {
      const page = await requestPage(this.#bus, service, after, { limitBytes: PAGE_BYTES, types }, options);
      this.#silentUntil.delete(service);
      this.#troubles.get(service)?.over();
      return page;
    } catch (error) {
      if (error instanceof NoResponderError) return undefined;
      this.#silentUntil.set(service, performance.now() + this.#silentMs);
      this.#troubles.get(service)?.fails(error);
      return undefined;
    }
  }
}

/** Merges lists that are each in order, by time; inside a list nothing changes place. */
function inTime(lists: readonly (readonly PublicEvent[])[]): PublicEvent[] {
  const at = lists.map(() => 0);
  const merged: PublicEvent[] = [];
  for (;;) {
    let earliest = -1;
    lists.forEach((list, i) => {
      const candidate = list[at[i] as number];
      const best = earliest < 0 ? undefined : lists[earliest]?.[at[earliest] as number];
      if (candidate && (!best || candidate.time < best.time)) earliest = i;
    });
    if (earliest < 0) return merged;
    merged.push(lists[earliest]?.[at[earliest]!++] as PublicEvent);
  }
}
