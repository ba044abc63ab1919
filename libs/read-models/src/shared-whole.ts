import type { AsideEvent, Build, Checkpoint } from './document-store.js';
import type { Projection } from './projection.js';

const serviceOf = (type: string): string => type.slice(0, type.indexOf('.'));

/** The side of a projection with parts that every instance folds for itself: reference data, from the beginning at each start. */
export const wholeOf = (projection: Projection): Projection => ({
  name: projection.name,
  version: projection.version,
  collections: projection.collections,
  public: projection.public?.filter((type) => projection.parts?.whole.includes(serviceOf(type))),
  partitionKey: (event) => projection.partitionKey?.(event) ?? event.stream,
  keys: (event) => projection.keys(event),
  apply: (event, documents) => projection.apply(event, documents),
  flush: (documents) => projection.flush?.(documents),
});

/** Keeps checkpoints and what waits in memory, and no documents: the projection itself holds what it has read. */
export function volatileBuild(id: string): Build {
  const checkpoints = new Map<string, Checkpoint>();
  const aside = new Map<number, AsideEvent>();
  const skipped: { event: AsideEvent; reason: string; at: string }[] = [];
  return {
    id,
    load: async () => new Map(),
    scan: async () => [],
    async commit(commit) {
      for (const at of commit.checkpoints) checkpoints.set(at.origin, at);
      for (const event of commit.aside) aside.set(event.sequence, event);
      for (const { sequence, reason, at } of commit.skipped ?? []) {
        const event = aside.get(sequence);
        if (event) skipped.push({ event, reason, at });
        aside.delete(sequence);
      }
      for (const sequence of commit.released) aside.delete(sequence);
    },
    checkpoints: async () => [...checkpoints.values()],
    aside: async () => [...aside.values()].sort((a, b) => a.sequence - b.sequence),
    skipped: async () => [...skipped],
  };
}
