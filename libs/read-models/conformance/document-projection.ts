import type { CollectionSpec, ProjectedEvent, Projection } from '../src/index.js';

/** A projection of events that no contract declares: each changes one document. */
export function documentProjection<D>(definition: {
  readonly name: string;
  readonly version: number;
  readonly collection: CollectionSpec<D>;
  readonly own?: readonly string[];
  readonly public?: readonly string[];
  readonly references?: readonly string[];
  readonly partitionKey?: (event: ProjectedEvent) => string;
  /** Id of the document that the event changes; undefined: none. */
  readonly key: (event: ProjectedEvent) => string | undefined;
  /** The document after the event; undefined removes it. */
  readonly evolve: (document: D | undefined, event: ProjectedEvent) => D | undefined;
}): Projection {
  const { collection, key, evolve, ...rest } = definition;
  return {
    ...rest,
    collections: [collection],
    keys(event) {
      const id = key(event);
      return id === undefined ? [] : [[collection.name, id]];
    },
    apply(event, documents) {
      const id = key(event);
      if (id === undefined) return;
      const before = documents.get<D>(collection.name, id);
      const after = evolve(before, event);
      if (after === undefined) documents.delete(collection.name, id);
      else if (after !== before) documents.put(collection.name, id, after);
    },
  };
}
