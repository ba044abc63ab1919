import { type Day, dayNumber, dayOf, daysIn } from './days.js';

/** Days from `from` to `to`, both included; `to` null = still open. */
export type Interval = { readonly from: Day; readonly to: Day | null };

/** Whether a day lies in the interval, ends included. */
export const covers = ({ from, to }: Interval, day: Day): boolean => from <= day && (to === null || day <= to);
/** Whether two periods share a day. */
export const overlaps = (a: Interval, b: Interval): boolean => (b.to === null || a.from <= b.to) && (a.to === null || b.from <= a.to);

/** First and last day as numbers (`dayNumber`), both included. */
export type Days = readonly [from: number, to: number];

/** The union of spans in date order, those that overlap or touch joined; one that ends before it begins is none. */
export function union(spans: readonly Days[]): Days[] {
  const joined: [from: number, to: number][] = [];
  for (const [from, to] of [...spans].filter((span) => span[0] <= span[1]).sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** The same of intervals that may be open. */
export const unionOf = (intervals: readonly Interval[]): Interval[] =>
  union(intervals.map(({ from, to }) => [dayNumber(from), to === null ? Number.POSITIVE_INFINITY : dayNumber(to)])).map(([from, to]) => ({
    from: dayOf(from),
    to: to === Number.POSITIVE_INFINITY ? null : dayOf(to),
  }));

/** Days of the union that lie between `from` and `to`, both included. */
export function unionDays(intervals: readonly Interval[], from: Day, to: Day): number {
  let days = 0;
  for (const interval of unionOf(intervals)) {
    const start = interval.from > from ? interval.from : from;
    const end = interval.to === null || interval.to > to ? to : interval.to;
    if (start <= end) days += daysIn(start, end);
  }
  return days;
}
