import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { EnrolmentEvent } from './enrolment.decider.js';

type Stored<T extends EnrolmentEvent['type']> = Omit<Extract<EnrolmentEvent, { type: T }>, 'type'>;

/** Public events of an enrolment: each carries its keys; student number, kinds of suspension and reasons stay here. */
export function enrolmentPublished({ type, data, stream, metadata: { scope } }: StoredEvent): Published {
  const key = { enrolmentId: stream.slice(stream.indexOf('-') + 1), traineeId: scope.traineeId, schoolId: scope.schoolId };
  switch (type as EnrolmentEvent['type']) {
    case 'TraineeEnrolled': {
      const { studentNumber: _studentNumber, ...facts } = data as Stored<'TraineeEnrolled'>;
      return { type: 'career.trainee-enrolled.v1', data: facts };
    }
    case 'TrainingYearsDated':
      return { type: 'career.training-years-dated.v1', data: { ...key, ...(data as object) } };
    case 'TraineeMovedToCohort':
      return { type: 'career.trainee-moved-to-cohort.v1', data: { ...key, ...(data as object) } };
    case 'TrackChosen':
      return { type: 'career.track-chosen.v1', data: { ...key, ...(data as object) } };
    case 'SuspensionRecorded': {
      const { kind: _kind, ...days } = data as Stored<'SuspensionRecorded'>;
      return { type: 'career.suspension-recorded.v1', data: { ...key, ...days } };
    }
    case 'SuspensionCorrected':
      return { type: 'career.suspension-corrected.v1', data: { ...key, ...(data as object) } };
    case 'SuspensionEnded':
      return { type: 'career.suspension-ended.v1', data: { ...key, ...(data as object) } };
    case 'RequirementDeclaredNotApplicable':
    case 'RequirementDeclaredApplicable': {
      const { reason: _reason, ...facts } = data as Stored<'RequirementDeclaredApplicable'>;
      return {
        type: 'career.requirement-declared-not-applicable.v1',
        data: { ...key, ...facts, applicable: type === 'RequirementDeclaredApplicable' },
      };
    }
    case 'ContractEnded':
      return { type: 'career.contract-ended.v1', data: { ...key, ...(data as object) } };
  }
}
