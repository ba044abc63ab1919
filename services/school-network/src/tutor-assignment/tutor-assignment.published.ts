import { schoolNetworkEvents } from '@ateneo/contracts';
import { publishing, toldAsStored } from '@ateneo/event-sourcing';
import { tutorAssignment } from './tutor-assignment.decider.js';

/** Public events of tutor assignments; the end carries tutor and trainee, so that nobody need look them up. */
export const tutorAssignmentPublished = publishing(tutorAssignment, {
  TutorAssigned: toldAsStored(schoolNetworkEvents.tutorAssigned),
  TutorAssignmentEnded: toldAsStored(schoolNetworkEvents.tutorAssignmentEnded),
});
