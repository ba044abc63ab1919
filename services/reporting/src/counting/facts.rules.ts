import type { Days } from '@ateneo/calendar';
import type { CompiledSet } from './compiled-set.rules.js';
import type { DayNumber } from './calendar.rules.js';
import type { MonthCounting } from './duration.rules.js';
import type { Shape } from './shape.rules.js';

export const DRAFT = 0;
export const SUBMITTED = 1;
export const VALIDATED = 2;
/** The states in which an entry is kept by the ledger; a rejected or discarded entry leaves no facts behind (counting.md 1). */
export type CountedState = typeof DRAFT | typeof SUBMITTED | typeof VALIDATED;
/** Amounts by state: draft, submitted, validated. */
export type ByState = readonly [number, number, number];

/** Credits are kept in thousandths, so that sums are exact. */
export const CREDIT_SCALE = 1000;
/** Everything of one shape, in one stretch between the days on which year windows open. */
export type Tally = { readonly shape: Shape; readonly stretch: number; readonly quantity: ByState; readonly credits: ByState };
export type PeriodFact = { readonly shape: Shape; readonly state: CountedState; readonly from: DayNumber; readonly to: DayNumber };
/** The facts of one enrolment, as far as a question goes. */
export type Facts = { readonly tallies: readonly Tally[]; readonly periods: readonly PeriodFact[] };

export type TrainingYearDays = { readonly year: number; readonly from: DayNumber; readonly to: DayNumber };
export type Attestation = {
  readonly attestationId: string;
  readonly requirementId: string;
  readonly from: DayNumber;
  /** the day of revocation, the first without it */
  readonly until: DayNumber | null;
  readonly withdrawn: boolean;
};
/** Reference inputs of one enrolment; sets hold the mapping of activities. */
export type Reference = {
  readonly sets: readonly CompiledSet[];
  readonly courseYears: number;
  readonly years: readonly TrainingYearDays[];
  /** union of suspended days, in date order */
  readonly suspended: readonly Days[];
  readonly track: string | null;
  readonly attestations: readonly Attestation[];
  /** act by requirement declared not applicable to the cohort or the trainee */
  readonly notApplicable: ReadonlyMap<string, string>;
};
export type Question = { readonly asOf: DayNumber; readonly months: MonthCounting };

/** The first day of a year window, by the trainee's own training years (counting.md 10); none where that year is not dated. */
export const windowOpens = (reference: Reference, lastYears: number): DayNumber | undefined =>
  reference.years.find((it) => it.year === reference.courseYears - lastYears + 1)?.from;
/** Days on which some year window of the reference opens: acts are told apart by them. */
export const stretchesOf = (reference: Reference): DayNumber[] => {
  const days = reference.sets.flatMap((set) => set.windows.map((it) => windowOpens(reference, it.lastYears)));
  return [...new Set(days.filter((it) => it !== undefined))].sort((a, b) => a - b);
};
export const stretchAt = (stretches: readonly DayNumber[], day: DayNumber): number => {
  let stretch = 0;
  while (stretch < stretches.length && day >= (stretches[stretch] as number)) stretch += 1;
  return stretch;
};
/** For each stretch, which year windows of a set it lies in. */
export const windowMasks = (set: CompiledSet, reference: Reference, stretches: readonly DayNumber[]): number[] =>
  [Number.NEGATIVE_INFINITY, ...stretches].map((start) =>
    set.windows.reduce((mask, it, bit) => {
      const opens = windowOpens(reference, it.lastYears);
      return opens !== undefined && start >= opens ? mask | (1 << bit) : mask;
    }, 0),
  );
