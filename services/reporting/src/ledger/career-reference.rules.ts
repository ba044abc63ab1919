import type { careerEvents, DataOf, logbookEvents } from '@ateneo/contracts';
import { dayNumber, type DayNumber } from '../counting/calendar.rules.js';
import { union, type Days } from '../counting/duration.rules.js';
import type { Attestation, TrainingYearDays } from '../counting/facts.rules.js';

type Career = typeof careerEvents;
type Logbook = typeof logbookEvents;
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
/** Intervals: a later one leaves those before it as they were (counting.md 30). */
const evolveAttestations = (view: CareerView, { type, data }: CareerEvent): CareerView => {
  const { attestations } = view;
  switch (type) {
    case 'logbook.requirement-attested.v1': {
      const { attestationId, requirementId, from } = data as DataOf<Logbook['requirementAttested']>;
      const given = { attestationId, requirementId, from: dayNumber(from), until: null, withdrawn: false };
      return { ...view, attestations: [...attestations, given] };
    }
    case 'logbook.attestation-revoked.v1': {
      const { attestationId, from } = data as DataOf<Logbook['attestationRevoked']>;
      const isHeld = (it: Attestation) => it.attestationId === attestationId && it.until === null;
      return { ...view, attestations: changed(attestations, isHeld, { until: dayNumber(from) }) };
    }
    case 'logbook.attestation-withdrawn.v1': {
      const { attestationId, from } = data as DataOf<Logbook['attestationWithdrawn']>;
      const isMistaken = (it: Attestation) => it.attestationId === attestationId && it.from === dayNumber(from);
      return { ...view, attestations: changed(attestations, isMistaken, { withdrawn: true }) };
    }
    default:
      return view;
  }
};
const evolveSuspensions = (view: CareerView, event: CareerEvent): CareerView => {
  switch (event.type) {
    case 'career.suspension-recorded.v1': {
      const it = event.data as DataOf<Career['suspensionRecorded']>;
      return { ...view, suspensions: put(view.suspensions, it.suspensionId, suspensionOf(it)) };
    }
    case 'career.suspension-corrected.v1': {
      const it = event.data as DataOf<Career['suspensionCorrected']>;
      return { ...view, suspensions: put(view.suspensions, it.suspensionId, it.withdrawn ? undefined : suspensionOf(it)) };
    }
    case 'career.suspension-ended.v1': {
      const it = event.data as DataOf<Career['suspensionEnded']>;
      const suspension = view.suspensions.get(it.suspensionId);
      return suspension ? { ...view, suspensions: put(view.suspensions, it.suspensionId, { ...suspension, to: dayNumber(it.to) }) } : view;
    }
    default:
      return evolveAttestations(view, event);
  }
};
export const evolveCareer = (view: CareerView, event: CareerEvent): CareerView => {
  switch (event.type) {
    case 'career.trainee-enrolled.v1': {
      const { cohortId, courseYears } = event.data as DataOf<Career['traineeEnrolled']>;
      return { ...view, cohortId, courseYears };
    }
    case 'career.trainee-moved-to-cohort.v1':
      return { ...view, cohortId: (event.data as DataOf<Career['traineeMovedToCohort']>).cohortId };
    case 'career.training-years-dated.v1':
      return {
        ...view,
        years: (event.data as DataOf<Career['trainingYearsDated']>).years.map((it) => ({
          year: it.year,
          from: dayNumber(it.from),
          to: dayNumber(it.to),
        })),
      };
    case 'career.track-chosen.v1':
      return { ...view, track: (event.data as DataOf<Career['trackChosen']>).track };
    case 'career.requirement-declared-not-applicable.v1': {
      const { requirementId, act, applicable } = event.data as DataOf<Career['traineeRequirementDeclaredNotApplicable']>;
      return { ...view, notApplicable: put(view.notApplicable, requirementId, applicable ? undefined : act) };
    }
    default:
      return evolveSuspensions(view, event);
  }
};
export const suspendedDays = (view: CareerView): Days[] => union([...view.suspensions.values()].map((it): Days => [it.from, it.to]));
export const isSuspended = (view: CareerView, day: DayNumber): boolean =>
  [...view.suspensions.values()].some((it) => it.from <= day && day <= it.to);
/** The training year of a day; after the last one, the last. */
export const trainingYearOn = (view: CareerView, day: DayNumber): number | null => {
  const begun = view.years.filter((it) => it.from <= day);
  return begun.length === 0 ? null : Math.max(...begun.map((it) => it.year));
};
