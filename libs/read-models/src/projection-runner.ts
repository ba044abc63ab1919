import type { OnProblem } from '@ateneo/event-sourcing';
import { createLocalLeases, type EventBus, type Leases, readPositionToken } from '@ateneo/messaging';
import type { AsideEvent, Collection, CollectionSpec, ReadModels } from './document-store.js';
import type { Change } from './folding.js';
import type { OwnEvents } from './incoming.js';
import { type Line, LocalLine } from './projection-line.js';
import type { Projection, ProjectionSource } from './projection.js';
import type { Run, RunLag } from './projection-run.js';
import { holderOf } from './set-aside.js';
import { SharedLine } from './shared-line.js';
import { SharedRun, type UnitStatus } from './shared-run.js';

export type ProjectionRunnerOptions = {
  readonly service: string;
  readonly readModels: ReadModels;
  readonly events: EventBus;
  /** Needed by projections that fold stored events of the own service. */
  readonly own?: OwnEvents;
  readonly projections: readonly ProjectionSource[];
  /** Needed where the read models are shared: who folds what. */
  readonly leases?: Leases;
  /** Told of what fails while projections follow. */
  readonly onProblem?: OnProblem;
};

export type Lag = RunLag & { readonly projection: string };
/** A key of which events wait aside: how many, and the one that holds the others back. */
export type Parked = { readonly projection: string; readonly key: string; readonly waiting: number; readonly holder: AsideEvent };

/** Runs the projections of a service, each with its own checkpoints, so that one in trouble holds no other back. */
export class ProjectionRunner {
  readonly #options: ProjectionRunnerOptions;
  readonly #lines = new Map<string, Line>();
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();

  constructor(options: ProjectionRunnerOptions) {
    this.#options = options;
    const { readModels, leases = createLocalLeases() } = options;
    for (const source of options.projections) {
      const make = typeof source === 'function' ? source : () => source;
      const { name } = make();
      if (this.#lines.has(name)) throw new RangeError(`two projections are called ${name}`);
      const onChanged = (changes: readonly Change[]) => this.#listeners.forEach((listener) => listener(changes));
      const line = { ...options, leases, name, make, onChanged };
      this.#lines.set(name, readModels.shared ? new SharedLine(line) : new LocalLine(line));
    }
  }

  /** Opens every projection and begins to follow; one of another version is rebuilt beside the old one, which is read until the switch. */
  async start(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.start()));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.stop()));
  }

  /** Resolves when every projection has been at the head of every origin and is live. */
  async caughtUp(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ switched }) => switched));
  }

  get isCaughtUp(): boolean {
    return [...this.#lines.values()].every((line) => line.isCaughtUp);
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
    return this.#line(projection).live?.isIncomplete(key) ?? false;
  }

  /** Keys whose answers lack something. */
  incompleteKeys(projection: string): readonly string[] {
    return [...(this.#line(projection).live?.incompleteKeys() ?? [])];
  }

  aside(projection: string, key: string): readonly AsideEvent[] {
    return this.#line(projection).live?.waitingUnder(key) ?? [];
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
    const runs = lines.map(({ live }) => live).filter((live) => live !== undefined && !live.covers(position)) as Run[];
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

  get projections(): readonly string[] {
    return [...this.#lines.keys()];
  }

  lag(): Lag[] {
    return [...this.#lines.values()].flatMap(({ name, live, next }) =>
      ((live ?? next)?.lag() ?? []).map((lag) => ({ projection: name, ...lag })),
    );
  }

  /** Events set aside, over all projections, by this instance. */
  get asideCount(): number {
    return [...this.#lines.values()].reduce((sum, { live }) => sum + (live?.waitingCount ?? 0), 0);
  }

  /** Events set aside in one projection, by this instance. */
  asideIn(projection: string): number {
    return this.#line(projection).live?.waitingCount ?? 0;
  }

  /** Keys whose answers lack something, whichever instance set it aside; at most so many. */
  parked(most: number): Parked[] {
    const found: Parked[] = [];
    for (const { name, live } of this.#lines.values())
      for (const key of live?.incompleteKeys() ?? []) {
        const rows = live?.waitingUnder(key) ?? [];
        const holder = holderOf(rows);
        if (holder) found.push({ projection: name, key, waiting: rows.length, holder });
        if (found.length === most) return found;
      }
    return found;
  }

  /** Called after each commit of a live build with the keys that changed. */
  onChange(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Folds everything again beside the live build; resolves at the switch. */
  async rebuild(projection: string): Promise<void> {
    const line = this.#line(projection);
    await line.rebuild();
    await line.switched;
  }

  /** The parts of what several instances share, who folds them and how far each is; empty where nothing is shared. */
  async units(): Promise<UnitStatus[]> {
    const runs = [...this.#lines.values()].flatMap(({ live, next }) => [live, next]);
    return (await Promise.all(runs.map((run) => (run instanceof SharedRun ? run.units() : [])))).flat();
  }

  /** Documents kept in memory are read anew, after an erasure. */
  async dropCaches(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ live }) => live?.dropCaches()));
  }

  #line(projection: string): Line {
    const line = this.#lines.get(projection);
    if (!line) throw new RangeError(`no projection ${projection}`);
    return line;
  }

  #liveRun(projection: string): Run {
    const { live } = this.#line(projection);
    if (!live) throw new Error(`${projection} is being built`);
    return live;
  }
}
