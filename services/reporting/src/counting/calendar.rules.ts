/** A calendar day as the number of days since 1970-01-01; days are Europe/Rome days everywhere. */
export type DayNumber = number;

const msPerDay = 86_400_000;

const firstMonth = 1900 * 12;
const monthStarts = Int32Array.from({ length: 400 * 12 + 1 }, (_, month) => Date.UTC(1900, month, 1) / msPerDay);
const monthStart = (month: number): DayNumber => monthStarts[month - firstMonth] as number;
export const monthOf = (day: DayNumber): number => {
  const date = new Date(day * msPerDay);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};
export const lengthOfMonth = (month: number): number => monthStart(month + 1) - monthStart(month);

/** Its corresponding day in the month `month`; a missing day is the first of the next month (counting.md 9). */
export const correspondingDay = (dayOfMonth: number, month: number): DayNumber =>
  Math.min(monthStart(month) + dayOfMonth - 1, monthStart(month + 1));
export const dayOfMonth = (day: DayNumber): number => day - monthStart(monthOf(day)) + 1;
