import { setImmediate as turn } from 'node:timers/promises';
import { type EventBatch, type EventBus, Follower, type OriginPosition, type PublicEvent, type RunningSubscription, servicesOf } from '@ateneo/messaging';
import type { AsideEvent, Build, Checkpoint } from './document-store.js';
import { Fold } from './fold.js';
import { incomingOwn, type IncomingPage, type OwnEvents, ownSource } from './own-events.js';
import { keyOf, NotYetKnown, OWN, type Projection, projectedPublic } from './projection.js';
import { type Incoming, SetAside } from './set-aside.js';

/** What a commit changed: the newest position by partition key. */
export type Change = { readonly projection: string; readonly key: string; readonly service: string; readonly partition: number; readonly position: number };

export type RunOptions = {
  readonly service: string;
  readonly projection: Projection;
  readonly build: Build;
  readonly events: EventBus;
  readonly own?: OwnEvents;
  readonly onCommitted: (changes: readonly Change[]) => void;
  readonly onCaughtUp: () => void;
  /** An origin has another epoch or mapping version: this build is void. */
  readonly onVoid: () => void;
};

type Waiting = { readonly origin: string; readonly page: IncomingPage; readonly resolve: () => void; readonly reject: (error: unknown) => void };
type Waiter = { readonly position: OriginPosition; readonly done: () => void };

const LIVE_MOST = 1_000;
const CATCH_UP_MOST = 50_000;
/** Positions that a checkpoint may run ahead of the stored one while nothing else changes. */
const UNWRITTEN_MOST = 10_000;
const SLICE_MS = 10;

/** One build of a projection at work: a batch is whatever waits when the last commit ends. */
export class ProjectionRun {
  readonly projection: Projection;
  readonly build: Build;
  readonly #options: RunOptions;
  readonly #fold: Fold;
  readonly #origins: readonly string[];
  readonly #caughtUp = new Set<string>();
  readonly #subscriptions: (RunningSubscription | Follower<IncomingPage>)[] = [];
  readonly #waiters = new Set<Waiter>();
  #aside = new SetAside([]);
  /** Stored; seen by queries; folded but not committed. */
  #stored = new Map<string, Checkpoint>();
  #committed = new Map<string, Checkpoint>();
  #folded = new Map<string, Checkpoint>();
  #changes = new Map<string, Change>();
  /** Origins of which something was applied since the last commit. */
  #applied = new Set<string>();
  #inbox: Waiting[] = [];
  #events = 0;
  #void = true;
  #busy: Promise<unknown> = Promise.resolve();
  #draining = false;
  #stopped = false;
  #behindSince: number | undefined = performance.now();

  constructor(options: RunOptions) {
    this.#options = options;
    this.projection = options.projection;
    this.build = options.build;
    this.#fold = new Fold(options.build);
    this.#origins = [...(this.projection.own ? [OWN] : []), ...servicesOf({ types: this.projection.public })];
  }

  /** Reads the stored state and begins to follow: references first, the others when those have been read. */
  async start(): Promise<void> {
    await this.#reload();
    const references = this.#origins.filter((origin) => this.projection.references?.includes(origin));
    this.#follow(references.length > 0 ? references : this.#origins);
    if (this.#origins.length === 0) this.#options.onCaughtUp();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop()));
    await this.#alone(async () => {
      if (!this.#void) await this.#commit(true);
    }).catch(() => undefined);
    for (const waiter of [...this.#waiters]) waiter.done();
  }

  get origins(): readonly string[] {
    return this.#origins;
  }

  get isCaughtUp(): boolean {
    return this.#origins.every((origin) => this.#caughtUp.has(origin));
  }

  get aside(): SetAside {
    return this.#aside;
  }

  position(origin: string): number {
    return this.#committed.get(origin)?.position ?? 0;
  }

  /** Whether a query would see the position. */
  covers({ service, epoch, position }: OriginPosition): boolean {
    return this.#origins.filter((origin) => this.#isOf(origin, service)).every((origin) => {
      const at = this.#committed.get(origin);
      return at?.epoch === epoch && at.position >= position;
    });
  }

  /** Calls back once when `covers` becomes true; the answer stops waiting. */
  whenCovered(position: OriginPosition, done: () => void): () => void {
    const waiter = { position, done: () => (this.#waiters.delete(waiter), done()) };
    this.#waiters.add(waiter);
    return () => void this.#waiters.delete(waiter);
  }

  /** Events waiting by origin, and since when it is behind. */
  lag(): { origin: string; events: number; seconds: number }[] {
    const heads = new Map(this.#subscriptions.flatMap((one) => one.status()).map((status) => [status.service, status.head]));
    const seconds = this.#behindSince === undefined ? 0 : (performance.now() - this.#behindSince) / 1_000;
    return this.#origins.map((origin) => {
      const events = Math.max(0, (heads.get(origin) ?? 0) - this.position(origin));
      return { origin, events, seconds: events > 0 ? seconds : 0 };
    });
  }

  /** Documents kept in memory are read anew, after something outside (an erasure) changed how they read. */
  dropCaches(): Promise<void> {
    return this.#alone(async () => {
      await this.#commit(true);
      this.#fold.drop();
    });
  }

  /** Applies what was set aside under a key, in order and outside the guard. Answers whether nothing of it is left. */
  retryAside(key: string): Promise<boolean> {
    return this.#alone(async () => {
      await this.#retry(key);
      await this.#commit(true);
      return !this.#aside.has(key);
    });
  }

  /** Gives up the event that holds the others of its key back, and applies those. */
  skipAside(key: string, reason: string, at: string): Promise<boolean> {
    return this.#alone(async () => {
      const rows = this.#aside.of(key);
      const first = rows.find(({ why }) => why === 'poison') ?? rows[0];
      if (first) this.#aside.skip(first, reason, at);
      await this.#retry(key);
      await this.#commit(true);
      return !this.#aside.has(key);
    });
  }

  #isOf(origin: string, service: string): boolean {
    return origin === service || (origin === OWN && this.#options.own?.service === service);
  }

  #follow(origins: readonly string[]): void {
    const { own, events, service } = this.#options;
    const common = { onReset: async () => this.#options.onVoid() };
    if (origins.includes(OWN) && own && this.projection.own) {
      const options = { ...common, service: OWN, from: () => this.#from(OWN), handle: (page: IncomingPage) => this.#take(OWN, page), caughtUp: () => this.#arrive(OWN) };
      this.#subscriptions.push(new Follower(options, Promise.resolve({ source: ownSource(own, this.projection.own) })));
    }
    const services = origins.filter((origin) => origin !== OWN);
    if (services.length === 0) return;
    const subscription = { ...common, consumer: `${service}.${this.projection.name}.${this.build.id}`, types: this.projection.public, services, from: (from: string) => this.#from(from), caughtUp: (at: string) => this.#arrive(at) };
    this.#subscriptions.push(events.subscribe(subscription, (batch) => this.#take(batch.service, pageOf(batch))));
  }

  async #from(origin: string): Promise<Checkpoint | undefined> {
    await this.#alone(() => (this.#void ? this.#reload() : Promise.resolve()));
    return this.#folded.get(origin);
  }

  #arrive(origin: string): void {
    const before = this.#caughtUp.size;
    this.#caughtUp.add(origin);
    if (this.#caughtUp.size === before) return;
    const references = this.#origins.filter((one) => this.projection.references?.includes(one));
    if (references.includes(origin) && references.every((one) => this.#caughtUp.has(one))) this.#follow(this.#origins.filter((one) => !references.includes(one)));
    if (this.isCaughtUp) this.#options.onCaughtUp();
  }

  #take(origin: string, page: IncomingPage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#inbox.push({ origin, page, resolve, reject });
      this.#behindSince ??= performance.now();
      if (this.#draining) return;
      this.#draining = true;
      void this.#alone(() => this.#drain()).finally(() => (this.#draining = false));
    });
  }

  /** One thing at a time: batches, retries, reloads. */
  #alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(task);
    this.#busy = result.catch(() => undefined);
    return result;
  }

  async #drain(): Promise<void> {
    while (this.#inbox.length > 0) {
      const taken = this.#inbox.splice(0);
      try {
        if (this.#void) throw new Error('what was folded is void');
        for (const waiting of taken) if (await this.#foldPage(waiting)) this.#applied.add(waiting.origin);
        const settle = () => taken.forEach(({ resolve }) => resolve());
        if (this.#mayFoldOn(taken)) {
          settle();
          await turn();
          if (this.#inbox.length > 0) continue;
        }
        await this.#retryWaiting();
        await this.#commit(false);
        settle();
      } catch (error) {
        this.#discard();
        for (const { reject } of [...taken, ...this.#inbox.splice(0)]) reject(error);
        for (const subscription of this.#subscriptions) subscription.restart();
      }
    }
  }

  /** In catch-up many pages share one commit. */
  #mayFoldOn(taken: readonly Waiting[]): boolean {
    return this.#events < CATCH_UP_MOST && !this.#stopped && taken.every(({ page }) => page.head - page.next > LIVE_MOST);
  }

  /** Answers whether anything was applied. Yields, so that others have their turn. */
  async #foldPage({ origin, page }: Waiting): Promise<boolean> {
    const seen = this.#folded.get(origin)?.position ?? 0;
    const items = page.items.filter(({ event }) => event.position > seen);
    await this.#fold.load(this.#keysOf(items));
    let [applied, since, n] = [false, performance.now(), 0];
    for (const item of items) {
      applied = this.#foldOne(item) || applied;
      if ((++n & 15) !== 0 || performance.now() - since < SLICE_MS) continue;
      await turn();
      since = performance.now();
    }
    this.#events += items.length;
    this.#folded.set(origin, { origin, epoch: page.epoch, mappingVersion: page.mappingVersion, position: page.next });
    return applied;
  }

  *#keysOf(items: readonly Incoming[]): Generator<readonly [string, string]> {
    for (const { event, failure } of items) {
      if (failure) continue;
      try {
        yield* this.projection.keys(event);
      } catch {
        continue; // `apply` finds the document missing and the event is set aside
      }
    }
  }

  #foldOne(item: Incoming): boolean {
    const { event, failure } = item;
    const key = keyOf(this.projection, event);
    this.#changes.set(key, { projection: this.projection.name, key, service: event.service, partition: event.partition, position: event.position });
    if (this.#aside.has(key)) {
      this.#aside.add(key, item);
      return false;
    }
    try {
      if (failure) throw failure;
      this.#fold.apply(event, true, () => this.projection.apply(event, this.#fold));
      return true;
    } catch (error) {
      this.#aside.add(key, item, error);
      return false;
    }
  }

  /** What an event brought may be what another waits for, so it goes on until nothing moves. */
  async #retryWaiting(): Promise<void> {
    for (let moved = true; moved; ) {
      moved = false;
      for (const key of this.#aside.ready(this.#applied)) moved = (await this.#retry(key)) || moved;
    }
    this.#applied.clear();
  }

  /** Each stream in its order; an event that still lacks a fact holds back its own stream only, since another stream may bring the fact. */
  async #retry(key: string): Promise<boolean> {
    let released = 0;
    for (let progress = true; progress; ) {
      progress = false;
      const blocked = new Set<string>();
      for (const row of this.#aside.of(key)) {
        if (blocked.has(row.stream)) continue;
        const error = await this.#tryAgain(row);
        if (error === undefined) [progress, released] = [true, released + 1];
        else if (error instanceof NotYetKnown) blocked.add(row.stream);
        else return released > 0;
      }
    }
    return released > 0;
  }

  async #tryAgain(row: AsideEvent): Promise<Error | undefined> {
    const item = await this.#incoming(row);
    await this.#fold.load(this.#keysOf([item]));
    try {
      if (item.failure) throw item.failure;
      this.#fold.apply(item.event, false, () => this.projection.apply(item.event, this.#fold));
      this.#aside.release(row);
      this.#changes.set(row.key, { projection: this.projection.name, key: row.key, service: item.event.service, partition: item.event.partition, position: item.event.position });
      return undefined;
    } catch (error) {
      this.#aside.refuse(row, error);
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #incoming({ event, position }: AsideEvent): Promise<Incoming> {
    if (event !== null) {
      const original = JSON.parse(event) as PublicEvent;
      return { event: projectedPublic(original), original };
    }
    const own = this.#options.own;
    const [stored] = (await own?.store.readAfter(position - 1, 1)) ?? [];
    if (!own || stored?.position !== position) throw new Error(`event ${position} is not in the own store`);
    return incomingOwn(own.service, stored, own.read);
  }

  async #commit(always: boolean): Promise<void> {
    this.projection.flush?.(this.#fold);
    const checkpoints = [...this.#folded.values()].filter((at) => at.position !== this.#stored.get(at.origin)?.position);
    const far = checkpoints.some(({ origin, position }) => position - (this.#stored.get(origin)?.position ?? 0) > UNWRITTEN_MOST);
    if (this.#fold.changed || this.#aside.changed || ((always || far) && checkpoints.length > 0)) {
      await this.build.commit({ documents: this.#fold.writes(), checkpoints, ...this.#aside.changes() });
      this.#fold.committed();
      this.#aside.committed();
      this.#stored = new Map(this.#folded);
    }
    this.#events = 0;
    this.#committed = new Map(this.#folded);
    if (this.#inbox.length === 0) this.#behindSince = undefined;
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    for (const waiter of [...this.#waiters]) if (this.covers(waiter.position)) waiter.done();
    if (changes.length > 0) this.#options.onCommitted(changes);
  }

  /** A commit failed: only what is stored counts. */
  #discard(): void {
    this.#void = true;
    this.#fold.drop();
    this.#changes.clear();
    this.#events = 0;
    this.projection.reset?.();
  }

  async #reload(): Promise<void> {
    this.#fold.drop();
    this.#aside = new SetAside(await this.build.aside());
    this.#stored = new Map((await this.build.checkpoints()).map((at) => [at.origin, at]));
    this.#folded = new Map(this.#stored);
    this.#committed = new Map(this.#stored);
    await this.projection.open?.((collection) => scan(this.build, collection));
    this.#void = false;
    this.#applied = new Set(this.#origins);
    await this.#retryWaiting();
    await this.#commit(false);
  }
}

const pageOf = ({ epoch, mappingVersion, next, head, events }: EventBatch): IncomingPage => ({ epoch, mappingVersion, next, head, items: events.map((original) => ({ event: projectedPublic(original), original })) });

async function* scan<D>(build: Build, collection: string): AsyncGenerator<{ id: string; document: D }> {
  for (let after = ''; ; ) {
    const documents = await build.scan(collection, after, 1_000);
    yield* documents as { id: string; document: D }[];
    if (documents.length < 1_000) return;
    after = documents.at(-1)!.id;
    await turn();
  }
}
