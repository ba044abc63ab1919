import { type OnProblem, Trouble, unheard } from '@ateneo/event-sourcing';
import type { EventBus, Leases } from '@ateneo/messaging';
import type { ReadModels } from './document-store.js';
import type { Change } from './folding.js';
import type { OwnEvents } from './incoming.js';
import type { Projection } from './projection.js';
import { ProjectionRun, type Run } from './projection-run.js';

export type LineOptions = {
  readonly service: string;
  readonly name: string;
  readonly make: () => Projection;
  readonly readModels: ReadModels;
  readonly events: EventBus;
  readonly own?: OwnEvents;
  readonly leases: Leases;
  /** After each commit of the live build, and with nothing at a switch: anything may have changed. */
  readonly onChanged: (changes: readonly Change[]) => void;
  readonly onProblem?: OnProblem;
};

/** A projection with the build that is live and the one that is being rebuilt beside it. */
export interface Line {
  readonly name: string;
  readonly make: () => Projection;
  readonly live: Run | undefined;
  readonly next: Run | undefined;
  /** Resolves when it has been at the head of every origin and is live. */
  readonly switched: Promise<void>;
  readonly isCaughtUp: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Folds everything again beside the live build; resolves when that has begun. */
  rebuild(): Promise<void>;
}

/** Version of the projection and of each collection: whatever of them changes, the build is another. */
export const versionsOf = ({ version, collections }: Projection): string => [version, ...collections.map((spec) => spec.version)].join('-');
export const generationOf = (id: string): number => Number(id.slice(id.lastIndexOf('.') + 1));

/** A promise and how to settle it. */
export function pending(): { switched: Promise<void>; settle: { done: () => void; failed: (error: unknown) => void } } {
  let settle = { done: () => {}, failed: (_error: unknown) => {} };
  const switched = new Promise<void>((done, failed) => (settle = { done, failed }));
  switched.catch(unheard('whoever waits for the switch has it; others need not'));
  return { switched, settle };
}

/** Builds of one process, which alone reads and writes them. */
export class LocalLine implements Line {
  readonly name: string;
  readonly make: () => Projection;
  live: ProjectionRun | undefined;
  next: ProjectionRun | undefined;
  switched: Promise<void>;
  readonly #options: LineOptions;
  readonly #trouble: Trouble;
  readonly #replaced = new WeakSet<ProjectionRun>();
  #settle: { done: () => void; failed: (error: unknown) => void };
  #stopped = false;

  constructor(options: LineOptions) {
    this.#options = options;
    this.name = options.name;
    this.make = options.make;
    this.#trouble = new Trouble(options.onProblem, { service: options.service, part: 'projection-line', what: options.name });
    ({ switched: this.switched, settle: this.#settle } = pending());
  }

  get isCaughtUp(): boolean {
    return this.next === undefined && this.live !== undefined && this.live.isCaughtUp;
  }

  async start(): Promise<void> {
    const { readModels } = this.#options;
    const projection = this.make();
    const { live, all } = await readModels.builds(this.name);
    const versions = versionsOf(projection);
    for (const id of all) if (id !== live && !id.startsWith(`${versions}.`)) await readModels.dropBuild(this.name, id);
    if (live?.startsWith(`${versions}.`)) {
      for (const id of all) if (id !== live) await readModels.dropBuild(this.name, id);
      return this.#open(projection, live, 'live');
    }
    const unfinished = all.find((id) => id !== live && id.startsWith(`${versions}.`));
    await this.#open(projection, unfinished ?? `${versions}.1`, live === undefined ? 'live' : 'next');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.live?.stop(), this.next?.stop()]);
    this.#trouble.over();
  }

  async rebuild(): Promise<void> {
    if (!this.next) await this.#beginRebuild();
  }

  async #beginRebuild(): Promise<void> {
    const projection = this.make();
    const { all } = await this.#options.readModels.builds(this.name);
    const generation = Math.max(0, ...all.map(generationOf)) + 1;
    ({ switched: this.switched, settle: this.#settle } = pending());
    await this.#open(projection, `${versionsOf(projection)}.${generation}`, 'next');
  }

  async #open(projection: Projection, id: string, as: 'live' | 'next'): Promise<void> {
    const { service, readModels, events, own, onChanged, onProblem } = this.#options;
    const build = await readModels.openBuild(this.name, id, projection.collections);
    if (as === 'live') await readModels.switchTo(this.name, id);
    const run: ProjectionRun = new ProjectionRun({
      service,
      projection,
      build,
      events,
      own,
      onProblem,
      onCommitted: (changes) => run === this.live && onChanged(changes),
      onCaughtUp: () => this.#arrive(run),
      onVoid: () => this.#replace(run),
    });
    this[as] = run;
    await run.start();
  }

  #arrive(run: ProjectionRun): void {
    if (this.#stopped) return;
    if (run === this.live && !this.next) return this.#settle.done();
    if (run === this.next) this.#switch(run).then(this.#settle.done, this.#fail(this.#settle));
  }

  async #switch(run: ProjectionRun): Promise<void> {
    await this.live?.stop();
    await this.#options.readModels.switchTo(this.name, run.build.id);
    this.live = run;
    this.next = undefined;
    this.#trouble.over();
    this.#options.onChanged([]);
  }

  #fail(settle: { failed: (error: unknown) => void }) {
    return (error: unknown): void => {
      this.#trouble.fails(error);
      settle.failed(error);
    };
  }

  /** What a run has built is void: it ends, still read, and another takes its place. */
  #replace(run: ProjectionRun): void {
    if (this.#replaced.has(run)) return;
    this.#replaced.add(run);
    void run.stop();
    if (this.#stopped) return;
    const retired = run === this.next ? run : undefined;
    if (run === this.live && this.next) return;
    this.next = undefined;
    const settle = this.#settle;
    const again = async () => {
      if (retired) await this.#options.readModels.dropBuild(this.name, retired.build.id);
      await this.#beginRebuild();
      this.switched.then(settle.done, settle.failed);
    };
    again().catch(this.#fail(settle));
  }
}
