import { careerEvents } from '@ateneo/contracts';
import { type Facts, idOf, publishing, type StoredEvent, told, traineeIn } from '@ateneo/event-sourcing';
import { enrolment, type EnrolmentEvent } from './enrolment.decider.js';

const keyOf = ({ stream, metadata: { scope } }: Pick<StoredEvent, 'stream' | 'metadata'>) => ({
  enrolmentId: idOf(stream),
  ...traineeIn(scope),
});

const declared = (
  event: Pick<StoredEvent, 'stream' | 'metadata'> & { readonly data: Facts<EnrolmentEvent, 'RequirementDeclaredApplicable'> },
  applicable: boolean,
) => {
  const { reason: _reason, ...facts } = event.data;
  return told(careerEvents.traineeRequirementDeclaredNotApplicable, { ...keyOf(event), ...facts, applicable });
};

/** Public events of an enrolment: each carries its keys; student number, kinds of suspension and reasons stay here. */
export const enrolmentPublished = publishing(enrolment, {
  TraineeEnrolled({ data: { studentNumber: _studentNumber, ...facts } }) {
    return told(careerEvents.traineeEnrolled, facts);
  },
  TrainingYearsDated: (event) => told(careerEvents.trainingYearsDated, { ...keyOf(event), ...event.data }),
  TraineeMovedToCohort: (event) => told(careerEvents.traineeMovedToCohort, { ...keyOf(event), ...event.data }),
  TrackChosen: (event) => told(careerEvents.trackChosen, { ...keyOf(event), ...event.data }),
  SuspensionRecorded(event) {
    const { kind: _kind, ...days } = event.data;
    return told(careerEvents.suspensionRecorded, { ...keyOf(event), ...days });
  },
  SuspensionCorrected: (event) => told(careerEvents.suspensionCorrected, { ...keyOf(event), ...event.data }),
  SuspensionEnded: (event) => told(careerEvents.suspensionEnded, { ...keyOf(event), ...event.data }),
  RequirementDeclaredNotApplicable: (event) => declared(event, false),
  RequirementDeclaredApplicable: (event) => declared(event, true),
  ContractEnded: (event) => told(careerEvents.contractEnded, { ...keyOf(event), ...event.data }),
});
