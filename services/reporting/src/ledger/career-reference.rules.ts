import { dayNumber, type Days, union } from '@ateneo/calendar';
import { careerEvents, logbookEvents } from '@ateneo/contracts';
import { handlers, on } from '@ateneo/event-sourcing';
import type { DayNumber } from '../counting/calendar.rules.js';
import type { Attestation, TrainingYearDays } from '../counting/facts.rules.js';

export type AboutEnrolment = { readonly enrolmentId: string; readonly traineeId: string; readonly schoolId: string };
/** An event of career, or an attestation, about one enrolment. */
export type CareerEvent = {
  readonly service: string;
  readonly position: number;
  readonly known: DayNumber;
  readonly type: string;
  readonly data: unknown;
};
type Suspension = { readonly from: DayNumber; readonly to: DayNumber };
/** What is known of an enrolment besides its entries. */
export type CareerView = {
  readonly cohortId: string;
  readonly courseYears: number;
  readonly years: readonly TrainingYearDays[];
  readonly suspensions: ReadonlyMap<string, Suspension>;
  readonly track: string | null;
  /** all that were told of, those withdrawn too */
  readonly attestations: readonly Attestation[];
  readonly notApplicable: ReadonlyMap<string, string>;
};

/** Later than any day asked for: a suspension runs on until its end is known. */
const notYet: DayNumber = 10_000_000;
export const enrolled: CareerView = {
  cohortId: '',
  courseYears: 0,
  years: [],
  suspensions: new Map(),
  track: null,
  attestations: [],
  notApplicable: new Map(),
};

const put = <V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): ReadonlyMap<string, V> => {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
};
const suspensionOf = (it: { from: string; to: string | null }): Suspension => ({
  from: dayNumber(it.from),
  to: it.to === null ? notYet : dayNumber(it.to),
});

/** Changes the newest attestation of its kind that is told of and not withdrawn. */
const changed = (all: readonly Attestation[], is: (it: Attestation) => boolean, change: Partial<Attestation>): readonly Attestation[] => {
  const at = all.findLastIndex((it) => !it.withdrawn && is(it));
  return at < 0 ? all : all.map((it, index) => (index === at ? { ...it, ...change } : it));
};
const withSuspension = (view: CareerView, id: string, suspension: Suspension | undefined): CareerView => ({
  ...view,
  suspensions: put(view.suspensions, id, suspension),
});

const evolves = handlers<CareerEvent, CareerView, CareerView, AboutEnrolment>([
  on(careerEvents.traineeEnrolled, ({ data: { cohortId, courseYears } }, view) => ({ ...view, cohortId, courseYears })),
  on(careerEvents.traineeMovedToCohort, ({ data: { cohortId } }, view) => ({ ...view, cohortId })),
  on(careerEvents.trainingYearsDated, ({ data: { years } }, view) => ({
    ...view,
    years: years.map(({ year, from, to }) => ({ year, from: dayNumber(from), to: dayNumber(to) })),
  })),
  on(careerEvents.trackChosen, ({ data: { track } }, view) => ({ ...view, track })),
  on(careerEvents.suspensionRecorded, ({ data }, view) => withSuspension(view, data.suspensionId, suspensionOf(data))),
  on(careerEvents.suspensionCorrected, ({ data }, view) =>
    withSuspension(view, data.suspensionId, data.withdrawn ? undefined : suspensionOf(data)),
  ),
  on(careerEvents.suspensionEnded, ({ data: { suspensionId, to } }, view) => {
    const suspension = view.suspensions.get(suspensionId);
    return suspension ? withSuspension(view, suspensionId, { ...suspension, to: dayNumber(to) }) : view;
  }),
  on(careerEvents.traineeRequirementDeclaredNotApplicable, ({ data: { requirementId, act, applicable } }, view) => ({
    ...view,
    notApplicable: put(view.notApplicable, requirementId, applicable ? undefined : act),
  })),
  // intervals: a later one leaves those before it as they were (counting.md 30)
  on(logbookEvents.requirementAttested, ({ data: { attestationId, requirementId, from } }, view) => {
    const given = { attestationId, requirementId, from: dayNumber(from), until: null, withdrawn: false };
    return { ...view, attestations: [...view.attestations, given] };
  }),
  on(logbookEvents.attestationRevoked, ({ data: { attestationId, from } }, view) => {
    const isHeld = (it: Attestation) => it.attestationId === attestationId && it.until === null;
    return { ...view, attestations: changed(view.attestations, isHeld, { until: dayNumber(from) }) };
  }),
  on(logbookEvents.attestationWithdrawn, ({ data: { attestationId, from } }, view) => {
    const isMistaken = (it: Attestation) => it.attestationId === attestationId && it.from === dayNumber(from);
    return { ...view, attestations: changed(view.attestations, isMistaken, { withdrawn: true }) };
  }),
]);
/** Events about an enrolment besides its entries. */
export const ofCareer: Pick<typeof evolves, 'public' | 'carries'> = evolves;
export const evolveCareer = (view: CareerView, event: CareerEvent): CareerView => evolves.handle(event, view) ?? view;
export const suspendedDays = (view: CareerView): Days[] => union([...view.suspensions.values()].map((it): Days => [it.from, it.to]));
export const isSuspended = (view: CareerView, day: DayNumber): boolean =>
  [...view.suspensions.values()].some((it) => it.from <= day && day <= it.to);
/** The training year of a day; after the last one, the last. */
export const trainingYearOn = (view: CareerView, day: DayNumber): number | null => {
  const begun = view.years.filter((it) => it.from <= day);
  return begun.length === 0 ? null : Math.max(...begun.map((it) => it.year));
};
