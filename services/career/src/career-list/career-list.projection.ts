import type { careerEvents } from '@ateneo/contracts';
import { type CollectionSpec, documentProjection, type ProjectedEvent } from '@ateneo/read-models';
import type { EnrolmentEvent, SuspensionKind } from '../enrolment/enrolment.decider.js';

type Suspension = { readonly suspensionId: string; readonly kind: SuspensionKind; readonly from: string; readonly to: string | null; readonly estimatedTo: string | null };
export type EnrolmentDocument = {
  readonly enrolmentId: string;
  readonly traineeId: string;
  readonly schoolId: string;
  readonly cohortId: string;
  readonly studentNumber: string;
  readonly contractStart: string;
  readonly contractEnd: string;
  readonly track: string | null;
  readonly years: readonly careerEvents.TrainingYear[];
  readonly suspensions: readonly Suspension[];
  readonly notApplicable: readonly { readonly requirementId: string; readonly act: string }[];
};

export const enrolments: CollectionSpec<EnrolmentDocument> = {
  name: 'enrolments',
  version: 1,
  columns: { traineeId: ({ traineeId }) => traineeId, schoolId: ({ schoolId }) => schoolId, cohortId: ({ cohortId }) => cohortId },
  indexes: [['traineeId'], ['schoolId']],
  personal: { fields: ['studentNumber', 'suspensions'], person: ({ traineeId }) => traineeId },
};

function evolve(before: EnrolmentDocument | undefined, { type, data }: ProjectedEvent): EnrolmentDocument | undefined {
  const event = { ...data, type } as EnrolmentEvent;
  if (event.type === 'TraineeEnrolled') {
    const { type: _type, courseYears: _years, ...enrolled } = event;
    return { ...enrolled, contractEnd: event.contractStart, track: null, years: [], suspensions: [], notApplicable: [] };
  }
  if (!before) return undefined;
  switch (event.type) {
    case 'MovedToCohort':
      return { ...before, cohortId: event.cohortId };
    case 'TrackChosen':
      return { ...before, track: event.track };
    case 'SuspensionRecorded': {
      const { suspensionId, kind, from, to, estimatedTo } = event;
      return { ...before, suspensions: [...known(before), { suspensionId, kind, from, to, estimatedTo }] };
    }
    case 'SuspensionCorrected': {
      const { suspensionId, from, to, estimatedTo, withdrawn } = event;
      const suspensions = known(before);
      return { ...before, suspensions: withdrawn ? suspensions.filter((one) => one.suspensionId !== suspensionId) : suspensions.map((one) => (one.suspensionId === suspensionId ? { ...one, from, to, estimatedTo } : one)) };
    }
    case 'SuspensionEnded':
      return before;
    case 'TrainingYearsDated':
      return { ...before, years: event.years, contractEnd: event.years.at(-1)?.to ?? before.contractEnd };
    case 'ApplicabilityDeclared': {
      const others = before.notApplicable.filter(({ requirementId }) => requirementId !== event.requirementId);
      return { ...before, notApplicable: event.applicable ? others : [...others, { requirementId: event.requirementId, act: event.act }] };
    }
    case 'ContractEnded':
      return { ...before, contractEnd: event.on };
  }
}

/** An erased person's suspensions cannot be read any more. */
const known = ({ suspensions }: EnrolmentDocument): readonly Suspension[] => (Array.isArray(suspensions) ? suspensions : []);

/** Careers as lists and pages show them. */
export const careerList = documentProjection<EnrolmentDocument>({
  name: 'career-list',
  version: 1,
  collection: enrolments,
  own: ['TraineeEnrolled', 'MovedToCohort', 'TrackChosen', 'SuspensionRecorded', 'SuspensionCorrected', 'SuspensionEnded', 'TrainingYearsDated', 'ApplicabilityDeclared', 'ContractEnded'],
  key: ({ stream }) => stream.slice(stream.indexOf('-') + 1),
  evolve,
});
