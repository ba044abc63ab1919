import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { Outcome } from './import.decider.js';

/** The world learns that an import was carried out; checks and files stay here. */
export function importPublished({ type, data, stream, metadata: { scope } }: StoredEvent): Published {
  if (type !== 'ImportFinished') return undefined;
  const { rows, fates } = data as Outcome;
  const imported = fates.new + fates['new-as-submitted'] + fates['amends-draft'];
  return {
    type: 'logbook.import-finished.v1',
    data: {
      importId: stream.slice(stream.indexOf('-') + 1),
      schoolId: scope.schoolId,
      rows,
      imported,
      alreadyThere: fates['already-there'],
      refused: fates.refused,
    },
  };
}
