import type { CollectionSpec, Documents } from '@ateneo/read-models';
import type { Content } from '../entry/entry.decider.js';

export const STATES = ['draft', 'submitted', 'validated', 'rejected'] as const;
export type EntryState = (typeof STATES)[number];
/** What of an entry is counted. */
export type Counted = Content & {
  readonly entryId: string;
  readonly traineeId: string;
  readonly schoolId: string;
  readonly state: EntryState;
};

/** How many entries a trainee has in a school, by state; no entry lies outside `from` and `to`, which never shrink. */
export type EntryCounts = {
  readonly traineeId: string;
  readonly schoolId: string;
  readonly from: string;
  readonly to: string;
} & { readonly [state in EntryState]: number };
/** What of a trainee waits in a school: how many entries by the month they end in, and in it by day or by `<first day>/<last day>`. */
export type WaitingEntries = {
  readonly traineeId: string;
  readonly schoolId: string;
  readonly n: number;
  readonly months: { readonly [month: string]: { readonly [span: string]: number } };
};
/** What a trainee has recorded last, the newest first, each set of activities once, as it was last amended. */
export type RecentActs = {
  readonly acts: readonly (Pick<Counted, 'entryId' | 'activities' | 'unitId' | 'autonomy' | 'classified' | 'quantity'> & {
    readonly lastOn: string;
  })[];
};

export const entryCounts: CollectionSpec<EntryCounts> = {
  name: 'entry-counts',
  version: 1,
  columns: {
    traineeId: ({ traineeId }) => traineeId,
    schoolId: ({ schoolId }) => schoolId,
    draft: ({ draft }) => draft,
    submitted: ({ submitted }) => submitted,
    validated: ({ validated }) => validated,
    rejected: ({ rejected }) => rejected,
  },
  indexes: [['traineeId'], ['schoolId', 'submitted']],
};
export const waitingEntries: CollectionSpec<WaitingEntries> = {
  name: 'waiting-entries',
  version: 1,
  columns: { traineeId: ({ traineeId }) => traineeId, schoolId: ({ schoolId }) => schoolId, n: ({ n }) => n },
  indexes: [
    ['traineeId', 'n'],
    ['schoolId', 'n'],
  ],
};
export const recentActs: CollectionSpec<RecentActs> = { name: 'recent-acts', version: 1, columns: {} };

type Scope = { readonly traineeId?: string; readonly schoolId?: string };

const MOST_RECENT = 8;
const spanOf = ({ performedFrom: from, performedTo: to }: Counted): string => (from === to ? to : `${from}/${to}`);

const countsId = ({ traineeId, schoolId }: Scope): string => `${traineeId} ${schoolId}`;

/** The documents that count an entry of this scope; all of them are of its trainee, so one partition feeds each. */
export function* countingKeys(scope: Scope): Generator<readonly [collection: string, id: string]> {
  yield [entryCounts.name, countsId(scope)];
  yield [waitingEntries.name, countsId(scope)];
  yield [recentActs.name, scope.traineeId ?? ''];
}

/** Counts an entry as it is after an event and no longer as it was before. */
export function count(before: Counted | undefined, after: Counted | undefined, documents: Documents): void {
  if (before?.state !== after?.state || (before && after && spanOf(before) !== spanOf(after))) {
    for (const [entry, step] of [[before, -1] as const, [after, 1] as const])
      if (entry) {
        countState(entry, step, documents);
        if (entry.state === 'submitted') countWaiting(entry, step, documents);
      }
  }
  remember(before, after, documents);
}

function countState(entry: Counted, step: number, documents: Documents): void {
  const { traineeId, schoolId, state, performedFrom, performedTo } = entry;
  const none = { traineeId, schoolId, from: performedFrom, to: performedTo, draft: 0, submitted: 0, validated: 0, rejected: 0 };
  const counts = documents.get<EntryCounts>(entryCounts.name, countsId(entry)) ?? none;
  documents.put(entryCounts.name, countsId(entry), {
    ...counts,
    from: performedFrom < counts.from ? performedFrom : counts.from,
    to: performedTo > counts.to ? performedTo : counts.to,
    [state]: counts[state] + step,
  } satisfies EntryCounts);
}

function countWaiting(entry: Counted, step: number, documents: Documents): void {
  const { traineeId, schoolId, performedTo } = entry;
  const none: WaitingEntries = { traineeId, schoolId, n: 0, months: {} };
  const waiting = documents.get<WaitingEntries>(waitingEntries.name, countsId(entry)) ?? none;
  const month = performedTo.slice(0, 7);
  const { [month]: before = {}, ...otherMonths } = waiting.months;
  const { [spanOf(entry)]: n = 0, ...otherSpans } = before;
  const spans = n + step > 0 ? { ...otherSpans, [spanOf(entry)]: n + step } : otherSpans;
  const months = Object.keys(spans).length > 0 ? { ...otherMonths, [month]: spans } : otherMonths;
  documents.put(waitingEntries.name, countsId(entry), { ...waiting, n: waiting.n + step, months } satisfies WaitingEntries);
}

function remember(before: Counted | undefined, after: Counted | undefined, documents: Documents): void {
  const { entryId, traineeId } = (after ?? before) as Counted;
  const isSaid = after !== undefined && (before === undefined || before.activities !== after.activities);
  if (after !== undefined && !isSaid) return;
  const { acts } = documents.get<RecentActs>(recentActs.name, traineeId) ?? { acts: [] };
  const at = before === undefined ? 0 : acts.findIndex((one) => one.entryId === entryId);
  const others = acts.filter((one) => one.entryId !== entryId && (at < 0 || !isSaid || keyOf(one) !== keyOf(after)));
  const isAct = at >= 0 && isSaid && !after.period && after.credits === null;
  if (!isAct && others.length === acts.length) return;
  documents.put(recentActs.name, traineeId, {
    acts: isAct ? others.toSpliced(at, 0, actOf(after)).slice(0, MOST_RECENT) : others,
  } satisfies RecentActs);
}

const keyOf = ({ activities }: { readonly activities: readonly string[] }): string => activities.join(' ');
const actOf = ({ entryId, activities, unitId, autonomy, classified, quantity, performedTo }: Counted): RecentActs['acts'][number] => ({
  entryId,
  activities,
  unitId,
  autonomy,
  classified,
  quantity,
  lastOn: performedTo,
});
