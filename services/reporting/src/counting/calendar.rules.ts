/** A calendar day as the number of days since 1970-01-01; days are Europe/Rome days everywhere. */
export type DayNumber = number;

const msPerDay = 86_400_000;
const dayNumbers = new Map<string, DayNumber>();
const boundedEntries = 20_000;

const remembered = <V>(memory: Map<string, V>, key: string, make: () => V): V => {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= boundedEntries) memory.clear();
  const made = make();
  memory.set(key, made);
  return made;
};
export const dayNumber = (day: string): DayNumber =>
  remembered(dayNumbers, day, () => Math.floor(Date.parse(`${day}T00:00:00Z`) / msPerDay));
const dayTexts = new Map<DayNumber, string>();
export const dayText = (day: DayNumber): string => {
  const known = dayTexts.get(day);
  if (known !== undefined) return known;
  if (dayTexts.size >= boundedEntries) dayTexts.clear();
  const text = new Date(day * msPerDay).toISOString().slice(0, 10);
  dayTexts.set(day, text);
  return text;
};

const rome = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome', year: 'numeric', month: '2-digit', day: '2-digit' });
const romeHours = new Map<string, DayNumber>();
/** The Rome day of an instant (ISO 8601 UTC). Rome is whole hours away from UTC and changes its clock on the hour, so the day is one per UTC hour. */
export const romeDay = (instant: string): DayNumber =>
  remembered(romeHours, instant.slice(0, 13), () => dayNumber(rome.format(new Date(instant))));

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
