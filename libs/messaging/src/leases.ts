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

/** For one process alone: it holds everything at once and keeps it. */
export function createLocalLeases(instance = 'local'): Leases {
  return {
    instance,
    async share({ units, gained, lost }) {
      const held = new Map<string, number>();
      for (const unit of units) {
        held.set(unit, 1);
        await gained(unit, 1);
      }
      return {
        held: () => held,
        holders: async () => [...held].map(([unit, fence]) => ({ unit, instance, fence })),
        async leave() {
          for (const unit of [...held.keys()]) {
            await lost(unit);
            held.delete(unit);
          }
        },
      };
    },
    close: async () => undefined,
  };
}
