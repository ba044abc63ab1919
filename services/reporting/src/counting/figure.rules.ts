import { type Days, union } from '@ateneo/calendar';
import type { ClassifiedValue, Localised, reporting } from '@ateneo/contracts';
import type { CompiledRequirement, DurationRule } from './compiled-set.rules.js';
import { countDays, monthsIn, weeksIn, within, type Amount, type MonthCounting } from './duration.rules.js';
import { CREDIT_SCALE, type TrainingYearDays } from './facts.rules.js';
import { fraction, isLess, lowest, whole, type Fraction } from './fraction.rules.js';
import { numberOf, rowOf, type Standing } from './row.rules.js';
import { NOT_STATED } from './shape.rules.js';

type Leaf = CompiledRequirement['leaves'][number];
type Part = reporting.FigurePart;
/** What counts for one requirement in one counter. */
export type Counted = {
  readonly n: number;
  readonly levels: Record<string, number>;
  /** per component or item */
  readonly parts: readonly number[];
  /** per leaf of the rule: quantity in the part of a share, or in the window with the required value */
  readonly inPart: readonly number[];
  /** thousandths of validated credits */
  readonly credits: number;
  /** counted days, suspended ones taken out */
  readonly days: readonly Days[];
  readonly attested: boolean;
};
export type Terms = {
  readonly months: MonthCounting;
  readonly years: readonly TrainingYearDays[];
  readonly minimumOf: (requirementId: string) => number;
};
/** `achieved` of the standing is exact; `units`: the whole number of them (counting.md 28). */
type Outcome = Standing & {
  readonly n: number;
  readonly units: number;
  readonly progress: Fraction | null;
  readonly remainder?: reporting.Figure['remainder'];
  readonly time?: reporting.Figure['time'];
};

const smallUnits = { weeks: 1, months: 1, semesters: 6, years: 12 } as const;
const amountOf = (rule: DurationRule, days: readonly Days[], months: MonthCounting): Amount =>
  rule.unit === 'weeks' ? weeksIn(days) : monthsIn(days, months);

const timeOf = (rule: DurationRule, { days }: Counted, { years }: Terms): reporting.Figure['time'] => ({
  unit: rule.unit,
  days: countDays(days),
  years: years.map(({ year, from, to }) => ({ year, days: countDays(within(days, from, to)) })),
});
const wholeCourse = (rule: DurationRule, minimum: number, counted: Counted, terms: Terms): Outcome => {
  const amount = amountOf(rule, counted.days, terms.months);
  const size = smallUnits[rule.unit];
  const n = Math.floor(amount.whole / size);
  const small = amount.whole * amount.of + amount.left;
  return {
    ...{ n, units: n, achieved: fraction(small, amount.of * size), minimum, parts: [], unit: rule.unit },
    progress: fraction(small, amount.of * minimum * size),
    met: amount.whole >= minimum * size,
    time: timeOf(rule, counted, terms),
  };
};
const plus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
/** The best `years` training years, each capped at its own minimum (counting.md 9); `n` is all the time in training years. */
const perYear = (rule: DurationRule, each: number, counted: Counted, terms: Terms): Outcome => {
  const size = smallUnits[rule.unit];
  const years = rule.years ?? 1;
  const byYear = terms.years.map((it) => within(counted.days, it.from, it.to));
  const best = byYear
    .map((it) => amountOf(rule, it, terms.months))
    .map((it) => lowest(fraction(it.whole * it.of + it.left, it.of * size), whole(each)))
    .sort((a, b) => (isLess(a, b) ? 1 : isLess(b, a) ? -1 : 0))
    .slice(0, years);
  const n = Math.floor(amountOf(rule, union(byYear.flat()), terms.months).whole / size);
  const total = best.reduce((sum, it) => plus(sum, it), whole(0));
  const minimum = each * years;
  const units = Math.floor(total.numerator / total.denominator);
  return {
    ...{ n, units, achieved: total, minimum, parts: [], unit: rule.unit },
    progress: fraction(total.numerator, total.denominator * minimum),
    met: units >= minimum,
    time: timeOf(rule, counted, terms),
  };
};

const part = (key: string, label: Localised, n: number, minimum: number): Part => ({
  key,
  label,
  n,
  number: n,
  minimum,
  met: n >= minimum,
});
const simple = (n: number, minimum: number): Outcome => ({
  ...{ n, units: n, achieved: whole(n), minimum, parts: [] },
  progress: fraction(n, minimum),
  met: n >= minimum,
});
const itemised = (n: number, items: readonly Part[]): Outcome => {
  const capped = items.reduce((sum, it) => sum + Math.min(it.n, it.minimum), 0);
  const minimum = items.reduce((sum, it) => sum + it.minimum, 0);
  return {
    ...{ n, units: capped, achieved: whole(capped), minimum, parts: items },
    progress: fraction(capped, minimum),
    met: items.every((it) => it.met),
  };
};

const remainderOf = ({ value, label }: ClassifiedValue, n: number): reporting.Figure['remainder'] => ({ key: value, label, n });

const outcomeOf = (leaf: Leaf, index: number, counted: Counted, headline: number | null, terms: Terms): Outcome => {
  const inPart = counted.inPart[index] ?? 0;
  switch (leaf.kind) {
    case 'min_count':
    case 'subset_of':
      return simple(counted.n, leaf.minimum);
    case 'share':
    case 'sub_minimum': {
      const total = simple(counted.n, leaf.minimum);
      const share = simple(inPart, leaf.partMinimum);
      return {
        ...total,
        progress: lowest(total.progress as Fraction, share.progress as Fraction),
        met: total.met && share.met,
        parts: [part(leaf.part.value, leaf.part.label, inPart, leaf.partMinimum)],
        ...(leaf.kind === 'share' && leaf.remainder && { remainder: remainderOf(leaf.remainder, counted.n - inPart) }),
      };
    }
    case 'components':
      return itemised(
        counted.n,
        leaf.components.map((it, place) => part(it.key, it.label, counted.parts[place] ?? 0, it.minimum)),
      );
    case 'each_of':
      return itemised(
        counted.n,
        leaf.items.map((it, place) => part(it.key, it.label, counted.parts[place] ?? 0, leaf.minimumEach)),
      );
    case 'sum_of':
      return simple(counted.n, headline ?? leaf.of.reduce((sum, id) => sum + terms.minimumOf(id), 0));
    case 'year_window':
      return { ...simple(counted.n, leaf.minimum), parts: [part(leaf.requires.value, leaf.requires.label, inPart, 0)] };
    case 'credits':
      return {
        ...simple(counted.credits / CREDIT_SCALE, leaf.minimum),
        achieved: fraction(counted.credits, CREDIT_SCALE),
        progress: fraction(counted.credits, leaf.minimum * CREDIT_SCALE),
      };
    case 'duration':
      return leaf.minimumPerYear === undefined
        ? wholeCourse(leaf, leaf.minimum ?? 1, counted, terms)
        : perYear(leaf, leaf.minimumPerYear, counted, terms);
    case 'qualitative':
      return simple(counted.attested ? 1 : 0, 1);
    case 'cross_credit':
      return { n: counted.n, units: counted.n, achieved: whole(counted.n), minimum: null, progress: null, met: true, parts: [] };
  }
};

const durationLabel: Localised = { it: 'durata', en: 'duration' };
const durationPart = (leaf: DurationRule, { n, achieved, minimum, met }: Outcome): Part => ({
  key: 'duration',
  label: durationLabel,
  n,
  number: numberOf(achieved),
  unit: leaf.unit,
  minimum: minimum ?? 0,
  met,
});
const figureOf = (outcome: Outcome, levels: Record<string, number>): reporting.Figure => ({
  n: outcome.n,
  achieved: outcome.units,
  progress: outcome.progress,
  ...rowOf(outcome),
  met: outcome.met,
  levels,
  parts: [...outcome.parts],
  ...(outcome.remainder && { remainder: outcome.remainder }),
  ...(outcome.time && { time: outcome.time }),
});
const levelsOf = (leaf: Leaf, outcome: Outcome, counted: Counted): Record<string, number> => {
  if (leaf.kind === 'duration') return { [NOT_STATED]: outcome.n };
  return leaf.kind === 'qualitative' ? {} : counted.levels;
};

/** One counter of one requirement: total, share, components, time, as its rule says (catalogue README 1.3, counting.md 4). */
export const figure = (requirement: CompiledRequirement, counted: Counted, terms: Terms): reporting.Figure => {
  const { leaves, counting } = requirement;
  const outcomes = leaves.map((leaf, index) => outcomeOf(leaf, index, counted, requirement.requirement.minimum, terms));
  const main = Math.max(counting ? leaves.indexOf(counting) : 0, 0);
  const chief = outcomes[main] as Outcome;
  const levels = levelsOf(leaves[main] as Leaf, chief, counted);
  if (requirement.rule.kind !== 'all') return figureOf(chief, levels);
  const progresses = outcomes.flatMap((it) => (it.progress ? [it.progress] : []));
  const parts = outcomes.flatMap((it, index) => {
    const leaf = leaves[index] as Leaf;
    return leaf.kind === 'duration' ? [durationPart(leaf, it)] : it.parts;
  });
  const { time } = outcomes.find((it) => it.time) ?? {};
  return figureOf(
    {
      ...chief,
      ...(time && { time }),
      progress: progresses.length > 0 ? progresses.reduce(lowest) : null,
      met: outcomes.every((it) => it.met),
      parts,
    },
    levels,
  );
};
