import { logbookEvents } from '@ateneo/contracts';
import { idOf, publishing, type StoredEvent, told, traineeIn } from '@ateneo/event-sourcing';
import { entry } from './entry.decider.js';

type OfEntry = Pick<StoredEvent, 'stream' | 'metadata'> & { readonly data: { readonly enrolmentId: string } };
const keyOf = ({ stream, data: { enrolmentId }, metadata: { scope } }: OfEntry) => ({
  entryId: idOf(stream),
  enrolmentId,
  ...traineeIn(scope),
});

/** Public events of an entry: every one carries its keys; notes and reasons stay here. */
export const entryPublished = publishing(entry, {
  EntryRecorded({ data }) {
    const { note: _note, externalId: _externalId, source, ...facts } = data;
    return told(logbookEvents.entryRecorded, { ...facts, importId: source?.importId ?? null });
  },
  EntryAmended(event) {
    const { note: _note, ...facts } = event.data;
    return told(logbookEvents.entryAmended, { ...keyOf(event), ...facts });
  },
  EntrySubmitted: (event) => told(logbookEvents.entrySubmitted, keyOf(event)),
  EntryWithdrawn: (event) => told(logbookEvents.entryWithdrawn, keyOf(event)),
  EntryDiscarded: (event) => told(logbookEvents.entryDiscarded, keyOf(event)),
  EntryReturned: (event) => told(logbookEvents.entryReturned, keyOf(event)),
  EntryRejected: (event) => told(logbookEvents.entryRejected, keyOf(event)),
  EntryValidated: (event) => told(logbookEvents.entryValidated, { ...keyOf(event), ...event.data }),
  ValidationReversed: (event) => told(logbookEvents.validationReversed, { ...keyOf(event), batchId: event.data.batchId }),
  EntryKept: (event) => told(logbookEvents.entryKeptUnderReview, keyOf(event)),
});
