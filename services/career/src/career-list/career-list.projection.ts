import type { careerEvents } from '@ateneo/contracts';
import { type Facts, onStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';
import { enrolment, type EnrolmentEvent } from '../enrolment/enrolment.decider.js';

type ListedSuspension = {
  readonly suspensionId: string;
  readonly from: string;
  readonly to: string | null;
  readonly estimatedTo: string | null;
};
export type CareerDocument = {
  readonly enrolmentId: string;
  readonly traineeId: string;
  readonly schoolId: string;
  readonly cohortId: string;
  readonly studentNumber: string;
  readonly contractStart: string;
  readonly track: string | null;
  readonly years: readonly careerEvents.TrainingYear[];
  readonly suspensions: readonly ListedSuspension[];
  /** kind of each suspension; `[erased]` in the place of all where the person is erased */
  readonly kinds: Readonly<Record<string, string>>;
  readonly notApplicable: readonly { readonly requirementId: string; readonly act: string }[];
};

export const careers: CollectionSpec<CareerDocument> = {
  name: 'careers',
  version: 1,
  columns: { traineeId: ({ traineeId }) => traineeId, schoolId: ({ schoolId }) => schoolId },
  indexes: [['traineeId'], ['schoolId']],
  personal: { fields: ['studentNumber', 'kinds'], person: ({ traineeId }) => traineeId },
};

function enrolled({
  enrolmentId,
  traineeId,
  schoolId,
  cohortId,
  studentNumber,
  contractStart,
}: Facts<EnrolmentEvent, 'TraineeEnrolled'>): CareerDocument {
  return {
    enrolmentId,
    traineeId,
    schoolId,
    cohortId,
    studentNumber,
    contractStart,
    track: null,
    years: [],
    suspensions: [],
    kinds: {},
    notApplicable: [],
  };
}

function withSuspension(before: CareerDocument, { suspensionId, from, to, estimatedTo }: ListedSuspension): CareerDocument {
  const others = before.suspensions.filter((one) => one.suspensionId !== suspensionId);
  return { ...before, suspensions: [...others, { suspensionId, from, to, estimatedTo }].sort((a, b) => (a.from < b.from ? -1 : 1)) };
}

function without(before: CareerDocument, requirement: string): CareerDocument['notApplicable'] {
  return before.notApplicable.filter(({ requirementId }) => requirementId !== requirement);
}

/** The careers of trainees: training years, suspensions, track (residency.md A7 83-95). */
export const careerList = projection({
  name: 'career-list',
  version: 1,
  parts: [
    documentsOf(careers, {
      on: onStored(enrolment, {
        TraineeEnrolled: ({ data }) => enrolled(data),
        TrainingYearsDated: ({ data }, before) => before && { ...before, years: data.years },
        TraineeMovedToCohort: ({ data }, before) => before && { ...before, cohortId: data.cohortId },
        TrackChosen: ({ data }, before) => before && { ...before, track: data.track },
        SuspensionRecorded: ({ data }, before) =>
          before && {
            ...withSuspension(before, data),
            kinds: typeof before.kinds === 'string' ? before.kinds : { ...before.kinds, [data.suspensionId]: data.kind },
          },
        SuspensionCorrected({ data }, before) {
          if (!data.withdrawn) return before && withSuspension(before, data);
          return before && { ...before, suspensions: before.suspensions.filter(({ suspensionId }) => suspensionId !== data.suspensionId) };
        },
        RequirementDeclaredNotApplicable: ({ data: { requirementId, act } }, before) =>
          before && { ...before, notApplicable: [...without(before, requirementId), { requirementId, act }] },
        RequirementDeclaredApplicable: ({ data }, before) => before && { ...before, notApplicable: without(before, data.requirementId) },
      }),
    }),
  ],
});
