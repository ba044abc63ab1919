import { type Activity, type AutonomyScale, logbookEvents, patientDataIn } from '@ateneo/contracts';
import { covers, type Interval } from '@ateneo/calendar';
import { reject, type Refusal } from '@ateneo/event-sourcing';

export type EntryFacts = logbookEvents.EntryFacts;

/** What the logbook knows of the trainee and of the school on the day of the act; read from its own projections. */
export type Reference = {
  readonly enrolmentId: string;
  readonly schoolId: string;
  readonly contract: Interval;
  readonly suspensions: readonly Interval[];
  readonly activity: (code: string) => Activity | undefined;
  readonly units: ReadonlySet<string>;
  readonly scale: AutonomyScale;
};

/** Most that one entry may count: where the unit is counted in bulk, and elsewhere. */
const MOST_IN_BULK = 500;
const MOST_ELSEWHERE = 20;

type Check = (facts: EntryFacts, activities: readonly Activity[], reference: Reference, today: string) => Refusal | undefined;

const onItsDays: Check = ({ performedFrom, performedTo, period }, _activities, { contract, suspensions }, today) => {
  if (performedTo < performedFrom) return reject('period-reversed', { field: 'periodTo' });
  const field = period ? 'periodTo' : 'performedOn';
  if (performedTo > today) return reject('entry-in-the-future', { field, today });
  if (!covers(contract, performedFrom) || !covers(contract, performedTo))
    return reject('outside-contract', { field, from: contract.from, to: contract.to });
  const hit = suspensions.find((one) => covers(one, performedFrom) && covers(one, performedTo));
  return hit && reject('entry-inside-suspension', { field, from: hit.from, to: hit.to });
};

const ofOneKind: Check = ({ kind, activities: codes, period, credits }, activities) => {
  if (new Set(codes).size !== codes.length) return reject('activities-of-different-kinds', { field: 'activities', reason: 'twice' });
  const kinds = new Set(activities.map((activity) => activity.kind));
  const alone = kinds.has('rotation') || kinds.has('credits');
  if (alone && activities.length > 1) return reject('activities-of-different-kinds', { field: 'activities' });
  if (activities.filter((activity) => activity.kind === 'cross-credit').length > 1)
    return reject('activities-of-different-kinds', { field: 'activities' });
  if (kinds.has('rotation') !== period) return reject('date-missing', { field: period ? 'performedOn' : 'periodFrom' });
  if (kinds.has('credits') !== (credits !== null && credits > 0)) return reject('credits-missing', { field: 'credits' });
  const formal = activities.filter((activity) => activity.feeds.length === 0).length;
  return kind === 'non-professional'
    ? (formal < activities.length && reject('activities-of-different-kinds', { field: 'kind' })) || undefined
    : undefined;
};

/** counting.md 20: two components or two items of one requirement in one entry. */
const ofOnePartEach: Check = (_facts, activities) => {
  const parts = new Map<string, string>();
  for (const { code, feeds } of activities) {
    for (const { requirementId, part } of feeds) {
      if (part === undefined) continue;
      const before = parts.get(requirementId);
      if (before !== undefined && before !== part)
        return reject('two-parts-of-one-requirement', { field: 'activities', activity: code, requirementId });
      parts.set(requirementId, part);
    }
  }
  return undefined;
};

/** counting.md 6: what a share asks for is stated on entry, so that nothing drops out silently. */
const wellClassified: Check = ({ classified }, activities) => {
  for (const { code, requires } of activities) {
    for (const { axis } of requires)
      if (!classified[axis]) return reject('classification-missing', { field: `classified/${axis}`, activity: code });
  }
  return undefined;
};

/** Role and level come from the university's own scale. */
export function knownValues({ classified, autonomy }: logbookEvents.Certified, scale: AutonomyScale): Refusal | undefined {
  const role = classified['surgical-role'];
  if (role !== undefined && !scale.surgicalRoles.some(({ key }) => key === role))
    return reject('classification-unknown', { field: 'classified/surgical-role', value: role });
  if (autonomy !== null && !scale.levels.some(({ key }) => key === autonomy))
    return reject('autonomy-unknown', { field: 'autonomy', value: autonomy });
  return undefined;
}

const inRange: Check = ({ quantity, unitId }, activities, { units }) => {
  const most = activities.every(({ bulk }) => bulk) ? MOST_IN_BULK : MOST_ELSEWHERE;
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > most) return reject('quantity-out-of-range', { field: 'quantity', most });
  return unitId !== null && !units.has(unitId) ? reject('unit-not-in-network', { field: 'unitId' }) : undefined;
};

const IMPORTED: readonly Check[] = [
  onItsDays,
  ofOneKind,
  ofOnePartEach,
  ({ classified, autonomy }, _activities, { scale }) => knownValues({ classified, autonomy }, scale),
  inRange,
];
const CHECKS: readonly Check[] = [...IMPORTED, wellClassified];

/** Why what a trainee's entry says cannot stand in the logbook; each refusal names the field. */
export function refuseContent(facts: EntryFacts, note: string, reference: Reference, today: string): Refusal | undefined {
  return suspendedOn(reference, today) ?? refuseBy(CHECKS, facts, note, reference, today);
}

/** The same for an imported row: the secretariat's act, not the suspended trainee's, and what a share asks for may be missing (counting.md 6). */
export const refuseImported = (facts: EntryFacts, note: string, reference: Reference, today: string): Refusal | undefined =>
  refuseBy(IMPORTED, facts, note, reference, today);

/** Classified fields that the activities ask for and the entry does not state. */
export function unclassified({ activities, classified }: EntryFacts, { activity }: Pick<Reference, 'activity'>): string[] {
  const asked = activities.flatMap((code) => activity(code)?.requires ?? []);
  return [...new Set(asked.map(({ axis }) => axis))].filter((axis) => !classified[axis]);
}

function refuseBy(checks: readonly Check[], facts: EntryFacts, note: string, reference: Reference, today: string): Refusal | undefined {
  const activities: Activity[] = [];
  for (const code of facts.activities) {
    const activity = reference.activity(code);
    if (!activity) return reject('activity-not-in-catalogue', { field: 'activities', activity: code });
    activities.push(activity);
  }
  for (const check of checks) {
    const refusal = check(facts, activities, reference, today);
    if (refusal) return refusal;
  }
  return refusePatientData(note, 'note');
}

/** counting.md 24: a suspended trainee reads only, until the day after the suspension. */
export function suspendedOn({ suspensions }: Pick<Reference, 'suspensions'>, today: string): Refusal | undefined {
  const now = suspensions.find((one) => covers(one, today));
  return now && reject('trainee-suspended', { until: now.to });
}

/** counting.md 26. */
export function refusePatientData(text: string, field: string): Refusal | undefined {
  const found = patientDataIn(text);
  return found && reject('patient-data', { field, kind: found });
}
