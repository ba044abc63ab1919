const months = ['gen jan', 'feb', 'mar', 'apr', 'mag may', 'giu jun', 'lug jul', 'ago aug', 'set sep', 'ott oct', 'nov', 'dic dec'].map(
  (names) => names.split(' '),
);
const two = (n: number): string => String(n).padStart(2, '0');

const realDay = (year: number, month: number, day: number): string | null => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? `${year}-${two(month)}-${two(day)}` : null;
};
const monthNumber = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) : months.findIndex((names) => names.some((name) => text.startsWith(name))) + 1;

/** Reads a typed day (`12/3/26`, `12 mar`, `12.03.2026`, `120326`, `2026-03-12`) as `YYYY-MM-DD`; a missing year is the nearest past one before `today`. */
export const parseTypedDay = (typed: string, today: string): string | null => {
  const text = typed.trim().toLowerCase();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return realDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const parts =
    /^(\d{1,2})[\s./-]+(\d{1,2}|\p{L}{3,})\.?(?:[\s./-]+(\d{4}|\d{2}))?$/u.exec(text) ?? /^(\d{2})(\d{2})(\d{4}|\d{2})?$/.exec(text);
  if (!parts) return null;
  const [day, month] = [Number(parts[1]), monthNumber(parts[2] ?? '')];
  if (parts[3]) return realDay(Number(parts[3].length === 2 ? `20${parts[3]}` : parts[3]), month, day);
  const thisYear = Number(today.slice(0, 4));
  const found = realDay(thisYear, month, day);
  return found && found > today ? realDay(thisYear - 1, month, day) : found;
};

/** `2026-03-12` → `12/03/2026`, as people write it in a field. */
export const writtenDay = (day: string): string => day.split('-').reverse().join('/');

/** The calendar day so many days later (or earlier). */
export const dayPlus = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
