import { type Facts, onStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';
import { type AssignmentEvent, tutorAssignment } from './tutor-assignment.decider.js';

export type AssignmentDocument = Facts<AssignmentEvent, 'TutorAssigned'>;
export const assignments: CollectionSpec<AssignmentDocument> = {
  name: 'assignments',
  version: 1,
  columns: { schoolId: ({ schoolId }) => schoolId, traineeId: ({ traineeId }) => traineeId, tutorId: ({ tutorId }) => tutorId },
  indexes: [['schoolId'], ['traineeId'], ['tutorId']],
};

/** Tutor assignments by school, trainee and tutor; one that ended before it began never held and is not shown. */
export const assignmentList = projection({
  name: 'assignment-list',
  version: 1,
  parts: [
    documentsOf(assignments, {
      by: 'assignmentId',
      on: onStored(tutorAssignment, {
        TutorAssigned: ({ data }) => data,
        TutorAssignmentEnded: ({ data }, before) => before && { ...before, to: data.to },
      }),
    }),
  ],
});
