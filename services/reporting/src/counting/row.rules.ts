import type { reporting } from '@ateneo/contracts';
import type { Fraction } from './fraction.rules.js';

type Row = Pick<reporting.Figure, 'number' | 'unit' | 'minimum' | 'percent' | 'failing'>;
/** What a rule made of the entries, before it is written down. `unit`: of a duration. */
export type Standing = {
  readonly achieved: Fraction;
  readonly minimum: number | null;
  readonly met: boolean;
  readonly parts: readonly reporting.FigurePart[];
  readonly unit?: string;
};

/** An exact amount as it is written: with at most one decimal, rounded down. */
export const numberOf = ({ numerator, denominator }: Fraction): number => Math.floor((numerator * 10) / denominator) / 10;

/** Below 2^53 both products are exact, and so is the whole part of their quotient. */
const wholePercent = ({ numerator, denominator }: Fraction, minimum: number): number =>
  Math.floor((numerator * 100) / (denominator * minimum));

/** Number, minimum and percentage of a row, and what fails beside them; screen and paper print them as they are (counting.md 5). */
export const rowOf = ({ achieved, minimum, met, parts, unit }: Standing): Row => {
  const percent = minimum ? wholePercent(achieved, minimum) : null;
  return {
    number: numberOf(achieved),
    ...(unit !== undefined && { unit }),
    minimum,
    percent: percent === null || met ? percent : Math.min(percent, 99),
    failing: parts.filter((it) => !it.met),
  };
};
