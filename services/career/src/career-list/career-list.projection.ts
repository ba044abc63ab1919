import type { careerEvents } from '@ateneo/contracts';
import { type CollectionSpec, documentProjection, type ProjectedEvent } from '@ateneo/read-models';
import type { EnrolmentEvent } from '../enrolment/enrolment.decider.js';

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

const TYPES: readonly EnrolmentEvent['type'][] = [
  'TraineeEnrolled',
  'TrainingYearsDated',
  'TraineeMovedToCohort',
  'TrackChosen',
  'SuspensionRecorded',
  'SuspensionCorrected',
  'RequirementDeclaredNotApplicable',
  'RequirementDeclaredApplicable',
];

function enrolled({
  enrolmentId,
  traineeId,
  schoolId,
  cohortId,
  studentNumber,
  contractStart,
}: Extract<EnrolmentEvent, { type: 'TraineeEnrolled' }>): CareerDocument {
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

function evolve(before: CareerDocument | undefined, { type, data }: ProjectedEvent): CareerDocument | undefined {
  const event = { ...data, type } as EnrolmentEvent;
  if (event.type === 'TraineeEnrolled') return enrolled(event);
  if (!before) return undefined;
  switch (event.type) {
    case 'TrainingYearsDated':
      return { ...before, years: event.years };
    case 'TraineeMovedToCohort':
      return { ...before, cohortId: event.cohortId };
    case 'TrackChosen':
      return { ...before, track: event.track };
    case 'SuspensionRecorded':
      return {
        ...withSuspension(before, event),
        kinds: typeof before.kinds === 'string' ? before.kinds : { ...before.kinds, [event.suspensionId]: event.kind },
      };
    case 'SuspensionCorrected':
      return event.withdrawn
        ? { ...before, suspensions: before.suspensions.filter(({ suspensionId }) => suspensionId !== event.suspensionId) }
        : withSuspension(before, event);
    case 'RequirementDeclaredNotApplicable':
      return {
        ...before,
        notApplicable: [
          ...before.notApplicable.filter(({ requirementId }) => requirementId !== event.requirementId),
          { requirementId: event.requirementId, act: event.act },
        ],
      };
    case 'RequirementDeclaredApplicable':
      return { ...before, notApplicable: before.notApplicable.filter(({ requirementId }) => requirementId !== event.requirementId) };
    case 'SuspensionEnded':
    case 'ContractEnded':
      return before;
  }
}

/** The careers of trainees: training years, suspensions, track (residency.md A7 83-95). */
export const careerList = documentProjection<CareerDocument>({
  name: 'career-list',
  version: 1,
  collection: careers,
  own: TYPES,
  key: ({ stream }) => stream.slice(stream.indexOf('-') + 1),
  evolve,
});
