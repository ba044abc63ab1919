import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type OnProblem, Trouble, unheard } from '@ateneo/event-sourcing';
import { type FeedCursor, readCursor, writeCursor } from '../events/feed-cursor.rules.js';
import { type Feed, FeedRestarted, typesBeginning } from '../events/feed.client.js';
import { visibleTo } from '../events/feed-scope.rules.js';
import type { Bus, PublicEvent } from '@ateneo/messaging';
import type { Actors } from '../guard/actors.client.js';
import { type Outcome, post } from './post.client.js';
import { nextAttempt, type Retry, RETRY } from './retry.rules.js';
import { newSecret, signatureOf } from './signature.rules.js';
import type { Targets } from './targets.client.js';
import type { Delivery, Webhook, WebhooksFile } from './webhooks-file.client.js';

const POLL_MS = 1_000;
const PAUSE_MS = 100;
const SWEEP_MS = 300_000;
const PAGE = 100;
/** More than this waiting and a webhook takes in no further events: the feed keeps them. */
const MOST_WAITING = 10_000;
const MOST_AT_ONCE = 32;
const MOST_OF_ONE = 4;
const ROTATION_MS = 24 * 3_600_000;

export type WebhooksOptions = {
  readonly file: WebhooksFile;
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
  readonly #ending = new AbortController();
  #heads: FeedCursor = new Map();
  #sweptAt = 0;
  #loops: Promise<void>[] = [];
  #news = (): void => undefined;
  #work = (): void => undefined;
  #stopListening = (): void => undefined;

  constructor(options: WebhooksOptions) {
    this.#at = { retry: RETRY, timeoutMs: 10_000, now: Date.now, ...options };
  }

  start(): void {
    this.#stopListening = this.#at.bus.onBroadcast('changed.*', () => this.#news());
    this.#loops = [
      this.#loop(() => this.#takeIn(), 'news', 'events are taken in'),
      this.#loop(() => this.#deliver(), 'work', 'deliveries are begun'),
    ];
  }

  /** Resolves when nothing is on its way any more; what was broken off is sent again after a start. */
  async stop(): Promise<void> {
    this.#stopListening();
    this.#ending.abort();
    this.#news();
    this.#work();
    await Promise.all([...this.#loops, ...this.#flying.values()]);
  }

  /** Answers the secret, which is told once. Throws TargetRefused, ServiceSilent. */
  async register({ from, ...given }: NewWebhook): Promise<string> {
    const { file, targets, feed, now } = this.#at;
    const url = targets.parse(given.url);
    await targets.addressesOf(url);
    const heads: FeedCursor = from === 'now' ? await feed.heads() : new Map();
    const silent = from === 'now' && wantedServices(given).find((service) => !heads.has(service));
    if (silent) throw new ServiceSilent(silent);
    const [secret, created] = [newSecret(), new Date(now()).toISOString()];
    file.add({ ...given, url: url.href, state: 'active', reason: null, created, cursor: writeCursor(heads) }, secret);
    this.#news();
    return secret;
  }

  rotate(id: string): { readonly secret: string; readonly previousUntil: string } {
    const [secret, until] = [newSecret(), this.#at.now() + ROTATION_MS];
    this.#at.file.rotate(id, secret, until);
    return { secret, previousUntil: new Date(until).toISOString() };
  }

  resume(id: string): void {
    this.#at.file.change(id, 'active', null);
    this.#news();
    this.#work();
  }

  /** Dead letters wait again: one, or all. Answers how many. */
  redeliver(id: string, event?: string): number {
    const count = this.#at.file.redeliver(id, this.#at.now(), event);
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

  /** Events that wait, and one for each service that has more than was taken in: how many its positions do not tell. */
  lag(webhook: Webhook): number {
    const cursor = readCursor(webhook.cursor) ?? new Map();
    const ahead = wantedServices(webhook).map((service) => {
      const [head, place] = [this.#heads.get(service), cursor.get(service)];
      return Number(head !== undefined && (place?.epoch !== head.epoch || place.position < head.position));
    });
    return ahead.reduce((sum, one) => sum + one, this.#at.file.waiting(webhook.id));
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
    const { file, feed, now } = this.#at;
    const active = file.all().filter(({ state }) => state === 'active');
    if (active.length === 0) return;
    this.#heads = await feed.heads();
    for (const webhook of active) {
      if (!this.#isBehind(webhook) || this.#ending.signal.aborted) continue;
      const sees = await this.#sight(webhook);
      if (sees) await this.#takeInFor(webhook, sees);
    }
    if (now() - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now();
    file.sweep(now());
  }

  async #takeInFor({ id, types, cursor: text }: Webhook, sees: Sees): Promise<void> {
    const { file, feed, now } = this.#at;
    let cursor = readCursor(text) ?? new Map();
    while (!this.#ending.signal.aborted && file.waiting(id) < MOST_WAITING) {
      try {
        const page = await feed.page(cursor, { types: typesBeginning(types), limit: PAGE, sees });
        if (!file.find(id)) return;
        file.queue(id, page.events, page.next, now());
        cursor = readCursor(page.next) as FeedCursor;
        if (page.events.length > 0) this.#work();
        if (!page.more) return;
      } catch (error) {
        if (!(error instanceof FeedRestarted)) throw error;
        // another epoch: what was counted is void, the service's events are told again
        cursor = new Map([...cursor].filter(([service]) => service !== error.service));
        file.beginAnew(id, error.service, writeCursor(cursor));
      }
    }
  }

  #isBehind(webhook: Webhook): boolean {
    const cursor = readCursor(webhook.cursor) ?? new Map();
    return wantedServices(webhook).some((service) => {
      const [head, place] = [this.#heads.get(service), cursor.get(service)];
      return head !== undefined && (place?.epoch !== head.epoch || place.position < head.position);
    });
  }

  /** What its account may see now; one that is known no longer ends the webhook. */
  async #sight({ id, account, school }: Webhook): Promise<Sees | undefined> {
    const standing = await this.#at.actors.find(account);
    const sees = standing && visibleTo(standing.caller.actor);
    if (!sees) return void this.#at.file.change(id, 'disabled', 'account-not-known');
    return school === null ? sees : (event) => event.schoolid === school && sees(event);
  }

  async #deliver(): Promise<void> {
    const { file, now } = this.#at;
    for (const webhook of file.all()) {
      if (webhook.state !== 'active' || this.#ending.signal.aborted) continue;
      const own = [...this.#flying.keys()].filter((key) => key.startsWith(webhook.id)).length;
      const room = Math.min(MOST_OF_ONE - own, MOST_AT_ONCE - this.#flying.size);
      if (room <= 0) continue;
      const due = file.due(webhook.id, now(), room + own).filter((delivery) => !this.#flying.has(keyOf(delivery)));
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

  /** Neither the receiver nor the file is asked again at once. */
  async #failed({ id }: Webhook, error: unknown): Promise<void> {
    this.#at.onProblem({ is: 'happened', part: 'webhook', what: `delivery of ${id}`, error });
    await pause(POLL_MS, undefined, { signal: this.#ending.signal }).catch(unheard('stopped: it is sent again after a start'));
  }

  async #attempt(webhook: Webhook, delivery: Delivery, sees: Sees): Promise<void> {
    const { file, now, retry } = this.#at;
    if (!sees(JSON.parse(delivery.body) as PublicEvent)) return file.withhold(delivery, now());
    const outcome = await this.#post(webhook, delivery.event, delivery.body);
    if (this.#ending.signal.aborted && !outcome.delivered) return;
    const at = now();
    if (outcome.delivered) return file.delivered(delivery, at);
    const next = nextAttempt(retry, { attempts: delivery.attempts + 1, firstAt: delivery.first ?? at, at, chance: Math.random() });
    file.failed(delivery, at, next, outcome.reason);
    if (outcome.status === 410) file.change(webhook.id, 'disabled', 'gone');
  }

  #post({ id, url }: Webhook, event: string, body: string): Promise<Outcome> {
    const { file, targets, timeoutMs, now } = this.#at;
    const at = now();
    const timestamp = Math.floor(at / 1000);
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'Ateneo-Webhooks/1',
      'webhook-id': event,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(file.secrets(id, at), event, timestamp, body),
    };
    return post(targets, url, headers, body, { signal: this.#ending.signal, timeoutMs });
  }
}

const wantedServices = ({ types }: Pick<Webhook, 'types'>): string[] => [
  ...new Set(typesBeginning(types).map((type) => type.slice(0, type.indexOf('.')))),
];
/** One subject of one webhook: never twice at once. */
const keyOf = ({ webhook, subject }: Delivery): string => `${webhook} ${subject}`;
