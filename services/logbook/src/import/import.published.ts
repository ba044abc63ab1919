import { logbookEvents } from '@ateneo/contracts';
import { idOf, publishing, schoolIn, told } from '@ateneo/event-sourcing';
import { logbookImport } from './import.decider.js';

/** The world learns that an import was carried out; checks and files stay here. */
export const importPublished = publishing(logbookImport, {
  ImportStarted: null,
  ImportChecked: null,
  ImportConfirmed: null,
  ImportFinished: ({ data: { rows, fates }, stream, metadata: { scope } }) =>
    told(logbookEvents.importFinished, {
      importId: idOf(stream),
      schoolId: schoolIn(scope),
      rows,
      imported: fates.new + fates['new-as-submitted'] + fates['amends-draft'],
      alreadyThere: fates['already-there'],
      refused: fates.refused,
    }),
  ImportFailed: null,
});
