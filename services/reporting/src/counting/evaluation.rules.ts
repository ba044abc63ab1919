import { dayOf, type Days, union } from '@ateneo/calendar';
import type { reporting } from '@ateneo/contracts';
import type { CompiledRequirement, CompiledSet, Route } from './compiled-set.rules.js';
import { within, without } from './duration.rules.js';
import {
  DRAFT,
  SUBMITTED,
  VALIDATED,
  stretchesOf,
  windowMasks,
  type ByState,
  type Facts,
  type PeriodFact,
  type Question,
  type Reference,
} from './facts.rules.js';
import { figure, type Counted, type Terms } from './figure.rules.js';
import { percentOfMean } from './fraction.rules.js';
import { NOT_STATED } from './shape.rules.js';

type Sums = [number, number, number];
const noSums = (): Sums => [0, 0, 0];
const add = (to: Sums, what: ByState): void => {
  to[DRAFT] += what[DRAFT];
  to[SUBMITTED] += what[SUBMITTED];
  to[VALIDATED] += what[VALIDATED];
};
/** Sums of one requirement by state, from which both counters and «logged» are read. */
type Gathered = { total: Sums; levels: Map<string, Sums>; parts: Sums[]; inPart: Sums[]; credits: Sums; periods: PeriodFact[] };
const nothing = (it: CompiledRequirement): Gathered => ({
  total: noSums(),
  levels: new Map(),
  parts: it.parts.map(noSums),
  inPart: it.leaves.map(noSums),
  credits: noSums(),
  periods: [],
});

const addLevel = (gathered: Gathered, level: string, what: ByState): void => {
  let sums = gathered.levels.get(level);
  if (!sums) gathered.levels.set(level, (sums = noSums()));
  add(sums, what);
};
const gatherActs = (route: Route, all: readonly Gathered[], level: string, quantity: ByState, credits: ByState): void => {
  for (const hit of route.hits) {
    const gathered = all[hit.requirement] as Gathered;
    add(gathered.total, quantity);
    addLevel(gathered, level, quantity);
    if (hit.part >= 0) add(gathered.parts[hit.part] as Sums, quantity);
    for (let leaf = 0; leaf < hit.inPart.length; leaf += 1) if (hit.inPart[leaf]) add(gathered.inPart[leaf] as Sums, quantity);
  }
  for (const index of route.credits) {
    const gathered = all[index] as Gathered;
    add(gathered.credits, credits);
    addLevel(gathered, level, [credits[DRAFT] / 1000, credits[SUBMITTED] / 1000, credits[VALIDATED] / 1000]);
  }
};
const gather = (set: CompiledSet, facts: Facts, reference: Reference): Gathered[] => {
  const all = set.requirements.map(nothing);
  const masks = windowMasks(set, reference, stretchesOf(reference));
  for (const { shape, stretch, quantity, credits } of facts.tallies)
    gatherActs(set.route(shape, masks[stretch] ?? 0), all, shape.autonomy ?? NOT_STATED, quantity, credits);
  for (const period of facts.periods)
    for (const index of set.route(period.shape, 0).durations) (all[index] as Gathered).periods.push(period);
  return all;
};

/** Which states a counter adds up: provisional from submitted on, definitive validated alone (counting.md 1). */
type From = typeof DRAFT | typeof SUBMITTED | typeof VALIDATED;
const sumFrom = (sums: Sums, from: From): number =>
  sums[VALIDATED] + (from <= SUBMITTED ? sums[SUBMITTED] : 0) + (from === DRAFT ? sums[DRAFT] : 0);
const daysFrom = (periods: readonly PeriodFact[], from: From, reference: Reference, asOf: number): Days[] => {
  if (periods.length === 0) return [];
  const spans = periods.filter((it) => it.state >= from).map((it): Days => [it.from, it.to]);
  return within(without(union(spans), reference.suspended), Number.NEGATIVE_INFINITY, asOf);
};
const countedFrom = (
  requirement: CompiledRequirement,
  gathered: Gathered,
  from: From,
  reference: Reference,
  question: Question,
): Counted => {
  const isCredits = requirement.rule.kind === 'credits';
  const states = isCredits && from === SUBMITTED ? VALIDATED : from;
  const levels: Record<string, number> = {};
  for (const [level, sums] of gathered.levels) {
    const n = sumFrom(sums, states);
    if (n > 0) levels[level] = n;
  }
  return {
    n: sumFrom(gathered.total, from),
    levels,
    parts: gathered.parts.map((it) => sumFrom(it, from)),
    inPart: gathered.inPart.map((it) => sumFrom(it, from)),
    credits: sumFrom(gathered.credits, states),
    days: daysFrom(gathered.periods, from, reference, question.asOf),
    attested: isAttested(reference, requirement.requirement.id, question.asOf),
  };
};
/** From its day until the day of revocation, which is the first without it (counting.md 13); the interval that holds the day decides (counting.md 30). */
const isAttested = (reference: Reference, requirementId: string, asOf: number): boolean =>
  reference.attestations.some(
    (it) => it.requirementId === requirementId && !it.withdrawn && it.from <= asOf && (it.until === null || asOf < it.until),
  );
const attestationsOf = (reference: Reference, requirementId: string): reporting.RequirementCounter['attestations'] =>
  reference.attestations
    .filter((it) => it.requirementId === requirementId)
    .map(({ from, until, withdrawn }) => ({ from: dayOf(from), until: until === null ? null : dayOf(until), withdrawn }));

const counterOf = (
  requirement: CompiledRequirement,
  gathered: Gathered,
  reference: Reference,
  question: Question,
  terms: Terms,
): reporting.RequirementCounter => {
  const { requirement: it } = requirement;
  const act = reference.notApplicable.get(it.id);
  const figureFrom = (from: From) => figure(requirement, countedFrom(requirement, gathered, from, reference, question), terms);
  return {
    requirementId: it.id,
    label: it.label,
    note: it.note,
    unit: it.unit,
    minimum: it.minimum,
    kind: requirement.rule.kind,
    parent: it.parent,
    simulationAllowed: it.simulationAllowed ?? false,
    verify: it.verify,
    applicable: act === undefined,
    notApplicableAct: act,
    provisional: figureFrom(SUBMITTED),
    definitive: figureFrom(VALIDATED),
    logged: figureFrom(DRAFT).n,
    ...(requirement.rule.kind === 'qualitative' && { attestations: attestationsOf(reference, it.id) }),
  };
};

/** Common items for everyone, those of an elective track for who chose it (counting.md 14). */
const concerns =
  (set: CompiledSet, track: string | null) =>
  (it: CompiledRequirement): boolean =>
    it.track === undefined || !set.electives.includes(it.track) || it.track === track;
const withoutPercent = new Set(['qualitative', 'cross_credit']);
const percentOfSet = (counters: readonly reporting.RequirementCounter[], side: 'provisional' | 'definitive'): number | null =>
  percentOfMean(counters.flatMap((it) => (withoutPercent.has(it.kind) || !it[side].progress ? [] : [it[side].progress])));

const evaluateSet = (set: CompiledSet, facts: Facts, reference: Reference, question: Question): reporting.SetCounter => {
  const gathered = gather(set, facts, reference);
  const terms: Terms = { months: question.months, years: reference.years, minimumOf: (id) => set.byId.get(id)?.requirement.minimum ?? 0 };
  const chosen = reference.track !== null && set.electives.includes(reference.track) ? reference.track : null;
  const trackMissing = set.electives.length > 0 && chosen === null;
  const counters = set.requirements
    .filter(concerns(set, chosen))
    .map((it) => counterOf(it, gathered[it.index] as Gathered, reference, question, terms));
  const applicable = counters.filter((it) => it.applicable);
  const met = (side: 'provisional' | 'definitive'): boolean => !trackMissing && applicable.every((it) => it[side].met);
  return {
    setId: set.set.id,
    act: set.set.act,
    actDate: set.set.actDate,
    version: set.set.version,
    mode: set.set.mode,
    percent: { provisional: percentOfSet(applicable, 'provisional'), definitive: percentOfSet(applicable, 'definitive') },
    met: { provisional: met('provisional'), definitive: met('definitive') },
    missingAttestations: applicable.filter((it) => it.kind === 'qualitative' && !it.definitive.met).length,
    track: { chosen, missing: trackMissing },
    requirements: counters,
  };
};

/** Counters of every set in force, core first; supplements apart (counting.md 17). */
export const evaluate = (facts: Facts, reference: Reference, question: Question): reporting.SetCounter[] =>
  reference.sets.map((set) => evaluateSet(set, facts, reference, question));
