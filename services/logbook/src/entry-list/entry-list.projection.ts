import type { logbookEvents } from '@ateneo/contracts';
import type { CollectionSpec, ProjectedEvent, Projection } from '@ateneo/read-models';
import type { Content, EntryEvent } from '../entry/entry.decider.js';
import { count, countingKeys, entryCounts, type EntryState, recentActs, waitingEntries } from './entry-counts.projection.js';

/** An entry as the lists show it. */
export type EntryDocument = Content & {
  readonly entryId: string;
  readonly traineeId: string;
  readonly enrolmentId: string;
  readonly schoolId: string;
  readonly state: EntryState;
  readonly revision: number;
  readonly recordedAt: string;
  readonly submittedAt: string | null;
  readonly decidedAt: string | null;
  readonly validatorId: string | null;
  readonly certified: logbookEvents.Certified | null;
  readonly creditedTo: string | null;
  readonly batchId: string | null;
  readonly reason: string | null;
  readonly importId: string | null;
  /** the director has looked at it after a late suspension and kept it */
  readonly kept: boolean;
};

export const entries: CollectionSpec<EntryDocument> = {
  name: 'entries',
  version: 2,
  columns: {
    traineeId: ({ traineeId }) => traineeId,
    schoolId: ({ schoolId }) => schoolId,
    enrolmentId: ({ enrolmentId }) => enrolmentId,
    state: ({ state }) => state,
    kind: ({ kind }) => kind,
    performedFrom: ({ performedFrom }) => performedFrom,
    performedTo: ({ performedTo }) => performedTo,
    recordedAt: ({ recordedAt }) => recordedAt,
    submittedAt: ({ submittedAt }) => submittedAt,
    batchId: ({ batchId }) => batchId,
    importId: ({ importId }) => importId,
    isPeriod: ({ period }) => (period ? 1 : 0),
    kept: ({ kept }) => (kept ? 1 : 0),
    activities: ({ activities }) => ` ${activities.join(' ')} `,
  },
  indexes: [
    ['traineeId', 'performedFrom', 'recordedAt'],
    ['traineeId', 'state', 'schoolId', 'performedFrom', 'performedTo', 'recordedAt'],
    ['schoolId', 'performedFrom', 'recordedAt'],
    ['schoolId', 'state', 'performedFrom', 'recordedAt'],
    ['enrolmentId', 'performedFrom'],
    ['importId'],
  ],
  personal: { fields: ['note', 'reason'], person: ({ traineeId }) => traineeId },
};

const TYPES: readonly EntryEvent['type'][] = [
  'EntryRecorded',
  'EntryAmended',
  'EntrySubmitted',
  'EntryWithdrawn',
  'EntryDiscarded',
  'EntryValidated',
  'EntryReturned',
  'EntryRejected',
  'ValidationReversed',
  'EntryKept',
];

function recorded(
  { source, externalId: _externalId, ...entry }: Extract<EntryEvent, { type: 'EntryRecorded' }>,
  at: string,
): EntryDocument {
  const { type: _type, ...said } = entry;
  return {
    ...said,
    state: 'draft',
    revision: 0,
    recordedAt: at,
    submittedAt: null,
    decidedAt: null,
    validatorId: null,
    certified: null,
    creditedTo: null,
    batchId: null,
    reason: null,
    importId: source?.importId ?? null,
    kept: false,
  };
}

const UNDECIDED = { validatorId: null, certified: null, creditedTo: null, batchId: null } as const;

function evolve(before: EntryDocument | undefined, { type, data, at, actorId, revision = 0 }: ProjectedEvent): EntryDocument | undefined {
  const event = { ...data, type } as EntryEvent;
  if (event.type === 'EntryRecorded') return recorded(event, at);
  if (!before) return undefined;
  const entry = { ...before, revision };
  switch (event.type) {
    case 'EntryAmended': {
      const { type: _type, enrolmentId: _enrolmentId, ...content } = event;
      return { ...entry, ...content };
    }
    case 'EntrySubmitted':
      return { ...entry, state: 'submitted', submittedAt: at, reason: null };
    case 'EntryWithdrawn':
      return { ...entry, state: 'draft', submittedAt: null };
    case 'EntryDiscarded':
      return undefined;
    case 'EntryValidated':
      return {
        ...entry,
        state: 'validated',
        decidedAt: at,
        validatorId: event.validatorId,
        certified: event.certified,
        creditedTo: event.creditedTo,
        batchId: event.batchId,
      };
    case 'EntryReturned':
      return { ...entry, ...UNDECIDED, state: 'draft', submittedAt: null, decidedAt: at, validatorId: actorId, reason: event.reason };
    case 'EntryRejected':
      return { ...entry, ...UNDECIDED, state: 'rejected', decidedAt: at, validatorId: actorId, reason: event.reason };
    case 'ValidationReversed':
      return { ...entry, ...UNDECIDED, state: 'submitted', decidedAt: null, reason: event.reason };
    case 'EntryKept':
      return { ...entry, kept: true };
  }
}

const idOf = ({ stream }: ProjectedEvent): string => stream.slice(stream.indexOf('-') + 1);

/** The list of entries: whose, what, in which state, and why it came back; with what counts them, so that no question counts what exists. */
export const entryList: Projection = {
  name: 'entry-list',
  version: 2,
  collections: [entries, entryCounts, waitingEntries, recentActs],
  own: TYPES,
  *keys(event) {
    yield [entries.name, idOf(event)];
    yield* countingKeys(event.scope);
  },
  apply(event, documents) {
    const before = documents.get<EntryDocument>(entries.name, idOf(event));
    const after = evolve(before, event);
    if (!before && !after) return;
    count(before, after, documents);
    if (after === undefined) documents.delete(entries.name, idOf(event));
    else documents.put(entries.name, idOf(event), after);
  },
};
