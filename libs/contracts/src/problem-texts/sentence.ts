type Values = Readonly<Record<string, unknown>>;
export type SentenceLocale = 'it' | 'en';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** What machines write; anything else may be somebody's words and is not repeated. */
const SHORT_CODE = /^[A-Za-z0-9][A-Za-z0-9._:/+*, -]{0,79}$/;
const LANGUAGE = { it: 'it-IT', en: 'en-GB' } as const;
const MIB = 1_048_576;

/**
 * A sentence of `problem-texts` with the values that a refusal gives. A part in brackets names a value, «[, dal {from}]», and is left out where there is none,
 * so that the sentence is whole without any.
 */
export const sentenceOf = (template: string, values: Values, locale: SentenceLocale): string =>
  template.replace(/\[([^\]]*)\]/g, (_, part: string) => {
    let whole = true;
    const filled = part.replace(/\{(\w+)\}/g, (__, name: string) => {
      const written = writtenOf(name, values[name], locale);
      whole &&= written !== undefined;
      return written ?? '';
    });
    return whole ? filled : '';
  });

function writtenOf(name: string, value: unknown, locale: SentenceLocale): string | undefined {
  if (typeof value === 'number') {
    const number = (n: number) => new Intl.NumberFormat(LANGUAGE[locale]).format(n);
    return name.endsWith('Bytes') ? `${number(Math.floor(value / MIB))} MiB` : number(value);
  }
  if (Array.isArray(value)) {
    const all = value.map((one) => writtenOf(name, one, locale));
    return all.length === 0 || all.includes(undefined) ? undefined : all.join(', ');
  }
  if (typeof value !== 'string' || !SHORT_CODE.test(value)) return undefined;
  if (!DAY.test(value)) return value;
  const style = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(LANGUAGE[locale], style).format(new Date(`${value}T00:00:00Z`));
}

/** The same sentences where no value is at hand. */
export const withoutValues = <Texts extends Readonly<Record<string, string>>>(texts: Texts): { readonly [Code in keyof Texts]: string } =>
  Object.fromEntries(Object.entries(texts).map(([code, text]) => [code, sentenceOf(text, {}, 'it')])) as { [Code in keyof Texts]: string };
