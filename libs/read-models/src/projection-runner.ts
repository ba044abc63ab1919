import { type EventBus, type Leases, readPositionToken } from '@ateneo/messaging';
import type { AsideEvent, Collection, CollectionSpec, ReadModels } from './document-store.js';
import type { Change } from './folding.js';
import type { OwnEvents } from './incoming.js';
import type { Projection, ProjectionSource } from './projection.js';
import { ProjectionRun } from './projection-run.js';

export type ProjectionRunnerOptions = {
  readonly service: string;
  readonly readModels: ReadModels;
  readonly events: EventBus;
  /** Needed by projections that fold stored events of the own service. */
  readonly own?: OwnEvents;
  readonly projections: readonly ProjectionSource[];
  /** Needed where the read models are shared: who folds what. */
  readonly leases?: Leases;
};

export type Lag = { readonly projection: string; readonly origin: string; readonly events: number; readonly seconds: number };

/** A projection with the build that is live and the one that is being rebuilt beside it. */
type Line = {
  readonly make: () => Projection;
  readonly name: string;
  live?: ProjectionRun;
  next?: ProjectionRun;
  switched: Promise<void>;
  settle: { done: () => void; failed: (error: unknown) => void };
};

/** Runs the projections of a service, each with its own checkpoints, so that one in trouble holds no other back. */
export class ProjectionRunner {
  readonly #options: ProjectionRunnerOptions;
  readonly #lines = new Map<string, Line>();
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();
  readonly #replaced = new WeakSet<ProjectionRun>();
  #stopped = false;

  constructor(options: ProjectionRunnerOptions) {
    this.#options = options;
    for (const source of options.projections) {
      const make = typeof source === 'function' ? source : () => source;
      const { name } = make();
      if (this.#lines.has(name)) throw new RangeError(`two projections are called ${name}`);
      this.#lines.set(name, { make, name, ...pending() });
    }
  }

  /** Opens every projection and begins to follow; one of another version is rebuilt beside the old one, which is read until the switch. */
  async start(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => this.#startLine(line)));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#lines.values()].flatMap(({ live, next }) => [live?.stop(), next?.stop()]));
  }

  /** Resolves when every projection has been at the head of every origin and is live. */
  async caughtUp(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ switched }) => switched));
  }

  get isCaughtUp(): boolean {
    return [...this.#lines.values()].every(({ live, next }) => next === undefined && live !== undefined && live.isCaughtUp);
  }

  /** Reads of a collection of any of the projections. */
  collection<D>(spec: CollectionSpec<D>): Collection<D> {
    const line = [...this.#lines.values()].find(({ make }) => make().collections.some(({ name }) => name === spec.name));
    if (!line) throw new RangeError(`no projection has a collection ${spec.name}`);
    return this.#options.readModels.collection(line.name, spec);
  }

  /** The projection whose build is live; one with a state of its own is asked here. */
  live(projection: string): Projection | undefined {
    return this.#line(projection).live?.projection;
  }

  /** Whether answers about this key lack something: an event of it waits. */
  incomplete(projection: string, key: string): boolean {
    return this.#line(projection).live?.aside.incomplete.has(key) ?? false;
  }

  /** Keys whose answers lack something. */
  incompleteKeys(projection: string): readonly string[] {
    return [...(this.#line(projection).live?.aside.incomplete ?? [])];
  }

  aside(projection: string, key: string): readonly AsideEvent[] {
    return this.#line(projection).live?.aside.of(key) ?? [];
  }

  /** Applies what waits under a key, in order. Answers whether nothing is left. */
  retryAside(projection: string, key: string): Promise<boolean> {
    return this.#liveRun(projection).retryAside(key);
  }

  /** Gives up the first event that waits under a key, for a reason that is kept, and applies those after it. */
  async skipAside(projection: string, key: string, reason: string, at = new Date().toISOString()): Promise<boolean> {
    if (reason.trim() === '') throw new RangeError('skipping an event needs a reason');
    return this.#liveRun(projection).skipAside(key, reason, at);
  }

  /** Waits until queries see the position of a token, at most so long; `stale` where they do not. A token that names nothing is not waited for. */
  async waitFor(token: string | undefined, timeoutMs: number, projection?: string): Promise<{ stale: boolean }> {
    const position = token === undefined ? undefined : readPositionToken(token);
    if (!position) return { stale: false };
    const lines = projection === undefined ? [...this.#lines.values()] : [this.#line(projection)];
    const runs = lines.map(({ live }) => live).filter((live) => live !== undefined && !live.covers(position)) as ProjectionRun[];
    if (runs.length === 0) return { stale: lines.some(({ live }) => live === undefined) };
    await new Promise<void>((resolve) => {
      let open = runs.length;
      const timer = setTimeout(end, timeoutMs);
      const waits = runs.map((run) => run.whenCovered(position, () => --open === 0 && end()));
      function end() {
        clearTimeout(timer);
        for (const stop of waits) stop();
        resolve();
      }
    });
    return { stale: !runs.every((run) => run.covers(position)) };
  }

  lag(): Lag[] {
    return [...this.#lines.values()].flatMap(({ name, live, next }) =>
      ((live ?? next)?.lag() ?? []).map((lag) => ({ projection: name, ...lag })),
    );
  }

  /** Events set aside, over all projections. */
  get asideCount(): number {
    return [...this.#lines.values()].reduce((sum, { live }) => sum + (live?.aside.size ?? 0), 0);
  }

  /** Called after each commit of a live build with the keys that changed. */
  onChange(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Folds everything again beside the live build; resolves at the switch. */
  async rebuild(projection: string): Promise<void> {
    const line = this.#line(projection);
    if (!line.next) await this.#beginRebuild(line);
    await line.switched;
  }

  /** Documents kept in memory are read anew, after an erasure. */
  async dropCaches(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ live }) => live?.dropCaches()));
  }

  async #startLine(line: Line): Promise<void> {
    const projection = line.make();
    const { live, all } = await this.#options.readModels.builds(line.name);
    const versions = versionsOf(projection);
    for (const id of all) if (id !== live && !id.startsWith(`${versions}.`)) await this.#options.readModels.dropBuild(line.name, id);
    if (live?.startsWith(`${versions}.`)) {
      for (const id of all) if (id !== live) await this.#options.readModels.dropBuild(line.name, id);
      return this.#open(line, projection, live, 'live');
    }
    const unfinished = all.find((id) => id !== live && id.startsWith(`${versions}.`));
    await this.#open(line, projection, unfinished ?? `${versions}.1`, live === undefined ? 'live' : 'next');
  }

  async #beginRebuild(line: Line): Promise<void> {
    const projection = line.make();
    const { all } = await this.#options.readModels.builds(line.name);
    const generation = Math.max(0, ...all.map((id) => Number(id.slice(id.lastIndexOf('.') + 1)))) + 1;
    Object.assign(line, pending());
    await this.#open(line, projection, `${versionsOf(projection)}.${generation}`, 'next');
  }

  async #open(line: Line, projection: Projection, id: string, as: 'live' | 'next'): Promise<void> {
    const { service, readModels, events, own } = this.#options;
    const build = await readModels.openBuild(line.name, id, projection.collections);
    if (as === 'live') await readModels.switchTo(line.name, id);
    const run: ProjectionRun = new ProjectionRun({
      service,
      projection,
      build,
      events,
      own,
      onCommitted: (changes) => run === line.live && this.#listeners.forEach((listener) => listener(changes)),
      onCaughtUp: () => this.#arrive(line, run),
      onVoid: () => this.#replace(line, run),
    });
    line[as] = run;
    await run.start();
  }

  #arrive(line: Line, run: ProjectionRun): void {
    if (this.#stopped) return;
    if (run === line.live && !line.next) return line.settle.done();
    if (run === line.next) this.#switch(line, run).then(line.settle.done, line.settle.failed);
  }

  async #switch(line: Line, run: ProjectionRun): Promise<void> {
    const old = line.live;
    await old?.stop();
    await this.#options.readModels.switchTo(line.name, run.build.id);
    line.live = run;
    line.next = undefined;
    this.#listeners.forEach((listener) => listener([]));
  }

  /** What a run has built is void: it ends, still read, and another takes its place. */
  #replace(line: Line, run: ProjectionRun): void {
    if (this.#replaced.has(run)) return;
    this.#replaced.add(run);
    void run.stop();
    if (this.#stopped) return;
    const retired = run === line.next ? run : undefined;
    if (run === line.live && line.next) return;
    line.next = undefined;
    const { settle } = line;
    const again = async () => {
      if (retired) await this.#options.readModels.dropBuild(line.name, retired.build.id);
      await this.#beginRebuild(line);
      line.switched.then(settle.done, settle.failed);
    };
    again().catch((error: unknown) => settle.failed(error));
  }

  #line(projection: string): Line {
    const line = this.#lines.get(projection);
    if (!line) throw new RangeError(`no projection ${projection}`);
    return line;
  }

  #liveRun(projection: string): ProjectionRun {
    const { live } = this.#line(projection);
    if (!live) throw new Error(`${projection} is being built`);
    return live;
  }
}

/** Version of the projection and of each collection: whatever of them changes, the build is another. */
const versionsOf = ({ version, collections }: Projection): string => [version, ...collections.map((spec) => spec.version)].join('-');

function pending(): Pick<Line, 'switched' | 'settle'> {
  let settle = { done: () => {}, failed: (_error: unknown) => {} };
  const switched = new Promise<void>((done, failed) => (settle = { done, failed }));
  switched.catch(() => undefined);
  return { switched, settle };
}
