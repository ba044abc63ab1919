import { reject, type Refusal } from '@ateneo/event-sourcing';
import type { careerEvents } from '@ateneo/contracts';
import { type Course, type SuspendedDays, trainingYears, yearOn } from './training-years.rules.js';

export type Suspension = SuspendedDays & {
  readonly suspensionId: string;
  readonly kind: string;
  /** its last day is over and has been told */ readonly ended: boolean;
};
/** Who asks, and when: earlier training years are closed to school secretariats (residency.md A7 96-97). */
export type Asking = { readonly today: string; readonly mayTouchEarlierYears: boolean };
type Contract = { readonly contractStart: string; readonly years: readonly careerEvents.TrainingYear[] };

/** Order of the days, and place within the contract. */
export function refusePeriod({ from, to, estimatedTo }: SuspendedDays, { contractStart, years }: Contract): Refusal | undefined {
  if (to !== null && to < from) return reject('period-reversed', { field: 'to' });
  if (estimatedTo !== null && estimatedTo < from) return reject('period-reversed', { field: 'estimatedTo' });
  const last = years.at(-1)?.to ?? contractStart;
  return from < contractStart || from > last ? reject('outside-contract', { field: 'from', from: contractStart, to: last }) : undefined;
}

/** The year of today, which an open suspension has not let end, whatever its estimate said. */
function currentYear(course: Course, today: string): careerEvents.TrainingYear | undefined {
  const suspensions = course.suspensions.map((one) =>
    one.to === null && (one.estimatedTo ?? one.from) < today ? { ...one, estimatedTo: today } : one,
  );
  return yearOn(trainingYears({ ...course, suspensions }), today);
}

/** A day before the first of the current training year is for administrators and the university secretariat. */
export function refuseEarlierYear(from: string, course: Course, { today, mayTouchEarlierYears }: Asking): Refusal | undefined {
  const current = mayTouchEarlierYears ? undefined : currentYear(course, today);
  return current && from < current.from
    ? reject('earlier-year-needs-administrator', { field: 'from', currentYearFrom: current.from })
    : undefined;
}

export const sameDays = (a: SuspendedDays, b: SuspendedDays): boolean =>
  a.from === b.from && a.to === b.to && a.estimatedTo === b.estimatedTo;
