import type { logbookEvents } from '@ateneo/contracts';
import { type Facts, handlers, idOf, onStored } from '@ateneo/event-sourcing';
import type { CollectionSpec, ProjectedEvent, Projection } from '@ateneo/read-models';
import { type Content, entry, type EntryEvent } from '../entry/entry.decider.js';
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
  version: 3,
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
    ['traineeId', 'state', 'performedFrom', 'recordedAt', 'performedTo', 'schoolId'],
    ['schoolId', 'performedFrom', 'recordedAt'],
    ['schoolId', 'state', 'performedFrom', 'recordedAt'],
    ['enrolmentId', 'performedFrom'],
    ['importId'],
  ],
  personal: { fields: ['note', 'reason'], person: ({ traineeId }) => traineeId },
};

function recorded({ source, externalId: _externalId, ...said }: Facts<EntryEvent, 'EntryRecorded'>, at: string): EntryDocument {
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

type Moment = Pick<ProjectedEvent, 'at' | 'actorId' | 'revision'>;
const changed = (before: EntryDocument | undefined, { revision = 0 }: Moment, change: Partial<EntryDocument>): EntryDocument | undefined =>
  before && { ...before, revision, ...change };
const judged = ({ at: decidedAt, actorId: validatorId }: Moment, { reason }: { readonly reason: string }) => ({
  ...UNDECIDED,
  decidedAt,
  validatorId,
  reason,
});

const evolves = handlers<ProjectedEvent, EntryDocument | undefined, EntryDocument | undefined>(
  onStored(entry, {
    EntryRecorded: ({ data, at }) => recorded(data, at),
    EntryAmended(event, before) {
      const { enrolmentId: _enrolmentId, ...content } = event.data;
      return changed(before, event, content);
    },
    EntrySubmitted: (event, before) => changed(before, event, { state: 'submitted', submittedAt: event.at, reason: null }),
    EntryWithdrawn: (event, before) => changed(before, event, { state: 'draft', submittedAt: null }),
    EntryDiscarded: () => undefined,
    EntryValidated(event, before) {
      const { validatorId, certified, creditedTo, batchId } = event.data;
      return changed(before, event, { state: 'validated', decidedAt: event.at, validatorId, certified, creditedTo, batchId });
    },
    EntryReturned: (event, before) => changed(before, event, { ...judged(event, event.data), state: 'draft', submittedAt: null }),
    EntryRejected: (event, before) => changed(before, event, { ...judged(event, event.data), state: 'rejected' }),
    ValidationReversed: (event, before) =>
      changed(before, event, { ...UNDECIDED, state: 'submitted', decidedAt: null, reason: event.data.reason }),
    EntryKept: (event, before) => changed(before, event, { kept: true }),
  }),
);

/** The list of entries: whose, what, in which state, and why it came back; with what counts them, so that no question counts what exists. */
export const entryList: Projection = {
  name: 'entry-list',
  version: 2,
  collections: [entries, entryCounts, waitingEntries, recentActs],
  own: evolves.own,
  *keys(event) {
    yield [entries.name, idOf(event.stream)];
    yield* countingKeys(event.scope);
  },
  apply(event, documents) {
    const before = documents.get<EntryDocument>(entries.name, idOf(event.stream));
    const after = evolves.handle(event, before);
    if (!before && !after) return;
    count(before, after, documents);
    if (after === undefined) documents.delete(entries.name, idOf(event.stream));
    else documents.put(entries.name, idOf(event.stream), after);
  },
};
