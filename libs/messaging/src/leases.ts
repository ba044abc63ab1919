/** The holder of a unit; `fence` increases with each new holder. */
export type Holder = { readonly unit: string; readonly instance: string; readonly fence: number };

export type Sharing = {
  /** What is shared, e.g. `reporting.trainee-counters.1-1-1.1`; instances with the same name share. */
  readonly group: string;
  readonly units: readonly string[];
  /** The unit is ours from now on. Throwing releases it; it is offered again later, here or elsewhere. */
  gained(unit: string, fence: number): Promise<void>;
  /** The unit is no longer ours: given up for balance (resolve once its work has stopped) or lost (its fence rejects whatever still runs). */
  lost(unit: string): Promise<void>;
};

export interface Shared {
  /** Units held by this instance, with their fences. */
  held(): ReadonlyMap<string, number>;
  /** All held units. */
  holders(): Promise<readonly Holder[]>;
  /** Releases everything and leaves; resolves when its work has stopped. */
  leave(): Promise<void>;
}

/** Shares units of work among the instances of a service: each unit has at most one holder, evenly spread, moved within seconds when instances come, end, hang or vanish. */
export interface Leases {
  /** Name of this instance, unique among live instances. */
  readonly instance: string;
  share(sharing: Sharing): Promise<Shared>;
  close(): Promise<void>;
}

const AGAIN_MS = 500;

type OnLeaseProblem = (problem: string, error: unknown) => void;

/** For one process alone: it holds everything at once and keeps it. `onProblem` hears what could not begin, which is tried again. */
export function createLocalLeases(instance = 'local', onProblem?: OnLeaseProblem): Leases {
  return {
    instance,
    async share(sharing) {
      const shared = new LocalGroup(sharing, instance, onProblem);
      await shared.begin();
      return shared;
    },
    close: async () => undefined,
  };
}

class LocalGroup implements Shared {
  readonly #sharing: Sharing;
  readonly #instance: string;
  readonly #held = new Map<string, number>();
  readonly #again = new Map<string, NodeJS.Timeout>();
  #taking = Promise.resolve();
  #leaving: Promise<void> | undefined;

  constructor(
    sharing: Sharing,
    instance: string,
    private readonly onProblem?: OnLeaseProblem,
  ) {
    this.#sharing = sharing;
    this.#instance = instance;
  }

  begin(): Promise<void> {
    for (const unit of this.#sharing.units) this.#take(unit, 1);
    return this.#taking;
  }

  held(): ReadonlyMap<string, number> {
    return this.#held;
  }

  async holders(): Promise<readonly Holder[]> {
    return [...this.#held].map(([unit, fence]) => ({ unit, instance: this.#instance, fence }));
  }

  leave(): Promise<void> {
    return (this.#leaving ??= this.#leave());
  }

  async #leave(): Promise<void> {
    for (const again of this.#again.values()) clearTimeout(again);
    await this.#taking;
    for (const unit of [...this.#held.keys()]) {
      await this.#sharing.lost(unit);
      this.#held.delete(unit);
    }
  }

  /** Sequentially. */
  #take(unit: string, fence: number): void {
    this.#taking = this.#taking.then(async () => {
      if (this.#leaving) return;
      this.#held.set(unit, fence);
      await this.#sharing.gained(unit, fence).catch((error: unknown) => {
        this.#held.delete(unit);
        if (this.#leaving) return;
        this.onProblem?.(`${this.#sharing.group}: ${unit} could not begin`, error);
        const again = setTimeout(() => this.#take(unit, fence + 1), AGAIN_MS);
        this.#again.set(unit, again);
      });
    });
  }
}
