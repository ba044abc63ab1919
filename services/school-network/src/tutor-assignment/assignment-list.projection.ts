import { type CollectionSpec, documentProjection } from '@ateneo/read-models';
import type { AssignmentEvent } from './tutor-assignment.decider.js';

export type AssignmentDocument = Omit<Extract<AssignmentEvent, { type: 'TutorAssigned' }>, 'type'>;
export const assignments: CollectionSpec<AssignmentDocument> = {
  name: 'assignments',
  version: 1,
  columns: { schoolId: ({ schoolId }) => schoolId, traineeId: ({ traineeId }) => traineeId, tutorId: ({ tutorId }) => tutorId },
  indexes: [['schoolId'], ['traineeId'], ['tutorId']],
};

/** Tutor assignments by school, trainee and tutor; one that ended before it began never held and is not shown. */
export const assignmentList = documentProjection<AssignmentDocument>({
  name: 'assignment-list',
  version: 1,
  collection: assignments,
  own: ['TutorAssigned', 'TutorAssignmentEnded'] satisfies AssignmentEvent['type'][],
  key: ({ data }) => data.assignmentId as string,
  evolve(before, { type, data }) {
    const event = { ...data, type } as AssignmentEvent;
    if (event.type === 'TutorAssignmentEnded') return before && { ...before, to: event.to };
    const { type: _type, ...assignment } = event;
    return assignment;
  },
});
