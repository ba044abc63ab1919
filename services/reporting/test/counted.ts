import { dayNumber, type Days } from '@ateneo/calendar';
import type { Activity, reporting } from '@ateneo/contracts';
import { compileSet } from '../src/counting/compiled-set.rules.js';
import { evaluate } from '../src/counting/evaluation.rules.js';
import {
  DRAFT,
  stretchAt,
  stretchesOf,
  SUBMITTED,
  VALIDATED,
  type PeriodFact,
  type Reference,
  type Tally,
} from '../src/counting/facts.rules.js';
import { remarksOn, type EntryFact, type Remark } from '../src/counting/remarks.rules.js';
import { shapeOf, type Classified } from '../src/counting/shape.rules.js';
import { activitiesOf, courseYearsOf, setOf } from './catalogue.js';

export type Entry = {
  activities: string[];
  times?: number;
  quantity?: number;
  state?: 'draft' | 'submitted' | 'validated';
  on?: string;
  period?: [from: string, to: string];
  classified?: Classified;
  autonomy?: string;
  simulated?: boolean;
  credits?: number;
  creditedTo?: string;
};
export type University = {
  set: string;
  supplements?: string[];
  activities?: Activity[];
  asOf?: string;
  suspended?: [string, string][];
  track?: string;
  notApplicable?: string[];
  attestations?: { requirementId: string; from: string; until?: string }[];
  months?: 'calendar' | 'proportional';
  years?: [string, string][];
};

const states = { draft: DRAFT, submitted: SUBMITTED, validated: VALIDATED } as const;
const anniversaries = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, index) => [`${2021 + index}-11-01`, `${2022 + index}-10-31`]);
export const referenceOf = (it: University): Reference => ({
  sets: [it.set, ...(it.supplements ?? [])].map((id) =>
    compileSet(setOf(id), [...activitiesOf(setOf(id)), ...(it.activities ?? []).filter((activity) => activity.setId === id)]),
  ),
  courseYears: courseYearsOf(it.set),
  years: (it.years ?? anniversaries(courseYearsOf(it.set))).map(([from, to], index) => ({
    year: index + 1,
    from: dayNumber(from),
    to: dayNumber(to),
  })),
  suspended: (it.suspended ?? []).map(([from, to]): Days => [dayNumber(from), dayNumber(to)]),
  track: it.track ?? null,
  attestations: (it.attestations ?? []).map((attestation) => ({
    attestationId: attestation.requirementId,
    requirementId: attestation.requirementId,
    from: dayNumber(attestation.from),
    until: attestation.until ? dayNumber(attestation.until) : null,
    withdrawn: false,
  })),
  notApplicable: new Map((it.notApplicable ?? []).map((id) => [id, 'Delibera 12/2026'])),
});
const shapeOfEntry = (it: Entry) =>
  shapeOf({
    activities: it.activities,
    classified: it.classified ?? {},
    autonomy: it.autonomy ?? null,
    simulated: it.simulated ?? false,
    period: it.period !== undefined,
    creditedTo: it.creditedTo ?? null,
  });
const performed = (it: Entry): [number, number] => [
  dayNumber(it.period?.[0] ?? it.on ?? '2022-03-01'),
  dayNumber(it.period?.[1] ?? it.on ?? '2022-03-01'),
];

/** Counters of a trainee with these entries, without a ledger in between. */
export const countersOf = (university: University, entries: Entry[]): reporting.SetCounter[] => {
  const reference = referenceOf(university);
  const stretches = stretchesOf(reference);
  const tallies: Tally[] = [];
  const periods: PeriodFact[] = [];
  for (const it of entries) {
    const [from, to] = performed(it);
    const state = states[it.state ?? 'validated'];
    if (it.period) periods.push({ shape: shapeOfEntry(it), state, from, to });
    const quantity: [number, number, number] = [0, 0, 0];
    const credits: [number, number, number] = [0, 0, 0];
    quantity[state] = (it.quantity ?? 1) * (it.times ?? 1);
    credits[state] = Math.round((it.credits ?? 0) * 1000) * (it.times ?? 1);
    if (!it.period) tallies.push({ shape: shapeOfEntry(it), stretch: stretchAt(stretches, from), quantity, credits });
  }
  return evaluate({ tallies, periods }, reference, {
    asOf: dayNumber(university.asOf ?? '2026-11-20'),
    months: university.months ?? 'calendar',
  });
};
export const counterOf = (university: University, requirementId: string, entries: Entry[]): reporting.RequirementCounter => {
  const found = countersOf(university, entries)
    .flatMap((it) => it.requirements)
    .find((it) => it.requirementId === requirementId);
  if (!found) throw new Error(`no counter ${requirementId}`);
  return found;
};
export const definitiveOf = (university: University, requirementId: string, entries: Entry[]): reporting.Figure =>
  counterOf(university, requirementId, entries).definitive;
export const remarksOf = (university: University, entries: Entry[]): Remark[] =>
  remarksOn(
    entries.map((it, index): EntryFact => ({
      entryId: `entry-${index}`,
      shape: shapeOfEntry(it),
      state: states[it.state ?? 'validated'],
      quantity: it.quantity ?? 1,
      from: performed(it)[0],
      to: performed(it)[1],
    })),
    referenceOf(university),
    dayNumber(university.asOf ?? '2026-11-20'),
  );
