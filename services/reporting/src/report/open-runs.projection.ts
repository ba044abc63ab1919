import { type CollectionSpec, documentProjection } from '@ateneo/read-models';

type OpenRun = { readonly runId: string };
export const openRuns: CollectionSpec<OpenRun> = { name: 'open-runs', version: 1, columns: {} };

/** Runs that a start finds unfinished. */
export const openRunsProjection = documentProjection<OpenRun>({
  name: 'open-runs',
  version: 1,
  collection: openRuns,
  own: ['RunStarted', 'RunEnded', 'RunCancelled'],
  key: ({ stream }) => stream.slice(stream.indexOf('-') + 1),
  evolve: (_before, { type, stream }) => (type === 'RunStarted' ? { runId: stream.slice(stream.indexOf('-') + 1) } : undefined),
});
