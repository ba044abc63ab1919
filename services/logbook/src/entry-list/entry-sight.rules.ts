import { overlaps, unionOf } from '@ateneo/calendar';
import type { Condition, Where } from '@ateneo/read-models';
import type { EntryEvent } from '../entry/entry.decider.js';
import type { KnownEnrolment } from '../known/known.projection.js';
import { type EntryCounts, type EntryState, STATES, type WaitingEntries } from './entry-counts.projection.js';

export type Period = { readonly from: string; readonly to: string | null };
/** An assignment: whose trainee, in which school, when. */
export type Held = Period & { readonly traineeId: string; readonly schoolId: string };

/** What a reader sees of others: all of some schools, and assignments in other ones. */
export type Reach = { readonly schools: readonly string[]; readonly held: readonly Held[] };

/** States of entries that others than their author see. */
export const SHOWN: readonly EntryState[] = STATES.filter((state) => state !== 'draft');

/** Of these the asked one, or all. */
export const shown = (state?: string): readonly EntryState[] => SHOWN.filter((one) => state === undefined || one === state);

/** Wheres that let through the entries of `where` dated inside one of the assignments, as few as there are different periods in a school. */
export function insideAssignments(where: Where, held: readonly Held[]): Where[] {
  const byPeriod = Map.groupBy(held, ({ schoolId, from, to }) => `${schoolId}/${from}/${to ?? ''}`);
  return [...byPeriod.values()].map((all) => {
    const { schoolId, from, to } = all[0] as Held;
    return { ...onDays(where, { from, to }), schoolId, traineeId: { in: [...new Set(all.map(({ traineeId }) => traineeId))] } };
  });
}

/** The same where, for entries alone that share a day with the period. */
export function onDays(where: Where, { from, to }: Period): Where {
  const after = bound(where['performedTo'], 'gte');
  const before = bound(where['performedFrom'], 'lte');
  return {
    ...where,
    performedTo: { gte: after !== undefined && after > from ? after : from },
    ...(to === null ? {} : { performedFrom: { lte: before !== undefined && before < to ? before : to } }),
  };
}

const bound = (condition: Condition | undefined, is: 'gte' | 'lte'): string | undefined =>
  (condition as { readonly [is in 'gte' | 'lte']?: string } | undefined)?.[is];

/** Whether a reader who has the trainee in these periods sees every entry that is counted. */
export const coversAll = (held: readonly Held[], { traineeId, schoolId, from, to }: EntryCounts): boolean =>
  unionOf(held.filter((one) => one.traineeId === traineeId && one.schoolId === schoolId)).some(
    (one) => one.from <= from && (one.to === null || to <= one.to),
  );

export const addStates = (
  counted: readonly { readonly [state in EntryState]?: number }[],
  states: readonly EntryState[],
): Record<string, number> =>
  Object.fromEntries(
    states.map((state) => [state, counted.reduce((sum, one) => sum + (one[state] ?? 0), 0)] as const).filter(([, n]) => n > 0),
  );

export type WaitingDay = { readonly traineeId: string; readonly day: string; readonly n: number };

/** How many entries of a trainee that the reader sees wait by their last day, the latest first. */
export function waitingDays(traineeId: string, waiting: readonly WaitingEntries[], { schools, held }: Reach): WaitingDay[] {
  const days = new Map<string, number>();
  for (const { schoolId, spans } of waiting.flatMap((one) => Object.values(one.months).map((spans) => ({ schoolId: one.schoolId, spans }))))
    for (const [span, n] of Object.entries(spans)) {
      const [from, to = from] = span.split('/') as [string, string?];
      if (schools.includes(schoolId) || held.some((one) => one.schoolId === schoolId && overlaps(one, { from, to })))
        days.set(to, (days.get(to) ?? 0) + n);
    }
  return [...days].sort(([a], [b]) => (a < b ? 1 : -1)).map(([day, n]) => ({ traineeId, day, n }));
}

/** Wheres of the entries that what is known now of an enrolment calls into question (counting.md 8, 15). */
export function questioned(where: Where, { enrolmentId, contract, suspensions }: KnownEnrolment): Where[] {
  const { from, to } = contract;
  const mine = { ...where, enrolmentId, kept: 0 };
  return [
    ...unionOf(suspensions).map((one) => ({ ...onDays(mine, one), isPeriod: 0 })),
    { ...mine, performedFrom: { ...(where['performedFrom'] as object | undefined), lt: from } },
    ...(to === null ? [] : [{ ...mine, performedTo: { ...(where['performedTo'] as object | undefined), gt: to } }]),
  ];
}

const SAYS: ReadonlySet<string> = new Set<EntryEvent['type']>(['EntryRecorded', 'EntryAmended']);
const SENT: EntryEvent['type'] = 'EntrySubmitted';
type Told = { readonly type: string; readonly detail: Record<string, unknown> };

/** A story as others than the author read it: of what an entry said, only what was sent (residency.md C). */
export function asSent<T extends Told>(story: readonly T[]): T[] {
  const says = ({ type }: Told): boolean => SAYS.has(type);
  return story.map((one, i) => {
    const next = story.slice(i + 1).find((later) => says(later) || later.type === SENT);
    return says(one) && next?.type !== SENT ? { ...one, detail: {} } : one;
  });
}

export type Flag = 'inside-suspension' | 'outside-contract';
type Dated = { readonly performedFrom: string; readonly performedTo: string; readonly period: boolean; readonly kept: boolean };

/** A fact that arrived later calls an entry into question; nothing is rewritten (counting.md 8, 15). */
export function flagsOf({ performedFrom, performedTo, period, kept }: Dated, enrolment: KnownEnrolment | undefined): Flag[] {
  if (kept || !enrolment) return [];
  const flags: Flag[] = [];
  const { from, to } = enrolment.contract;
  if (!period && unionOf(enrolment.suspensions).some((one) => overlaps(one, { from: performedFrom, to: performedTo })))
    flags.push('inside-suspension');
  if (performedFrom < from || (to !== null && performedTo > to)) flags.push('outside-contract');
  return flags;
}
