import { reject, type Refusal } from '@ateneo/event-sourcing';
import type { careerEvents } from '@ateneo/contracts';
import { type SuspendedDays, yearOn } from './training-years.rules.js';

export type Suspension = SuspendedDays & { readonly suspensionId: string; readonly kind: string; /** its last day is over and has been told */ readonly ended: boolean };
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

/** A day before the first of the current training year is for administrators and the university secretariat. */
export function refuseEarlierYear(from: string, { years }: Contract, { today, mayTouchEarlierYears }: Asking): Refusal | undefined {
  const current = yearOn(years, today);
  return !mayTouchEarlierYears && current && from < current.from ? reject('earlier-year-needs-administrator', { field: 'from', currentYearFrom: current.from }) : undefined;
}

export const sameDays = (a: SuspendedDays, b: SuspendedDays): boolean => a.from === b.from && a.to === b.to && a.estimatedTo === b.estimatedTo;
