import { Trouble, unheard } from '@ateneo/event-sourcing';
import type { Leases, OriginPosition, Shared } from '@ateneo/messaging';
import type { AsideEvent, Build } from './document-store.js';
import type { Projection } from './projection.js';
import { originsOf, ProjectionRun, reaches, type Run, type RunLag, type RunOptions } from './projection-run.js';
import { SharedView, type StoredPositions } from './shared-view.js';
import { volatileBuild, wholeOf } from './shared-whole.js';

export type SharedRunOptions = Omit<RunOptions, 'onMoved' | 'unit'> & {
  readonly leases: Leases;
  /** What every instance reads for itself has another epoch or mapping version: this instance begins anew, the build stays. */
  readonly onWholeVoid: () => void;
};

/** A part of a shared build: where it is folded and how far it has come. */
export type UnitStatus = {
  readonly projection: string;
  readonly build: string;
  readonly unit: string;
  /** Nobody: it is between two holders. */
  readonly instance?: string;
  readonly fence?: number;
  /** What queries may rely on, by origin. */
  readonly positions: { readonly [origin: string]: number };
  /** Events waiting in its origins; only where it is folded by this instance. */
  readonly lag?: number;
};

/** The key waits in a part that another instance folds. */
export class HeldElsewhereError extends Error {
  override readonly name = 'HeldElsewhereError';
  constructor(
    readonly unit: string,
    readonly instance: string | undefined,
  ) {
    super(`${unit} is folded by ${instance ?? 'nobody at this moment'}`);
  }
}

type Waiter = { readonly position: OriginPosition; readonly done: () => void };

const PARTITIONS = 64;
const ALL = 'all';
const unitOf = (partition: number): string => `p${String(partition).padStart(2, '0')}`;
const partitionIn = (unit: string): number => Number(unit.slice(1));

const LOOK_MS = 1_000;
const LOOK_WAITED_FOR_MS = 50;
const JOIN_AGAIN_MS = 1_000;

/** One build that the instances of a service fold together: each unit by one of them, the others see what it has stored. */
export class SharedRun implements Run {
  readonly projection: Projection;
  readonly build: Build;
  readonly #options: SharedRunOptions;
  readonly #units: readonly string[];
  /** Of each unit. */
  readonly #origins: readonly string[];
  readonly #view: SharedView;
  readonly #runs = new Map<string, ProjectionRun>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #waiters = new Set<Waiter>();
  readonly #trouble: Trouble;
  readonly #looking: Trouble;
  #whole: ProjectionRun | undefined;
  #shared: Shared | undefined;
  #joining: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isComplete = false;
  #orphans = new Set<string>();
  #claims = 0;
  #stopped = false;

  constructor(options: SharedRunOptions) {
    this.#options = options;
    const { projection, build, onProblem, service } = options;
    const part = 'projection-line';
    this.#trouble = new Trouble(onProblem, { service, part, what: `units of ${projection.name}` });
    this.#looking = new Trouble(onProblem, { service, part, what: `positions of ${projection.name}` });
    this.projection = projection;
    this.build = build;
    this.#units = projection.parts ? Array.from({ length: PARTITIONS }, (_, partition) => unitOf(partition)) : [ALL];
    this.#origins = originsOf(projection.parts?.of(0) ?? projection);
    this.#view = new SharedView(build);
  }

  /** Takes part once what every instance reads for itself has been read. */
  async start(): Promise<void> {
    const { parts } = this.projection;
    this.#lookIn(0);
    if (!parts) return this.#join();
    this.#whole = new ProjectionRun({
      ...this.#options,
      projection: wholeOf(this.projection),
      build: volatileBuild(this.build.id),
      onCommitted: (changes) => {
        for (const run of this.#runs.values()) void run.retryFor(parts.whole);
        this.#options.onCommitted(changes);
      },
      onCaughtUp: () => this.#join(),
      onVoid: () => this.#options.onWholeVoid(),
      onMoved: () => this.#settle(),
      unit: { consumer: this.#consumer('whole') },
    });
    await this.#whole.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#joining;
    await this.#shared?.leave();
    for (const unit of [...this.#runs.keys()]) await this.#inTurn(unit, () => this.#end(unit));
    await this.#whole?.stop();
    this.#trouble.end();
    this.#looking.end();
    for (const waiter of [...this.#waiters]) waiter.done();
  }

  /** This instance is at the head with all that it holds, if anything; and every unit has been there once. */
  get isCaughtUp(): boolean {
    return this.#isComplete && (this.#whole?.isCaughtUp ?? true) && [...this.#runs.values()].every((run) => run.isCaughtUp);
  }

  /** Every unit, wherever it is folded, has been at the head of its origins: the build may be read. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** How far each unit is stored at this moment. */
  async stored(): Promise<StoredPositions> {
    await this.#view.look();
    return this.#view.stored;
  }

  covers(position: OriginPosition): boolean {
    if (this.projection.parts?.whole.includes(position.service)) return this.#whole?.covers(position) ?? false;
    const unit = this.#unitOf(position);
    const run = this.#runs.get(unit);
    return run ? run.covers(position) : reaches(this.#origins, this.#view.checkpoints(unit), this.#options.own?.service, position);
  }

  whenCovered(position: OriginPosition, done: () => void): () => void {
    const waiter = { position, done: () => (this.#waiters.delete(waiter), done()) };
    this.#waiters.add(waiter);
    if (this.#waiters.size === 1) this.#lookIn(0);
    return () => void this.#waiters.delete(waiter);
  }

  lag(): RunLag[] {
    const units = [...this.#runs].flatMap(([unit, run]) => run.lag().map((lag) => ({ ...lag, unit })));
    return [...(this.#whole?.lag() ?? []), ...units];
  }

  async units(): Promise<UnitStatus[]> {
    const [held] = await Promise.all([this.#shared?.holders() ?? [], this.#view.look()]);
    const holders = new Map(held.map((holder) => [holder.unit, holder]));
    return this.#units.map((unit) => ({
      projection: this.projection.name,
      build: this.build.id,
      unit,
      instance: holders.get(unit)?.instance,
      fence: holders.get(unit)?.fence,
      positions: Object.fromEntries(this.#origins.map((origin) => [origin, this.#view.checkpoints(unit)?.get(origin)?.position ?? 0])),
      lag: this.#runs
        .get(unit)
        ?.lag()
        .reduce((sum, { events }) => sum + events, 0),
    }));
  }

  isIncomplete(key: string): boolean {
    if (this.#whole?.isIncomplete(key)) return true;
    return this.#units.some((unit) => this.#runs.get(unit)?.isIncomplete(key) ?? this.#view.waiting(unit)?.has(key) ?? false);
  }

  *incompleteKeys(): Iterable<string> {
    if (this.#whole) yield* this.#whole.incompleteKeys();
    for (const unit of this.#units) yield* this.#runs.get(unit)?.incompleteKeys() ?? this.#view.waiting(unit)?.keys() ?? [];
  }

  waitingUnder(key: string): readonly AsideEvent[] {
    const under = [this.#whole, ...this.#runs.values()].flatMap((run) => run?.waitingUnder(key) ?? []);
    const elsewhere = this.#units.flatMap((unit) => (this.#runs.has(unit) ? [] : (this.#view.waiting(unit)?.get(key) ?? [])));
    return [...under, ...elsewhere];
  }

  get waitingCount(): number {
    return [this.#whole, ...this.#runs.values()].reduce((sum, run) => sum + (run?.waitingCount ?? 0), 0);
  }

  async retryAside(key: string): Promise<boolean> {
    return (await this.#holderOf(key))?.retryAside(key) ?? true;
  }

  async skipAside(key: string, reason: string, at: string): Promise<boolean> {
    return (await this.#holderOf(key))?.skipAside(key, reason, at) ?? true;
  }

  async dropCaches(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.dropCaches()));
  }

  /** Undefined: nothing waits under the key. Throws HeldElsewhereError where another instance must be asked. */
  async #holderOf(key: string): Promise<ProjectionRun | undefined> {
    const here = [this.#whole, ...this.#runs.values()].find((run) => run && run.waitingUnder(key).length > 0);
    if (here) return here;
    await this.#view.look();
    const unit = this.#units.find((one) => !this.#runs.has(one) && this.#view.waiting(one)?.has(key));
    if (unit === undefined) return undefined;
    throw new HeldElsewhereError(unit, (await this.#shared?.holders())?.find((holder) => holder.unit === unit)?.instance);
  }

  #unitOf({ partition }: OriginPosition): string {
    return this.projection.parts ? unitOf(partition) : ALL;
  }

  #consumer(unit: string): string {
    const { service, leases } = this.#options;
    return `${service}.${this.projection.name}.${this.build.id}.${unit}@${leases.instance}.${++this.#claims}`;
  }

  #join(): void {
    const { leases, service } = this.#options;
    const group = `${service}.${this.projection.name}.${this.build.id}`;
    this.#joining = (async () => {
      while (!this.#stopped && !this.#shared) {
        try {
          this.#shared = await leases.share({
            group,
            units: this.#units,
            gained: (unit) => this.#inTurn(unit, () => this.#begin(unit)),
            lost: (unit) => this.#inTurn(unit, () => this.#end(unit)),
          });
          this.#trouble.over();
        } catch (error) {
          this.#trouble.fails(error);
          await new Promise((resolve) => setTimeout(resolve, JOIN_AGAIN_MS));
        }
      }
    })();
  }

  async #begin(unit: string): Promise<void> {
    await this.#end(unit);
    if (this.#stopped) throw new Error(`${this.projection.name} is being stopped`);
    if (!this.build.claim) throw new TypeError('the read models are not shared');
    const build = await this.build.claim(unit);
    const { parts } = this.projection;
    const run: ProjectionRun = new ProjectionRun({
      ...this.#options,
      projection: parts?.of(partitionIn(unit)) ?? this.projection,
      build,
      onCaughtUp: () => this.#lookIn(0),
      onMoved: () => this.#settle(),
      unit: {
        consumer: this.#consumer(unit),
        partitions: parts && [partitionIn(unit)],
        onFenced: () => void this.#inTurn(unit, async () => this.#runs.get(unit) === run && this.#end(unit)),
      },
      onVoid: () => {
        void run.stop(true);
        this.#options.onVoid();
      },
    });
    try {
      await run.start();
    } catch (error) {
      const stopping = run.stop(true);
      run.projection.reset?.();
      await stopping;
      throw error;
    }
    this.#runs.set(unit, run);
    if (parts) void run.retryFor(parts.whole);
  }

  /** Nothing more is stored; what the projection kept of the unit is void at once. */
  async #end(unit: string): Promise<void> {
    const run = this.#runs.get(unit);
    if (!run) return;
    this.#runs.delete(unit);
    const stopping = run.stop(true);
    run.projection.reset?.();
    this.#lookIn(0);
    await stopping;
  }

  /** What begins and ends a unit happens one after the other. */
  #inTurn<T>(unit: string, task: () => Promise<T>): Promise<T> {
    const result = (this.#turns.get(unit) ?? Promise.resolve()).then(task);
    this.#turns.set(unit, result.catch(unheard('whoever asked for it is told')));
    return result;
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#look(), ms).unref();
  }

  async #look(): Promise<void> {
    const holdsAll = this.#runs.size === this.#units.length;
    if (!holdsAll || !this.#isComplete) await this.#looking.heard(this.#view.look());
    if (this.#stopped) return;
    if (!this.#isComplete && this.#units.every((unit) => this.#view.hasCaughtUp(unit))) {
      this.#isComplete = true;
      this.#options.onCaughtUp();
    }
    this.#revive();
    this.#settle();
    const waitedFor = !this.#isComplete || (this.#waiters.size > 0 && !holdsAll);
    this.#lookIn(waitedFor ? LOOK_WAITED_FOR_MS : LOOK_MS);
  }

  /** Fenced out by somebody who was late, while the lease is ours: the unit is claimed again, at the second look. */
  #revive(): void {
    const idle = [...(this.#shared?.held().keys() ?? [])].filter((unit) => !this.#runs.has(unit));
    for (const unit of idle.filter((one) => this.#orphans.has(one)))
      void this.#trouble.heard(
        this.#inTurn(unit, async () => {
          if (!this.#runs.has(unit) && this.#shared?.held().has(unit)) await this.#begin(unit);
        }),
      );
    this.#orphans = new Set(idle);
  }

  #settle(): void {
    for (const waiter of [...this.#waiters]) if (this.covers(waiter.position)) waiter.done();
  }
}
