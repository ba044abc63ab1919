/** A calendar day `YYYY-MM-DD`; comparing two as text compares them in time. */
export type Day = string;

const MS_PER_DAY = 86_400_000;
const rome = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Rome', year: 'numeric', month: '2-digit', day: '2-digit' });
const HOUR_OF_UTC = /^\d{4}-\d\d-\d\dT\d\d(?=:.*Z$)/;
const MOST_REMEMBERED = 20_000;

/** A fold asks for the same few thousand days over and over. */
function remembered<K, V>(make: (key: K) => V): (key: K) => V {
  const memory = new Map<K, V>();
  return (key) => {
    const known = memory.get(key);
    if (known !== undefined) return known;
    if (memory.size >= MOST_REMEMBERED) memory.clear();
    const made = make(key);
    memory.set(key, made);
    return made;
  };
}

const atHour = remembered((hour: number): Day => rome.format(hour * 3_600_000));
const atHourText = remembered((hour: string): Day => rome.format(Date.parse(`${hour}:00Z`)));

/** The day in Europe/Rome at an instant (ms since 1970 or ISO text). Day borders fall on whole hours of UTC there. */
export function romeDay(instant: number | string): Day {
  const hour = typeof instant === 'string' ? HOUR_OF_UTC.exec(instant)?.[0] : undefined;
  if (hour !== undefined) return atHourText(hour);
  return atHour(Math.floor((typeof instant === 'number' ? instant : Date.parse(instant)) / 3_600_000));
}

/** Days since 1970-01-01, a whole number; the inverse of `dayOf`. */
export const dayNumber: (day: Day) => number = remembered((day) => Date.parse(`${day}T00:00:00Z`) / MS_PER_DAY);
export const dayOf: (number: number) => Day = remembered((number) => new Date(number * MS_PER_DAY).toISOString().slice(0, 10));
export const addDays = (day: Day, days: number): Day => dayOf(dayNumber(day) + days);
/** Days of the period, both ends included. */
export const daysIn = (from: Day, to: Day): number => dayNumber(to) - dayNumber(from) + 1;

/** The corresponding day `months` later; where that month is too short, the first day of the month after it (counting.md 9). */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const index = year * 12 + (month - 1) + months;
  const target = new Date(Date.UTC(Math.floor(index / 12), index % 12, 1));
  const length = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  return date <= length
    ? new Date(target.getTime() + (date - 1) * MS_PER_DAY).toISOString().slice(0, 10)
    : new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
}
export const addYears = (day: Day, years: number): Day => addMonths(day, years * 12);

/** The instant (ms since 1970) at which a day begins in Europe/Rome. */
export function romeMidnight(day: Day): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  return [1, 2].map((hours) => utc - hours * 3_600_000).find((ms) => romeDay(ms) === day && romeDay(ms - 1) !== day) ?? utc;
}
