import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type OnProblem, Trouble, unheard } from '@ateneo/event-sourcing';
import { type FeedCursor, readCursor, writeCursor } from '../events/feed-cursor.rules.js';
import { typesBeginning } from '../events/event-types.rules.js';
import { type Feed, FeedRestarted } from '../events/feed.client.js';
import { visibleTo } from '../events/feed-scope.rules.js';
import type { Bus, PublicEvent } from '@ateneo/messaging';
import type { Actors } from '../guard/actors.client.js';
import { servicesAhead, wantedServices } from './behind.rules.js';
import { type Outcome, post } from './post.client.js';
import { nextAttempt, type Retry, RETRY } from './retry.rules.js';
import { newSecret, signatureOf } from './signature.rules.js';
import type { Targets } from './targets.client.js';
import type { Delivery, Webhook, WebhookTable } from './webhook-table.client.js';

const POLL_MS = 1_000;
const PAUSE_MS = 100;
const SWEEP_MS = 300_000;
const PAGE = 100;
/** More than this waiting and a webhook takes in no further events: the feed keeps them. */
const MOST_WAITING = 10_000;
const MOST_AT_ONCE = 32;
const MOST_OF_ONE = 4;
const ANSWER_MS = 5_000;
const ROTATION_MS = 24 * 3_600_000;

export type WebhooksOptions = {
  readonly table: WebhookTable;
  readonly feed: Feed;
  readonly bus: Bus;
  readonly actors: Pick<Actors, 'find'>;
  readonly targets: Targets;
  readonly onProblem: OnProblem;
  /** `<PUBLIC_URL>/api-gateway` */ readonly source: string;
  readonly retry?: Retry;
  readonly timeoutMs?: number;
  readonly now?: () => number;
};
export type NewWebhook = Pick<Webhook, 'id' | 'account' | 'url' | 'types' | 'school'> & { readonly from: 'now' | 'beginning' };
/** A service whose events are wanted from now on does not say where it stands. */
export class ServiceSilent extends Error {}
type Sees = (event: PublicEvent) => boolean;

/** Delivers public events to the addresses of staff tools: at least once, in order per subject, what an account may see. */
export class Webhooks {
  readonly #at: Required<WebhooksOptions>;
  readonly #flying = new Map<string, Promise<void>>();
  #ending = new AbortController();
  #breaking = new AbortController();
  #heads: FeedCursor = new Map();
  #headsAt = Number.NEGATIVE_INFINITY;
  #sweptAt = 0;
  #loops: Promise<void>[] = [];
  #news = (): void => undefined;
  #work = (): void => undefined;
  #stopListening = (): void => undefined;

  constructor(options: WebhooksOptions) {
    this.#at = { retry: RETRY, timeoutMs: 10_000, now: Date.now, ...options };
  }

  /** Takes in and delivers, after a stop too; one process of those that share a table does. */
  async start(): Promise<void> {
    await this.#at.table.begin(this.#at.now());
    [this.#ending, this.#breaking] = [new AbortController(), new AbortController()];
    this.#stopListening = this.#at.bus.onBroadcast('changed.*', () => this.#news());
    this.#loops = [
      this.#loop(() => this.#takeIn(), 'news', 'events are taken in'),
      this.#loop(() => this.#deliver(), 'work', 'deliveries are begun'),
    ];
  }

  /** Resolves when nothing is on its way any more. A receiver may answer for so long; what it did not answer is sent again after a start. */
  async stop(): Promise<void> {
    this.#stopListening();
    this.#ending.abort();
    this.#news();
    this.#work();
    const late = setTimeout(() => this.#breaking.abort(), ANSWER_MS).unref();
    await Promise.all([...this.#loops, ...this.#flying.values()]);
    clearTimeout(late);
  }

  /** Answers the secret, which is told once. Throws TargetRefused, ServiceSilent. */
  async register({ from, ...given }: NewWebhook): Promise<string> {
    const { table, targets, feed, now } = this.#at;
    const url = targets.parse(given.url);
    await targets.addressesOf(url);
    const heads: FeedCursor = from === 'now' ? await feed.heads() : new Map();
    const silent = from === 'now' && wantedServices(given).find((service) => !heads.has(service));
    if (silent) throw new ServiceSilent(silent);
    const [secret, created] = [newSecret(), new Date(now()).toISOString()];
    await table.add({ ...given, url: url.href, state: 'active', reason: null, created, cursor: writeCursor(heads) }, secret);
    this.#news();
    return secret;
  }

  async rotate(id: string): Promise<{ readonly secret: string; readonly previousUntil: string }> {
    const [secret, until] = [newSecret(), this.#at.now() + ROTATION_MS];
    await this.#at.table.rotate(id, secret, until);
    return { secret, previousUntil: new Date(until).toISOString() };
  }

  async resume(id: string): Promise<void> {
    await this.#at.table.change(id, 'active', null);
    this.#news();
    this.#work();
  }

  /** Dead letters wait again: one, or all. Answers how many. */
  async redeliver(id: string, event?: string): Promise<number> {
    const count = await this.#at.table.redeliver(id, this.#at.now(), event);
    this.#work();
    return count;
  }

  /** Sends an event of no meaning at once, once. */
  test(webhook: Webhook): Promise<Outcome> {
    const { source, now } = this.#at;
    const [id, time] = [randomUUID(), new Date(now()).toISOString()];
    const event = { specversion: '1.0', id, source, type: 'ateneo.webhook-tested.v1', subject: `webhook-${webhook.id}`, time };
    return this.#post(webhook, id, JSON.stringify({ ...event, datacontenttype: 'application/json', data: { webhookId: webhook.id } }));
  }

  /** Events that wait, and one for each service that has more. */
  async lag(webhook: Webhook): Promise<number> {
    await this.#refreshHeads(POLL_MS);
    return servicesAhead(webhook, this.#heads) + (await this.#at.table.waiting(webhook.id));
  }

  /** Whoever does not take in has not asked where the services stand. */
  async #refreshHeads(olderMs: number): Promise<void> {
    if (performance.now() - this.#headsAt < olderMs) return;
    this.#heads = await this.#at.feed.heads();
    this.#headsAt = performance.now();
  }

  async #loop(turn: () => Promise<void>, wake: 'news' | 'work', what: string): Promise<void> {
    const trouble = new Trouble(this.#at.onProblem, { part: 'webhook', what });
    while (!this.#ending.signal.aborted) {
      const woken = new Promise<void>((resolve) => (wake === 'news' ? (this.#news = resolve) : (this.#work = resolve)));
      await trouble.heard(turn());
      if (this.#ending.signal.aborted) break;
      if (wake === 'news') await pause(PAUSE_MS);
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([woken, new Promise<void>((resolve) => (timer = setTimeout(resolve, POLL_MS).unref()))]);
      clearTimeout(timer);
    }
    trouble.end();
  }

  async #takeIn(): Promise<void> {
    const { table, now } = this.#at;
    const active = (await table.all()).filter(({ state }) => state === 'active');
    if (active.length === 0) return;
    await this.#refreshHeads(0);
    for (const webhook of active) {
      if (servicesAhead(webhook, this.#heads) === 0 || this.#ending.signal.aborted) continue;
      const sees = await this.#sight(webhook);
      if (sees) await this.#takeInFor(webhook, sees);
    }
    if (now() - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now();
    await table.sweep(now());
  }

  async #takeInFor({ id, types, cursor: begun }: Webhook, sees: Sees): Promise<void> {
    const { table, feed, now } = this.#at;
    let from = begun;
    while (!this.#ending.signal.aborted && (await table.waiting(id)) < MOST_WAITING) {
      try {
        const page = await feed.page(readCursor(from) ?? new Map(), { types: typesBeginning(types), limit: PAGE, sees });
        if (!(await table.queue(id, page.events, { from, to: page.next }, now()))) return;
        from = page.next;
        if (page.events.length > 0) this.#work();
        if (!page.more) return;
      } catch (error) {
        if (!(error instanceof FeedRestarted)) throw error;
        // another epoch: what was counted is void, the service's events are told again
        from = writeCursor(new Map([...(readCursor(from) ?? [])].filter(([service]) => service !== error.service)));
        await table.beginAnew(id, error.service, from);
      }
    }
  }

  /** What its account may see now; one that is known no longer ends the webhook. */
  async #sight({ id, account, school }: Webhook): Promise<Sees | undefined> {
    const standing = await this.#at.actors.find(account);
    const sees = standing && visibleTo(standing.caller.actor);
    if (!sees) return void (await this.#at.table.change(id, 'disabled', 'account-not-known'));
    return school === null ? sees : (event) => event.schoolid === school && sees(event);
  }

  async #deliver(): Promise<void> {
    const { table, now } = this.#at;
    for (const webhook of await table.all()) {
      if (webhook.state !== 'active' || this.#ending.signal.aborted) continue;
      const own = [...this.#flying.keys()].filter((key) => key.startsWith(webhook.id)).length;
      const room = Math.min(MOST_OF_ONE - own, MOST_AT_ONCE - this.#flying.size);
      if (room <= 0) continue;
      const due = (await table.due(webhook.id, now(), room + own)).filter((delivery) => !this.#flying.has(keyOf(delivery)));
      if (due.length === 0) continue;
      const sees = await this.#sight(webhook);
      if (sees) for (const delivery of due.slice(0, room)) this.#launch(webhook, delivery, sees);
    }
  }

  #launch(webhook: Webhook, delivery: Delivery, sees: Sees): void {
    const key = keyOf(delivery);
    const flight = this.#attempt(webhook, delivery, sees)
      .catch((error: unknown) => this.#failed(webhook, error))
      .finally(() => (this.#flying.delete(key), this.#work()));
    this.#flying.set(key, flight);
  }

  /** Neither the receiver nor the table is asked again at once. */
  async #failed({ id }: Webhook, error: unknown): Promise<void> {
    this.#at.onProblem({ is: 'happened', part: 'webhook', what: `delivery of ${id}`, error });
    await pause(POLL_MS, undefined, { signal: this.#ending.signal }).catch(unheard('stopped: it is sent again after a start'));
  }

  async #attempt(webhook: Webhook, delivery: Delivery, sees: Sees): Promise<void> {
    const { table, now, retry } = this.#at;
    if (!sees(JSON.parse(delivery.body) as PublicEvent)) return table.withhold(delivery, now());
    const outcome = await this.#post(webhook, delivery.event, delivery.body);
    if (this.#ending.signal.aborted && !outcome.delivered) return;
    const at = now();
    if (outcome.delivered) return table.delivered(delivery, at);
    const next = nextAttempt(retry, { attempts: delivery.attempts + 1, firstAt: delivery.first ?? at, at, chance: Math.random() });
    await table.failed(delivery, at, next, outcome.reason);
    if (outcome.status === 410) await table.change(webhook.id, 'disabled', 'gone');
  }

  async #post({ id, url }: Webhook, event: string, body: string): Promise<Outcome> {
    const { table, targets, timeoutMs, now } = this.#at;
    const at = now();
    const timestamp = Math.floor(at / 1000);
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'Ateneo-Webhooks/1',
      'webhook-id': event,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(await table.secrets(id, at), event, timestamp, body),
    };
    return post(targets, url, headers, body, { signal: this.#breaking.signal, timeoutMs });
  }
}

/** One subject of one webhook: never twice at once. */
const keyOf = ({ webhook, subject }: Delivery): string => `${webhook} ${subject}`;
