import type { ReportLocale } from './report-model.js';

/** At most one decimal, cut and never rounded up, so that an unmet minimum is not printed as met. */
export function displayNumber(value: number, locale: ReportLocale): string {
  const tenths = Math.floor(value * 10 + 1e-9);
  const whole = Math.floor(tenths / 10)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, locale === 'it' ? '.' : ',');
  const rest = tenths % 10;
  return rest === 0 ? whole : `${whole}${locale === 'it' ? ',' : '.'}${rest}`;
}

const clocks: Record<ReportLocale, Intl.DateTimeFormat> = {
  it: new Intl.DateTimeFormat('it-IT', { timeZone: 'Europe/Rome', dateStyle: 'long', timeStyle: 'short' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Rome', dateStyle: 'long', timeStyle: 'short' }),
};

/** An ISO 8601 instant as day and time of Europe/Rome. */
export const displayInstant = (instant: string, locale: ReportLocale) => clocks[locale].format(new Date(instant));

/** The 32 hexadecimal digits of a report code in groups of four. */
export const displayCode = (code: string) => (code.toUpperCase().match(/.{1,4}/g) ?? []).join('-');
