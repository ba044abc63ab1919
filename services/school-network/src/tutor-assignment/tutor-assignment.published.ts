import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { AssignmentEvent } from './tutor-assignment.decider.js';

/** Public events of tutor assignments; the end carries tutor and trainee, so that nobody need look them up. */
export function tutorAssignmentPublished({ type, data }: StoredEvent): Published {
  switch (type as AssignmentEvent['type']) {
    case 'TutorAssigned':
      return { type: 'school-network.tutor-assigned.v1', data };
    case 'TutorAssignmentEnded':
      return { type: 'school-network.tutor-assignment-ended.v1', data };
  }
}
