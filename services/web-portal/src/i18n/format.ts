import type { Localised } from '@ateneo/contracts';
import type { Locale } from './messages.js';

const zone = 'Europe/Rome';
const atNoon = (day: string): Date => new Date(`${day}T12:00:00Z`);

/** Days, instants and figures as the portal writes them, in Italian or English. */
export const formatter = (locale: Locale) => {
  const tag = locale === 'it' ? 'it-IT' : 'en-GB';
  const shortDay = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric', timeZone: zone });
  const longDay = new Intl.DateTimeFormat(tag, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: zone });
  const time = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', timeZone: zone });
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: 2, useGrouping: true });
  return {
    day: (day: string) => shortDay.format(atNoon(day)),
    longDay: (day: string) => longDay.format(atNoon(day)),
    period: (from: string, to: string) =>
      from === to ? shortDay.format(atNoon(from)) : `${shortDay.format(atNoon(from))} – ${shortDay.format(atNoon(to))}`,
    instant: (at: string) => `${shortDay.format(new Date(at))}, ${time.format(new Date(at))}`,
    number: (n: number) => number.format(n),
    percent: (n: number) => `${number.format(n)}${locale === 'it' ? '\u00a0%' : '%'}`,
    local: (text: Localised) => text[locale],
  };
};
export type Format = ReturnType<typeof formatter>;

/** Today in Rome. */
export const today = (): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date());
