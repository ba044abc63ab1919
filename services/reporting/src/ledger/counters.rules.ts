import { dayOf } from '@ateneo/calendar';
import type { reporting } from '@ateneo/contracts';
import type { DayNumber } from '../counting/calendar.rules.js';
import type { MonthCounting } from '../counting/duration.rules.js';
import { evaluate } from '../counting/evaluation.rules.js';
import { stretchAt, stretchesOf, SUBMITTED, VALIDATED, windowMasks, type Reference } from '../counting/facts.rules.js';
import { remarksOn, type EntryFact } from '../counting/remarks.rules.js';
import type { Enrolment } from './enrolment.rules.js';
import type { NetworkReference } from './network-reference.rules.js';

/** Performed on or before `asOf`; recorded by the end of `knownBy`, or at all (counting.md 22). */
export type CountersQuestion = { readonly asOf: DayNumber; readonly knownBy?: DayNumber; readonly months: MonthCounting };
export type EntryBehind = { readonly fact: EntryFact; readonly via?: string };

/** Counters of every set in force; none where enrolment, cohort or sets were not known. */
export const countersOf = (
  enrolment: Enrolment,
  network: NetworkReference,
  { asOf, knownBy, months }: CountersQuestion,
): reporting.SetCounter[] | undefined => {
  const reference = enrolment.referenceIn(network, knownBy);
  return reference && evaluate(enrolment.factsFor(reference, { performedBy: asOf, knownBy }), reference, { asOf, months });
};

export const remarksOf = (
  enrolment: Enrolment,
  network: NetworkReference,
  { asOf, knownBy }: CountersQuestion,
): reporting.Counters['remarks'] => {
  const reference = enrolment.referenceIn(network, knownBy);
  return reference ? remarksOn(enrolment.facts.entries({ performedBy: asOf, knownBy }), reference, asOf) : [];
};

const reached = (fact: EntryFact, requirementId: string, reference: Reference): EntryBehind | undefined => {
  const stretches = stretchesOf(reference);
  for (const set of reference.sets) {
    const index = set.byId.get(requirementId)?.index;
    if (index === undefined) continue;
    const route = set.route(fact.shape, windowMasks(set, reference, stretches)[stretchAt(stretches, fact.from)] ?? 0);
    const hit = route.hits.find((it) => it.requirement === index);
    if (hit) return { fact, via: hit.via };
    if (route.durations.includes(index) || (route.credits.includes(index) && fact.state === VALIDATED)) return { fact };
  }
  return undefined;
};
/** The submitted and validated entries behind a requirement, latest first; nothing where it is not in a set in force. */
export const entriesBehind = (
  enrolment: Enrolment,
  network: NetworkReference,
  requirementId: string,
  { asOf, knownBy }: CountersQuestion,
): EntryBehind[] | undefined => {
  const reference = enrolment.referenceIn(network, knownBy);
  if (!reference?.sets.some((it) => it.byId.has(requirementId))) return undefined;
  const behind: EntryBehind[] = [];
  for (const fact of enrolment.facts.entries({ performedBy: asOf, knownBy })) {
    const it = fact.state >= SUBMITTED ? reached(fact, requirementId, reference) : undefined;
    if (it) behind.push(it);
  }
  return behind.sort((a, b) => b.fact.from - a.fact.from || (a.fact.entryId < b.fact.entryId ? -1 : 1));
};
type ExplainedEntry = {
  entryId: string;
  state: 'submitted' | 'validated';
  performedFrom: string;
  performedTo: string;
  activities: string[];
  quantity: number;
  autonomy: string | null;
  classified: Record<string, string>;
  simulated: boolean;
  via?: string;
};
export const explained = ({ fact, via }: EntryBehind): ExplainedEntry => ({
  entryId: fact.entryId,
  state: fact.state === VALIDATED ? 'validated' : 'submitted',
  performedFrom: dayOf(fact.from),
  performedTo: dayOf(fact.to),
  activities: [...fact.shape.activities],
  quantity: fact.quantity,
  autonomy: fact.shape.autonomy,
  classified: { ...fact.shape.classified },
  simulated: fact.shape.simulated,
  ...(via === undefined ? {} : { via }),
});
