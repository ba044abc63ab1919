/** An exact fraction in lowest terms, denominator ≥ 1 (counting.md 4). */
export type Fraction = { readonly numerator: number; readonly denominator: number };

const greatestCommonDivisor = (a: number, b: number): number => {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
};
export const fraction = (numerator: number, denominator: number): Fraction => {
  const divisor = greatestCommonDivisor(numerator, denominator) || 1;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
};
export const whole = (n: number): Fraction => ({ numerator: n, denominator: 1 });

/** Below 2^53 the cross products are exact: numerators are quantities, denominators legal minimums. */
export const isLess = (a: Fraction, b: Fraction): boolean => a.numerator * b.denominator < b.numerator * a.denominator;
export const lowest = (a: Fraction, b: Fraction): Fraction => (isLess(b, a) ? b : a);
/** Whole percent of a progress, rounded down. */
export const percentOf = (it: Fraction): number => Math.floor((it.numerator * 100) / it.denominator);

const exactPercentOfMean = (progresses: readonly Fraction[]): number => {
  let numerator = 0n;
  let denominator = 1n;
  for (const it of progresses) {
    numerator = numerator * BigInt(it.denominator) + BigInt(it.numerator) * denominator;
    denominator *= BigInt(it.denominator);
  }
  return Number((numerator * 100n) / (denominator * BigInt(progresses.length)));
};
/** Exact mean of min(progress, 1) in whole percents, rounded down; none: no percentage (counting.md 18). */
export const percentOfMean = (progresses: readonly Fraction[]): number | null => {
  if (progresses.length === 0) return null;
  const capped = progresses.map((it) => (it.numerator > it.denominator ? whole(1) : it));
  const near = (capped.reduce((sum, it) => sum + it.numerator / it.denominator, 0) * 100) / capped.length;
  return Math.abs(near - Math.round(near)) > 1e-6 ? Math.floor(near) : exactPercentOfMean(capped);
};
