import type { PublicEvent } from '@ateneo/messaging';
import { loopTurns } from '@ateneo/threads';
import type { AsideEvent, Build, Checkpoint } from './document-store.js';
import { Fold } from './fold.js';
import { type IncomingPage, ownEvent, type OwnEvents } from './incoming.js';
import { keyOf, NotYetKnown, type Projection, projectedPublic } from './projection.js';
import { type Incoming, SetAside } from './set-aside.js';

/** What a commit changed: the newest position by partition key. */
export type Change = {
  readonly projection: string;
  readonly key: string;
  readonly service: string;
  readonly partition: number;
  readonly position: number;
};

const SLICE_MS = 5;

/** Everything of one build that is folded and not yet committed, and how events get into it. */
export class Folding {
  readonly documents: Fold;
  aside = new SetAside([]);
  /** Folded up to here, by origin. */
  reached = new Map<string, Checkpoint>();
  readonly changes = new Map<string, Change>();
  /** Origins of which something was applied since waiting events were last tried. */
  readonly applied = new Set<string>();
  /** Events since the last commit. */
  events = 0;

  constructor(
    readonly projection: Projection,
    private readonly build: Build,
    private readonly own: OwnEvents | undefined,
  ) {
    this.documents = new Fold(build);
  }

  /** Back to what is stored. */
  async reload(): Promise<void> {
    this.documents.drop();
    this.reached = new Map((await this.build.checkpoints()).map((at) => [at.origin, at]));
    this.aside = new SetAside(await this.build.aside());
    await this.projection.open?.((collection) => scan(this.build, collection));
    for (const origin of this.reached.keys()) this.applied.add(origin);
  }

  /** What was folded since the last commit is void. */
  discard(): void {
    this.documents.drop();
    this.changes.clear();
    this.events = 0;
    this.projection.reset?.();
  }

  /** Yields, so that others have their turn. */
  async foldPage(origin: string, page: IncomingPage): Promise<void> {
    const seen = this.reached.get(origin)?.position ?? 0;
    const items = page.items.filter(({ event }) => event.position > seen);
    await this.documents.load(this.#keysOf(items));
    let [since, n] = [performance.now(), 0];
    for (const item of items) {
      if (this.#foldOne(item)) this.applied.add(origin);
      if ((++n & 15) !== 0 || performance.now() - since < SLICE_MS) continue;
      await loopTurns.next();
      since = performance.now();
    }
    this.events += items.length;
    this.reached.set(origin, { origin, epoch: page.epoch, mappingVersion: page.mappingVersion, position: page.next });
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
    this.changes.set(key, {
      projection: this.projection.name,
      key,
      service: event.service,
      partition: event.partition,
      position: event.position,
    });
    if (this.aside.has(key)) {
      this.aside.add(key, item);
      return false;
    }
    try {
      if (failure) throw failure;
      this.documents.apply(event, true, () => this.projection.apply(event, this.documents));
      return true;
    } catch (error) {
      this.aside.add(key, item, error);
      return false;
    }
  }

  /** What an event brought may be what another waits for, so it goes on until nothing moves. */
  async retryWaiting(): Promise<void> {
    for (let moved = true; moved;) {
      moved = false;
      for (const key of this.aside.ready(this.applied)) moved = (await this.retry(key)) || moved;
    }
    this.applied.clear();
  }

  /** Each stream in its order; an event that still lacks a fact holds back its own stream only, since another stream may bring the fact. */
  async retry(key: string): Promise<boolean> {
    let released = 0;
    for (let progress = true; progress;) {
      progress = false;
      const blocked = new Set<string>();
      for (const row of this.aside.of(key)) {
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
    await this.documents.load(this.#keysOf([item]));
    try {
      if (item.failure) throw item.failure;
      this.documents.apply(item.event, false, () => this.projection.apply(item.event, this.documents));
      this.aside.release(row);
      this.changes.set(row.key, {
        projection: this.projection.name,
        key: row.key,
        service: item.event.service,
        partition: item.event.partition,
        position: item.event.position,
      });
      return undefined;
    } catch (error) {
      this.aside.refuse(row, error);
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #incoming({ event, position }: AsideEvent): Promise<Incoming> {
    if (event !== null) {
      const original = JSON.parse(event) as PublicEvent;
      return { event: projectedPublic(original), original };
    }
    if (!this.own) throw new Error(`event ${position} is of an own store that is not there`);
    return ownEvent(this.own, position);
  }
}

async function* scan<D>(build: Build, collection: string): AsyncGenerator<{ id: string; document: D }> {
  for (let after = ''; ;) {
    const documents = await build.scan(collection, after, 1_000);
    yield* documents as { id: string; document: D }[];
    if (documents.length < 1_000) return;
    after = documents.at(-1)!.id;
    await loopTurns.next();
  }
}
