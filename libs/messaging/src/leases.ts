/** Who holds a unit, as everyone sees it: `fence` rises with each new holder. */
export type Holder = { readonly unit: string; readonly instance: string; readonly fence: number };

export type Sharing = {
  /** What is shared, e.g. `reporting.trainee-counters.1-1-1.1`; instances with the same name share. */
  readonly group: string;
  readonly units: readonly string[];
  /** The unit is this instance's from now on. A throw gives it back; it is offered again later, here or elsewhere. */
  gained(unit: string, fence: number): Promise<void>;
  /** The unit is this instance's no more: given up for balance (resolve once nothing of it runs), or lost (what still runs is refused by its fence). */
  lost(unit: string): Promise<void>;
};

export interface Shared {
  /** Units that this instance holds, with their fences. */
  held(): ReadonlyMap<string, number>;
  /** All units that anybody holds. */
  holders(): Promise<readonly Holder[]>;
  /** Gives everything back and takes part no more; resolves when nothing of it runs. */
  leave(): Promise<void>;
}

/** Shares units of work among the instances of a service: each unit has at most one holder, evenly spread, moved within seconds when instances come, end, hang or vanish. */
export interface Leases {
  /** Name of this instance, unique among those that live. */
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

  /** One after the other. */
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
