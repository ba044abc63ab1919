import type { Localised, reporting } from '@ateneo/contracts';
import type { CompiledRequirement, DurationRule } from './compiled-set.rules.js';
import { monthsIn, union, weeksIn, within, type Amount, type Days, type MonthCounting } from './duration.rules.js';
import { CREDIT_SCALE, type TrainingYearDays } from './facts.rules.js';
import { fraction, isLess, lowest, percentOf, whole, type Fraction } from './fraction.rules.js';
import { NOT_STATED } from './shape.rules.js';

type Leaf = CompiledRequirement['leaves'][number];
type Part = reporting.Figure['parts'][number];
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
type Outcome = {
  readonly n: number;
  readonly achieved: number;
  readonly progress: Fraction | null;
  readonly met: boolean;
  readonly parts: readonly Part[];
};

const smallUnits = { weeks: 1, months: 1, semesters: 6, years: 12 } as const;
const amountOf = (rule: DurationRule, days: readonly Days[], months: MonthCounting): Amount =>
  rule.unit === 'weeks' ? weeksIn(days) : monthsIn(days, months);

const wholeCourse = (rule: DurationRule, minimum: number, counted: Counted, terms: Terms): Outcome => {
  const amount = amountOf(rule, counted.days, terms.months);
  const units = smallUnits[rule.unit];
  const n = Math.floor(amount.whole / units);
  return {
    n,
    achieved: n,
    progress: fraction(amount.whole * amount.of + amount.left, amount.of * minimum * units),
    met: amount.whole >= minimum * units,
    parts: [],
  };
};
const plus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
/** The best `years` training years, each capped at its own minimum (counting.md 9); `n` is all the time in training years. */
const perYear = (rule: DurationRule, each: number, counted: Counted, terms: Terms): Outcome => {
  const units = smallUnits[rule.unit];
  const years = rule.years ?? 1;
  const byYear = terms.years.map((it) => within(counted.days, it.from, it.to));
  const best = byYear
    .map((it) => amountOf(rule, it, terms.months))
    .map((it) => lowest(fraction(it.whole * it.of + it.left, it.of * units), whole(each)))
    .sort((a, b) => (isLess(a, b) ? 1 : isLess(b, a) ? -1 : 0))
    .slice(0, years);
  const n = Math.floor(amountOf(rule, union(byYear.flat()), terms.months).whole / units);
  const total = best.reduce((sum, it) => plus(sum, it), whole(0));
  const achieved = Math.floor(total.numerator / total.denominator);
  return { n, achieved, progress: fraction(total.numerator, total.denominator * each * years), met: achieved >= each * years, parts: [] };
};

const part = (key: string, label: Localised, n: number, minimum: number): Part => ({ key, label, n, minimum, met: n >= minimum });
const simple = (n: number, minimum: number): Outcome => ({ n, achieved: n, progress: fraction(n, minimum), met: n >= minimum, parts: [] });
const itemised = (n: number, items: readonly Part[]): Outcome => {
  const achieved = items.reduce((sum, it) => sum + Math.min(it.n, it.minimum), 0);
  return {
    n,
    achieved,
    progress: fraction(
      achieved,
      items.reduce((sum, it) => sum + it.minimum, 0),
    ),
    met: items.every((it) => it.met),
    parts: items,
  };
};

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
      return { ...simple(counted.credits / CREDIT_SCALE, leaf.minimum), progress: fraction(counted.credits, leaf.minimum * CREDIT_SCALE) };
    case 'duration':
      return leaf.minimumPerYear === undefined
        ? wholeCourse(leaf, leaf.minimum ?? 1, counted, terms)
        : perYear(leaf, leaf.minimumPerYear, counted, terms);
    case 'qualitative':
      return simple(counted.attested ? 1 : 0, 1);
    case 'cross_credit':
      return { n: counted.n, achieved: counted.n, progress: null, met: true, parts: [] };
  }
};

const durationLabel: Localised = { it: 'durata', en: 'duration' };
const durationPart = (leaf: DurationRule, outcome: Outcome): Part => ({
  key: 'duration',
  label: durationLabel,
  n: outcome.n,
  minimum: leaf.minimum ?? (leaf.minimumPerYear ?? 0) * (leaf.years ?? 1),
  met: outcome.met,
});
const figureOf = (outcome: Outcome, levels: Record<string, number>): reporting.Figure => ({
  n: outcome.n,
  achieved: outcome.achieved,
  progress: outcome.progress,
  percent: outcome.progress && percentOf(outcome.progress),
  met: outcome.met,
  levels,
  parts: [...outcome.parts],
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
  return figureOf(
    {
      n: chief.n,
      achieved: chief.achieved,
      progress: progresses.length > 0 ? progresses.reduce(lowest) : null,
      met: outcomes.every((it) => it.met),
      parts,
    },
    levels,
  );
};
