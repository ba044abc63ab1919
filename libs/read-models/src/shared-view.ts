import type { AsideEvent, Build, Checkpoint } from './document-store.js';
import { CAUGHT_UP } from './projection-run.js';

/** Checkpoints by unit and origin. */
export type StoredPositions = ReadonlyMap<string, ReadonlyMap<string, Checkpoint>>;

/** What all instances have stored of a shared build, as of the last look. */
export class SharedView {
  #checkpoints: StoredPositions = new Map();
  #waiting = new Map<string, Map<string, AsideEvent[]>>();
  #looking: Promise<void> | undefined;

  constructor(private readonly build: Build) {}

  /** Reads it anew; whoever comes while it is being read shares the answer. */
  look(): Promise<void> {
    return (this.#looking ??= this.#read().finally(() => (this.#looking = undefined)));
  }

  get stored(): StoredPositions {
    return this.#checkpoints;
  }

  /** Checkpoints of a unit, by origin. */
  checkpoints(unit: string): ReadonlyMap<string, Checkpoint> | undefined {
    return this.#checkpoints.get(unit);
  }

  /** Set-aside events of a unit, by key. */
  waiting(unit: string): ReadonlyMap<string, readonly AsideEvent[]> | undefined {
    return this.#waiting.get(unit);
  }

  /** Whether the unit has been at the head of all its origins. */
  hasCaughtUp(unit: string): boolean {
    return this.#checkpoints.get(unit)?.has(CAUGHT_UP) ?? false;
  }

  /** Checkpoints first: what waits is then at least as new as they are. */
  async #read(): Promise<void> {
    const visible = (await this.build.visible?.()) ?? [];
    const waiting = (await this.build.waiting?.()) ?? [];
    const checkpoints = new Map<string, Map<string, Checkpoint>>();
    for (const { unit, ...at } of visible) checkpoints.set(unit, (checkpoints.get(unit) ?? new Map()).set(at.origin, at));
    const aside = new Map<string, Map<string, AsideEvent[]>>();
    for (const { unit, ...event } of waiting) {
      const keys = aside.get(unit) ?? new Map<string, AsideEvent[]>();
      aside.set(unit, keys.set(event.key, [...(keys.get(event.key) ?? []), event]));
    }
    this.#checkpoints = checkpoints;
    this.#waiting = aside;
  }
}
