import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { EntryEvent } from './entry.decider.js';

type Stored<T extends EntryEvent['type']> = Omit<Extract<EntryEvent, { type: T }>, 'type'>;

/** Public events of an entry: every one carries its keys; notes and reasons stay here. */
export function entryPublished({ type, data, stream, metadata: { scope } }: StoredEvent): Published {
  const { enrolmentId } = data as { enrolmentId: string };
  const key = { entryId: stream.slice(stream.indexOf('-') + 1), enrolmentId, traineeId: scope.traineeId, schoolId: scope.schoolId };
  switch (type as EntryEvent['type']) {
    case 'EntryRecorded': {
      const { note: _note, externalId: _externalId, source, ...facts } = data as Stored<'EntryRecorded'>;
      return { type: 'logbook.entry-recorded.v1', data: { ...facts, importId: source?.importId ?? null } };
    }
    case 'EntryAmended': {
      const { note: _note, ...facts } = data as Stored<'EntryAmended'>;
      return { type: 'logbook.entry-amended.v1', data: { ...key, ...facts } };
    }
    case 'EntrySubmitted':
      return { type: 'logbook.entry-submitted.v1', data: key };
    case 'EntryWithdrawn':
      return { type: 'logbook.entry-withdrawn.v1', data: key };
    case 'EntryDiscarded':
      return { type: 'logbook.entry-discarded.v1', data: key };
    case 'EntryReturned':
      return { type: 'logbook.entry-returned.v1', data: key };
    case 'EntryRejected':
      return { type: 'logbook.entry-rejected.v1', data: key };
    case 'EntryValidated':
      return { type: 'logbook.entry-validated.v1', data: { ...key, ...(data as Stored<'EntryValidated'>) } };
    case 'ValidationReversed':
      return { type: 'logbook.validation-reversed.v1', data: { ...key, batchId: (data as Stored<'ValidationReversed'>).batchId } };
    case 'EntryKept':
      return { type: 'logbook.entry-kept.v1', data: key };
  }
}
