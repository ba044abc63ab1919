import { documentProjection } from '../conformance/document-projection.js';

/** Counts, so that an event applied twice or never shows. */
export const counting = documentProjection<{ events: number }>({
  name: 'reader.counting',
  version: 1,
  collection: { name: 'counting', version: 1, columns: {} },
  public: ['depot.added.v1'],
  key: ({ stream }) => stream,
  evolve: (document) => ({ events: (document?.events ?? 0) + 1 }),
});
