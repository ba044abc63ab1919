import { addDays, addYears, type Day, type Interval, unionDays } from '@ateneo/calendar';
import type { careerEvents } from '@ateneo/contracts';

type TrainingYear = careerEvents.TrainingYear;
/** A suspension as far as dates go; without an end, its days are known up to the estimate, or are its first day alone. */
export type SuspendedDays = { readonly from: Day; readonly to: Day | null; readonly estimatedTo: Day | null };
export type Course = {
  readonly contractStart: Day;
  readonly courseYears: number;
  readonly suspensions: readonly SuspendedDays[];
  /** last day of a contract that ended early */ readonly endedOn?: Day;
};

const knownDays = ({ from, to, estimatedTo }: SuspendedDays): Interval => ({
  from,
  to: to ?? (estimatedTo !== null && estimatedTo > from ? estimatedTo : from),
});

/** The first day on which the course has had as many days without suspension as up to `nominal`. */
function movedEnd(nominal: Day, start: Day, suspended: readonly Interval[]): Day {
  for (let end = nominal; ;) {
    const moved = addDays(nominal, unionDays(suspended, start, end));
    if (moved === end) return end;
    end = moved;
  }
}

/**
 * First and last day of every training year: the day before the anniversary of the contract's start, later by the days of the union of suspensions
 * up to it; the next year starts the day after (residency.md B5). An open suspension makes the ends after it «not before».
 */
export function trainingYears({ contractStart, courseYears, suspensions, endedOn }: Course): TrainingYear[] {
  const suspended = suspensions.map(knownDays);
  const openFrom = suspensions.filter(({ to }) => to === null).map(({ from }) => from);
  const years: TrainingYear[] = [];
  for (let [year, from] = [1, contractStart]; year <= courseYears && (endedOn === undefined || from <= endedOn); year++) {
    const to = movedEnd(addDays(addYears(contractStart, year), -1), contractStart, suspended);
    if (endedOn !== undefined && to >= endedOn) years.push({ year, from, to: endedOn, open: false });
    else years.push({ year, from, to, open: openFrom.some((first) => first <= to) });
    from = addDays(to, 1);
  }
  return years;
}

/** The year that a day belongs to: the first before the contract, the last after it. */
export const yearOn = (years: readonly TrainingYear[], day: Day): TrainingYear | undefined =>
  years.findLast(({ from }) => from <= day) ?? years[0];
