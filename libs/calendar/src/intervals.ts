import { addDays, type Day, daysIn } from './days.js';

/** Days from `from` to `to`, both included; `to` null = still open. */
export type Interval = { readonly from: Day; readonly to: Day | null };

/** Whether a day lies in the interval, ends included. */
export const covers = ({ from, to }: Interval, day: Day): boolean => from <= day && (to === null || day <= to);
/** Whether two periods share a day. */
export const overlaps = (a: Interval, b: Interval): boolean => (b.to === null || a.from <= b.to) && (a.to === null || b.from <= a.to);

/** The union as disjoint intervals in order; touching ones are joined. */
export function union(intervals: readonly Interval[]): Interval[] {
  const joined: { from: Day; to: Day | null }[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = joined.at(-1);
    if (!last || (last.to !== null && from > addDays(last.to, 1))) joined.push({ from, to });
    else if (last.to !== null && (to === null || to > last.to)) last.to = to;
  }
  return joined;
}

/** Days of the union that lie between `from` and `to`, both included. */
export function unionDays(intervals: readonly Interval[], from: Day, to: Day): number {
  let days = 0;
  for (const interval of union(intervals)) {
    const start = interval.from > from ? interval.from : from;
    const end = interval.to === null || interval.to > to ? to : interval.to;
    if (start <= end) days += daysIn(start, end);
  }
  return days;
}
