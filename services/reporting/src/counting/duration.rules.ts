import type { Days } from '@ateneo/calendar';
import { correspondingDay, dayOfMonth, lengthOfMonth, monthOf, type DayNumber } from './calendar.rules.js';

/** Whole units and an unfinished one: `whole + left / of`. */
export type Amount = { readonly whole: number; readonly left: number; readonly of: number };
/** A university may count a day as 1/length of its month instead of calendar months (counting.md 9, a tenant setting). */
export type MonthCounting = 'calendar' | 'proportional';

/** `spans` without the days of `removed`; both unions in date order. */
export const without = (spans: readonly Days[], removed: readonly Days[]): Days[] =>
  removed.reduce<Days[]>(
    (left, [from, to]) =>
      left.flatMap((span): Days[] =>
        to < span[0] || from > span[1] ? [span] : [[span[0], from - 1] as const, [to + 1, span[1]] as const].filter((it) => it[0] <= it[1]),
      ),
    [...spans],
  );
export const within = (spans: readonly Days[], from: DayNumber, to: DayNumber): Days[] =>
  spans.map((it): Days => [Math.max(it[0], from), Math.min(it[1], to)]).filter((it) => it[0] <= it[1]);
export const countDays = (spans: readonly Days[]): number => spans.reduce((sum, it) => sum + it[1] - it[0] + 1, 0);

const daysIn = (spans: readonly Days[]): Int32Array => {
  const days = new Int32Array(countDays(spans));
  let next = 0;
  for (const [from, to] of spans) for (let day = from; day <= to; day += 1) days[next++] = day;
  return days;
};

/**
 * Calendar months by the filling that gives most (counting.md 9), from the last counted day back: at each day either leave it unspent,
 * or begin there k months, paid for by L(k) counted days, or begin the k months that end in the unfinished one.
 */
const calendarMonths = (spans: readonly Days[]): Amount => {
  const days = daysIn(spans);
  const count = days.length;
  const whole = new Int32Array(count + 1);
  const left = new Int32Array(count + 1);
  const of = new Int32Array(count + 1).fill(1);
  for (let i = count - 1; i >= 0; i -= 1) {
    const start = days[i] as number;
    const month = monthOf(start);
    const dom = dayOfMonth(start);
    let best = i + 1;
    let bestWhole = whole[best] as number;
    let bestLeft = left[best] as number;
    let bestOf = of[best] as number;
    let cost = 0;
    for (let k = 0; ; k += 1) {
      if (k > 0) {
        best = i + cost;
        const candidate = k + (whole[best] as number);
        if (candidate > bestWhole || (candidate === bestWhole && (left[best] as number) * bestOf > bestLeft * (of[best] as number))) {
          bestWhole = candidate;
          bestLeft = left[best] as number;
          bestOf = of[best] as number;
        }
      }
      const next = correspondingDay(dom, month + k + 1) - start;
      if (i + next <= count) {
        cost = next;
        continue;
      }
      const spare = count - i - cost;
      if (k > bestWhole || (k === bestWhole && spare * bestOf > bestLeft * (next - cost))) {
        bestWhole = k;
        bestLeft = spare;
        bestOf = next - cost;
      }
      break;
    }
    whole[i] = bestWhole;
    left[i] = bestLeft;
    of[i] = bestOf;
  }
  return { whole: whole[0] as number, left: left[0] as number, of: of[0] as number };
};

/** Least common multiple of 28, 29, 30 and 31. */
const allMonthLengths = 377_580;
const proportionalMonths = (spans: readonly Days[]): Amount => {
  let sum = 0;
  for (const day of daysIn(spans)) sum += allMonthLengths / lengthOfMonth(monthOf(day));
  return { whole: Math.floor(sum / allMonthLengths), left: sum % allMonthLengths, of: allMonthLengths };
};

const memory = new Map<string, Amount>();
const bounded = 50_000;
/** Months in a union of counted days. */
export const monthsIn = (spans: readonly Days[], counting: MonthCounting): Amount => {
  const key = `${counting}${spans.join(';')}`;
  const known = memory.get(key);
  if (known) return known;
  if (memory.size >= bounded) memory.clear();
  const months = counting === 'calendar' ? calendarMonths(spans) : proportionalMonths(spans);
  memory.set(key, months);
  return months;
};
export const weeksIn = (spans: readonly Days[]): Amount => {
  const days = countDays(spans);
  return { whole: Math.floor(days / 7), left: days % 7, of: 7 };
};
