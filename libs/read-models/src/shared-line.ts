import { Trouble, unheard } from '@ateneo/event-sourcing';
import { generationOf, type Line, type LineOptions, pending, versionsOf } from './projection-line.js';
import type { Projection } from './projection.js';
import { SharedRun } from './shared-run.js';
import type { StoredPositions } from './shared-view.js';

const LOOK_MS = 500;
const LOOK_BEFORE_SWITCH_MS = 50;
const SEEN_MS = 1_000;
/** An instance whose version of the projection another version has replaced waits so long before it builds its own again. */
const REPLACED_MS = 60_000;

/** Builds that several instances fold together: each looks which there are, takes part in those of its version, and any of them switches. */
export class SharedLine implements Line {
  readonly name: string;
  readonly make: () => Projection;
  live: SharedRun | undefined;
  next: SharedRun | undefined;
  switched: Promise<void>;
  readonly #options: LineOptions;
  readonly #versions: string;
  readonly #trouble: Trouble;
  #settle: { done: () => void; failed: (error: unknown) => void };
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #replacedAt: number | undefined;
  /** What readers saw when the next build was looked at. */
  #seen: { readonly at: number; readonly stored: StoredPositions } | undefined;
  #stopped = false;

  constructor(options: LineOptions) {
    this.#options = options;
    this.name = options.name;
    this.make = options.make;
    this.#trouble = new Trouble(options.onProblem, { service: options.service, part: 'projection-line', what: options.name });
    this.#versions = versionsOf(options.make());
    ({ switched: this.switched, settle: this.#settle } = pending());
  }

  get isCaughtUp(): boolean {
    return this.next === undefined && this.live !== undefined && this.live.isCaughtUp;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#again();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all([this.live?.stop(), this.next?.stop()]);
    this.#trouble.end();
  }

  async rebuild(): Promise<void> {
    if (this.next) return;
    const { all } = await this.#options.readModels.builds(this.name);
    const newest = Math.max(0, ...all.filter((id) => this.#isOurs(id)).map(generationOf));
    await this.#begin(newest + 1);
  }

  #again(): void {
    if (this.#stopped) return;
    const ms = this.next?.isComplete ? LOOK_BEFORE_SWITCH_MS : LOOK_MS;
    this.#timer = setTimeout(() => void this.#trouble.heard(this.#look()).then(() => this.#again()), ms).unref();
  }

  /** One look after the other. */
  #look(): Promise<void> {
    const look = this.#looking.then(() => (this.#stopped ? undefined : this.#reconcile()));
    this.#looking = look.catch(unheard('whoever looks is told'));
    return look;
  }

  /** All instances begin a build under the same name, so that they meet in it. */
  async #begin(generation: number): Promise<void> {
    await this.#options.readModels.openBuild(this.name, `${this.#versions}.${generation}`, this.make().collections);
    await this.#look();
  }

  #isOurs(id: string): boolean {
    return id.startsWith(`${this.#versions}.`);
  }

  async #reconcile(): Promise<void> {
    const { readModels } = this.#options;
    const { live, all } = await readModels.builds(this.name);
    await this.#follow(live);
    const ours = all.filter((id) => this.#isOurs(id)).sort((a, b) => generationOf(a) - generationOf(b));
    if (live !== undefined && this.#isOurs(live)) {
      this.#replacedAt = undefined;
      this.live ??= await this.#open(live);
    }
    const newest = ours.at(-1) ?? (this.#mayBuild() ? `${this.#versions}.1` : undefined);
    if (live === undefined && newest !== undefined) {
      this.live = await this.#open(newest);
      await readModels.switchTo(this.name, newest);
    } else await this.#build(newest === live ? undefined : newest);
    if (this.next?.isComplete && (await this.#isAhead(this.next))) {
      await readModels.switchTo(this.name, this.next.build.id);
      await this.#follow(this.next.build.id);
    }
    if (this.live?.isComplete && !this.next) this.#settle.done();
  }

  /** Whether readers would see no less of it than they saw a moment ago. */
  async #isAhead(next: SharedRun): Promise<boolean> {
    if (!this.live) return true;
    const at = performance.now();
    if (!this.#seen || at - this.#seen.at > SEEN_MS) this.#seen = { at, stored: await this.live.stored() };
    return isBeyond(await next.stored(), this.#seen.stored);
  }

  #mayBuild(): boolean {
    return this.#replacedAt === undefined || performance.now() - this.#replacedAt > REPLACED_MS;
  }

  /** The store says which build is read. */
  async #follow(live: string | undefined): Promise<void> {
    const before = this.live;
    if (!before && this.next?.build.id !== live) return;
    if (before?.build.id === live) return;
    if (live !== undefined && this.next?.build.id === live) [this.live, this.next] = [this.next, undefined];
    else {
      this.live = undefined;
      if (live !== undefined && !this.#isOurs(live)) this.#replacedAt = performance.now();
    }
    this.#options.onChanged([]);
    await before?.stop();
  }

  /** Takes part in the build that is to be the next one, in no other. */
  async #build(id: string | undefined): Promise<void> {
    if (this.next?.build.id === id) return;
    const before = this.next;
    this.next = undefined;
    await before?.stop();
    if (id === undefined) return;
    const { done, failed } = this.#settle;
    ({ switched: this.switched, settle: this.#settle } = pending());
    this.switched.then(done, failed);
    this.next = await this.#open(id);
  }

  async #open(id: string): Promise<SharedRun> {
    const { service, readModels, events, own, leases, onChanged, onProblem } = this.#options;
    const projection = this.make();
    const build = await readModels.openBuild(this.name, id, projection.collections);
    const run: SharedRun = new SharedRun({
      service,
      projection,
      build,
      events,
      own,
      leases,
      onCommitted: (changes) => run === this.live && onChanged(changes),
      onProblem,
      onCaughtUp: () => void this.#trouble.heard(this.#look()),
      onVoid: () => void this.#trouble.heard(this.#begin(generationOf(id) + 1)),
      onWholeVoid: () => void this.#openAgain(run),
    });
    await run.start();
    return run;
  }

  /** The same build with what is kept in memory read anew. */
  #openAgain(run: SharedRun): void {
    const again = async () => {
      if (this.#stopped || (run !== this.live && run !== this.next)) return;
      const as = run === this.live ? 'live' : 'next';
      await run.stop();
      this[as] = await this.#open(run.build.id);
    };
    this.#looking = this.#looking.then(() => this.#trouble.heard(again()));
  }
}

/** Positions in another epoch or mapping of an origin say nothing about each other. */
const isBeyond = (next: StoredPositions, seen: StoredPositions): boolean =>
  [...seen].every(([unit, origins]) =>
    [...origins.values()].every((before) => {
      const at = next.get(unit)?.get(before.origin);
      return at?.epoch !== before.epoch || at.mappingVersion !== before.mappingVersion || at.position >= before.position;
    }),
  );
