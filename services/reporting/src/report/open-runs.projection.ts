import { idOf, onStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';
import { reportRun } from './report-run.decider.js';

type OpenRun = { readonly runId: string };
export const openRuns: CollectionSpec<OpenRun> = { name: 'open-runs', version: 1, columns: {} };

/** Runs that a start finds unfinished. */
export const openRunsProjection = projection({
  name: 'open-runs',
  version: 1,
  parts: [
    documentsOf(openRuns, {
      on: onStored(reportRun, {
        RunStarted: ({ stream }) => ({ runId: idOf(stream) }),
        RunEnded: () => undefined,
        RunCancelled: () => undefined,
      }),
    }),
  ],
});
