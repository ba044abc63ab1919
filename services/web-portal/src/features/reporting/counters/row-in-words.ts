import type { Format } from '../../../i18n/format.js';
import type { Translate } from '../../../i18n/messages.js';
import type { Requirement } from './requirement-state.js';

type Figure = Requirement['definitive'];
type Part = Figure['failing'][number];

/** «12 di 30 · 40%, primo operatore 0 di 3»: number, minimum and percentage as the counters say them, and what fails beside them (counting.md 5). */
export const rowInWords = ({ number, minimum, unit, percent, failing }: Figure, t: Translate, format: Format): string => {
  if (minimum === null || percent === null) return format.number(number);
  const chief = t('counter.row', {
    number: format.number(number),
    minimum: amount(minimum, unit, t, format),
    percent: format.percent(percent),
  });
  return [chief, ...failing.map((part) => partInWords(part, t, format))].join(', ');
};

/** «primo operatore 0 di 3» */
export const partInWords = ({ label, number, minimum, unit }: Part, t: Translate, format: Format): string =>
  t('counter.failing', { part: format.local(label), number: format.number(number), minimum: amount(minimum, unit, t, format) });

const amount = (n: number, unit: string | undefined, t: Translate, format: Format): string =>
  unit === undefined ? format.number(n) : t(`unit.${unit as 'months'}`, { n });
