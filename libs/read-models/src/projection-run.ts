import { isTracing, type OnProblem, spanned, Trouble, unheard } from '@ateneo/event-sourcing';
import {
  type ConsumerPosition,
  type EventBus,
  Follower,
  type OriginPosition,
  type RunningSubscription,
  servicesOf,
} from '@ateneo/messaging';
import { loopTurns } from '@ateneo/threads';
import { type AsideEvent, type Build, type Checkpoint, FencedError } from './document-store.js';
import { type Change, Folding } from './folding.js';
import { incomingPage, type IncomingPage, type OwnEvents, ownSource } from './incoming.js';
import { Passed } from './passed.js';
import { OWN, type Projection } from './projection.js';
import { holderOf, type SetAside } from './set-aside.js';

/** Events waiting in an origin, and for how long it has been behind; `unit`: in which part of a shared build. */
export type RunLag = { readonly origin: string; readonly events: number; readonly seconds: number; readonly unit?: string };

/** One build of a projection at work, here or shared with other instances. */
export interface Run {
  readonly projection: Projection;
  readonly build: Build;
  /** Whether queries would see the position. */
  covers(position: OriginPosition): boolean;
  /** Calls back once when `covers` becomes true, or the run ends; the answer stops waiting. */
  whenCovered(position: OriginPosition, done: () => void): () => void;
  readonly isCaughtUp: boolean;
  lag(): RunLag[];
  /** Whether committed documents about the key lack something. */
  isIncomplete(key: string): boolean;
  incompleteKeys(): Iterable<string>;
  waitingUnder(key: string): readonly AsideEvent[];
  /** Events set aside by this instance. */
  readonly waitingCount: number;
  retryAside(key: string): Promise<boolean>;
  skipAside(key: string, reason: string, at: string): Promise<boolean>;
  dropCaches(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Where the build is shared: one run at a time writes a unit of it, the others see what it stored. */
export type RunUnit = {
  /** Not the name under which the unit was followed before: that one may still hang. */
  readonly consumer: string;
  readonly partitions?: readonly number[];
  /** Somebody else has claimed the unit; nothing of this run is stored any more. */
  readonly onFenced?: () => void;
};

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
  /** Queries may see more than before. */
  readonly onMoved?: () => void;
  readonly onProblem?: OnProblem;
  readonly unit?: RunUnit;
};

/** The checkpoint of a shared unit that has been at the head of every origin once. */
export const CAUGHT_UP = '$caught-up';

export const originsOf = (projection: Projection): readonly string[] => [
  ...(projection.own ? [OWN] : []),
  ...servicesOf({ types: projection.public }),
];

/** Whether checkpoints of these origins reach a position; `own`: the service whose store is `own`. */
export const reaches = (
  origins: readonly string[],
  at: { get(origin: string): ConsumerPosition | undefined } | undefined,
  own: string | undefined,
  { service, epoch, position }: OriginPosition,
): boolean =>
  origins
    .filter((origin) => origin === service || (origin === OWN && own === service))
    .every((origin) => {
      const reached = at?.get(origin);
      return reached?.epoch === epoch && reached.position >= position;
    });

type Waiting = {
  readonly origin: string;
  readonly page: IncomingPage;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};
type Waiter = { readonly position: OriginPosition; readonly done: () => void };

/** Events that wait behind a page that is still committed by itself. */
const LIVE_MOST = 1_000;
/** Commands that one commit is linked to. */
const LINKS_MOST = 50;
const CATCH_UP_MOST = 50_000;
/** Documents of one commit are made ready in one go, so that there must not be too many. */
const DOCUMENTS_MOST = 2_000;
/** Events that a checkpoint may run ahead of the stored one while nothing else changes. */
const UNWRITTEN_MOST = 10_000;
/** And for how long, where other instances look at what is stored. */
const UNWRITTEN_MS = 250;

/** One build of a projection at work: a batch is whatever waits when the last commit ends. */
export class ProjectionRun implements Run {
  readonly projection: Projection;
  readonly build: Build;
  readonly #options: RunOptions;
  readonly #folding: Folding;
  readonly #origins: readonly string[];
  readonly #trouble: Trouble;
  readonly #caughtUp = new Set<string>();
  readonly #subscriptions: (RunningSubscription | Follower<IncomingPage>)[] = [];
  readonly #waiters = new Set<Waiter>();
  /** Checkpoints on disk, and those that queries see: further where nothing else changed. */
  #stored = new Map<string, Checkpoint>();
  #committed = new Map<string, Checkpoint>();
  readonly #passed = new Passed();
  #inbox: Waiting[] = [];
  #void = true;
  #busy: Promise<unknown> = Promise.resolve();
  #draining = false;
  #stopped = false;
  /** Nothing of it may be stored any more. */
  #ended = false;
  #writeOut: NodeJS.Timeout | undefined;
  #behindSince: number | undefined = performance.now();
  /** Where what is folded since the last commit comes from; kept while traced only. */
  #traces = new Set<string>();

  constructor(options: RunOptions) {
    this.#options = options;
    this.projection = options.projection;
    this.build = options.build;
    this.#folding = new Folding(options.projection, options.build, options.own);
    this.#origins = originsOf(this.projection);
    this.#trouble = this.#troubleOf('folds');
  }

  /** Reads the stored state and begins to follow: references first, the others when those have been read. */
  async start(): Promise<void> {
    await this.#reload();
    const references = this.#origins.filter((origin) => this.projection.references?.includes(origin));
    this.#follow(references.length > 0 ? references : this.#origins);
    if (this.#origins.length === 0) this.#options.onCaughtUp();
  }

  /** `abandon`: without storing what was folded since the last commit. */
  async stop(abandon = false): Promise<void> {
    this.#stopped = true;
    this.#ended ||= abandon;
    clearTimeout(this.#writeOut);
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop()));
    await this.#alone(async () => {
      if (!this.#void && !this.#ended) await this.#commit(true);
    }).catch(unheard('it has ended: what was not stored is read again by the next'));
    this.#trouble.over();
    for (const waiter of [...this.#waiters]) waiter.done();
  }

  get isCaughtUp(): boolean {
    return this.#origins.every((origin) => this.#caughtUp.has(origin));
  }

  isIncomplete(key: string): boolean {
    return this.#aside.incomplete.has(key);
  }

  incompleteKeys(): Iterable<string> {
    return this.#aside.incomplete;
  }

  waitingUnder(key: string): readonly AsideEvent[] {
    return this.#aside.of(key);
  }

  get waitingCount(): number {
    return this.#aside.size;
  }

  position(origin: string): number {
    return this.#committed.get(origin)?.position ?? 0;
  }

  covers(position: OriginPosition): boolean {
    return reaches(this.#origins, this.#committed, this.#options.own?.service, position);
  }

  whenCovered(position: OriginPosition, done: () => void): () => void {
    const waiter = { position, done: () => (this.#waiters.delete(waiter), done()) };
    this.#waiters.add(waiter);
    return () => void this.#waiters.delete(waiter);
  }

  lag(): RunLag[] {
    const waiting = new Map(this.#subscriptions.flatMap((one) => one.status()).map((status) => [status.service, status.waiting]));
    const seconds = this.#behindSince === undefined ? 0 : (performance.now() - this.#behindSince) / 1_000;
    return this.#origins.map((origin) => {
      const events = (waiting.get(origin) ?? 0) + this.#passed.uncommitted(origin);
      return { origin, events, seconds: events > 0 ? seconds : 0 };
    });
  }

  /** Documents kept in memory are read anew, after something outside (an erasure) changed how they read. */
  dropCaches(): Promise<void> {
    return this.#storing(async () => {
      await this.#commit(true);
      this.#folding.documents.drop();
    });
  }

  /** Applies what was set aside under a key, in order and outside the guard. Answers whether nothing of it is left. */
  retryAside(key: string): Promise<boolean> {
    return this.#storing(async () => {
      await this.#folding.retry(key);
      await this.#commit(true);
      return !this.#aside.has(key);
    });
  }

  /** Gives up the event that holds the others of its key back, and applies those. */
  skipAside(key: string, reason: string, at: string): Promise<boolean> {
    return this.#storing(async () => {
      const first = holderOf(this.#aside.of(key));
      if (first) this.#aside.skip(first, reason, at);
      await this.#folding.retry(key);
      await this.#commit(true);
      return !this.#aside.has(key);
    });
  }

  /** What these origins have told since: events may have waited for it. */
  retryFor(origins: readonly string[]): Promise<void> {
    if (this.waitingCount === 0) return Promise.resolve();
    return this.#storing(async () => {
      if (this.#void || this.#ended) return;
      for (const origin of origins) this.#folding.applied.add(origin);
      await this.#folding.retryWaiting();
      await this.#commit(true);
    }).catch(unheard('told where it is discarded'));
  }

  get #aside(): SetAside {
    return this.#folding.aside;
  }

  #follow(origins: readonly string[]): void {
    const { own, events, service, unit } = this.#options;
    const common = { onReset: async () => this.#options.onVoid() };
    if (origins.includes(OWN) && own && this.projection.own) {
      const options = {
        ...common,
        trouble: this.#troubleOf('from own'),
        service: OWN,
        from: () => this.#from(OWN),
        handle: (page: IncomingPage) => this.#take(OWN, page),
        caughtUp: () => this.#arrive(OWN),
      };
      const source = ownSource(own, this.projection.own, unit?.partitions);
      this.#subscriptions.push(new Follower(options, Promise.resolve({ source })));
    }
    const services = origins.filter((origin) => origin !== OWN);
    if (services.length === 0) return;
    const subscription = {
      ...common,
      part: 'projection' as const,
      consumer: unit?.consumer ?? `${service}.${this.projection.name}.${this.build.id}`,
      types: this.projection.public,
      services,
      partitions: unit?.partitions,
      from: (from: string) => this.#from(from),
      caughtUp: (at: string) => this.#arrive(at),
    };
    this.#subscriptions.push(events.subscribe(subscription, (batch) => this.#take(batch.service, incomingPage(batch))));
  }

  async #from(origin: string): Promise<Checkpoint | undefined> {
    if (this.#ended) throw new Error('this run has ended');
    await this.#alone(() => (this.#void ? this.#reload() : Promise.resolve()));
    return this.#folding.reached.get(origin);
  }

  #arrive(origin: string): void {
    this.#passed.arrived(origin);
    const before = this.#caughtUp.size;
    this.#caughtUp.add(origin);
    if (this.#caughtUp.size === before) return;
    const references = this.#origins.filter((one) => this.projection.references?.includes(one));
    if (references.includes(origin) && references.every((one) => this.#caughtUp.has(one)))
      this.#follow(this.#origins.filter((one) => !references.includes(one)));
    if (!this.isCaughtUp) return;
    if (!this.#options.unit) return this.#options.onCaughtUp();
    void this.#storePositions().finally(() => this.#options.onCaughtUp());
  }

  #take(origin: string, page: IncomingPage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#inbox.push({ origin, page, resolve, reject });
      this.#passed.handed(origin, page.passed);
      this.#behindSince ??= performance.now();
      if (this.#draining) return;
      this.#draining = true;
      void this.#alone(() => this.#drain());
    });
  }

  #troubleOf(how: string): Trouble {
    const { service, projection, onProblem, unit } = this.#options;
    const of = unit?.partitions ? `${projection.name} p${unit.partitions.join()}` : projection.name;
    return new Trouble(onProblem, { service, part: 'projection', what: `${of} ${how}` });
  }

  /** One thing at a time: batches, retries, reloads. */
  #alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(task);
    this.#busy = result.catch(unheard('whoever asked for it is told'));
    return result;
  }

  /** As `alone`, for what ends with a commit. */
  #storing<T>(task: () => Promise<T>): Promise<T> {
    return this.#alone(() =>
      task().catch((error: unknown) => {
        this.#discard(error);
        throw error;
      }),
    );
  }

  /** Only what is stored counts. */
  #discard(error: unknown): void {
    if (!this.#ended && !(error instanceof FencedError)) this.#trouble.fails(error);
    this.#void = true;
    this.#folding.discard();
    this.#passed.discarded();
    for (const subscription of this.#subscriptions) subscription.restart();
    if (!(error instanceof FencedError) || this.#ended) return;
    this.#ended = true;
    this.#options.unit?.onFenced?.();
  }

  /** Nothing is awaited between the last look into the inbox and the flag: a page that comes later starts it again. */
  async #drain(): Promise<void> {
    try {
      while (this.#inbox.length > 0) await this.#takeIn(this.#inbox.splice(0));
    } finally {
      this.#draining = false;
    }
  }

  async #takeIn(taken: readonly Waiting[]): Promise<void> {
    try {
      if (this.#void || this.#ended) throw new Error('what was folded is void');
      for (const { origin, page } of taken) {
        await this.#folding.foldPage(origin, page);
        this.#passed.folded(origin, page.passed);
      }
      if (isTracing()) this.#noteTraces(taken);
      const settle = () => taken.forEach(({ resolve }) => resolve());
      if (this.#mayFoldOn(taken)) {
        settle();
        await loopTurns.next();
        if (this.#inbox.length > 0) return;
      }
      await this.#folding.retryWaiting();
      await this.#commit(false);
      settle();
    } catch (error) {
      for (const { reject } of [...taken, ...this.#inbox.splice(0)]) reject(error);
      this.#discard(error);
    }
  }

  #noteTraces(taken: readonly Waiting[]): void {
    for (const { page } of taken)
      for (const { event } of page.items) if (event.traceparent && this.#traces.size < LINKS_MOST) this.#traces.add(event.traceparent);
  }

  /** In catch-up many pages share one commit. */
  #mayFoldOn(taken: readonly Waiting[]): boolean {
    const { events, documents } = this.#folding;
    return (
      events < CATCH_UP_MOST && documents.changed < DOCUMENTS_MOST && !this.#stopped && taken.every(({ page }) => page.waiting > LIVE_MOST)
    );
  }

  async #commit(always: boolean): Promise<void> {
    const { documents, aside, reached } = this.#folding;
    if (this.#ended) throw new Error('this run has ended');
    if (this.#options.unit && this.isCaughtUp) reached.set(CAUGHT_UP, { origin: CAUGHT_UP, epoch: '', mappingVersion: 0, position: 1 });
    this.projection.flush?.(documents);
    const checkpoints = [...reached.values()].filter((at) => at.position !== this.#stored.get(at.origin)?.position);
    const far = checkpoints.some(({ origin }) => this.#passed.unwritten(origin) > UNWRITTEN_MOST);
    if (documents.changed > 0 || aside.changed || ((always || far) && checkpoints.length > 0)) {
      const [parent, ...links] = this.#traces;
      this.#traces.clear();
      const attributes = { 'ateneo.projection': this.projection.name, 'db.operation.batch.size': documents.changed };
      await spanned(`project ${this.projection.name}`, { kind: 'consumer', parent, links, attributes }, () =>
        this.build.commit({ documents: documents.writes(), checkpoints, ...aside.changes() }),
      );
      documents.committed();
      aside.committed();
      this.#stored = new Map(reached);
      this.#passed.written();
    } else if (checkpoints.length > 0) this.#writeOutSoon();
    this.#committed = new Map(reached);
    this.#passed.committed();
    this.#trouble.over();
    if (this.#inbox.length === 0) this.#behindSince = undefined;
    this.#tell();
  }

  #tell(): void {
    const { changes } = this.#folding;
    const changed = [...changes.values()];
    changes.clear();
    this.#folding.events = 0;
    for (const waiter of [...this.#waiters]) if (this.covers(waiter.position)) waiter.done();
    if (changed.length > 0) this.#options.onCommitted(changed);
    this.#options.onMoved?.();
  }

  /** Positions that nothing else carries into the store, for those who look at them there. */
  #writeOutSoon(): void {
    if (!this.#options.unit || this.#writeOut || this.#stopped) return;
    this.#writeOut = setTimeout(() => {
      this.#writeOut = undefined;
      void this.#storePositions();
    }, UNWRITTEN_MS).unref();
  }

  #storePositions(): Promise<void> {
    return this.#storing(async () => {
      if (!this.#void && !this.#ended) await this.#commit(true);
    }).catch(unheard('told where it is discarded'));
  }

  async #reload(): Promise<void> {
    await this.#folding.reload();
    this.#stored = new Map(this.#folding.reached);
    this.#passed.written();
    this.#void = false;
    this.#committed = new Map(this.#stored);
    await this.#folding.retryWaiting();
    if (this.#aside.changed) await this.#commit(false);
    if (this.isCaughtUp && !this.#stored.has(CAUGHT_UP)) this.#writeOutSoon();
  }
}
