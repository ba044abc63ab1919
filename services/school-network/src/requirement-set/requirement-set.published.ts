import { schoolNetworkEvents } from '@ateneo/contracts';
import { publishing, told } from '@ateneo/event-sourcing';
import { requirementSet } from './requirement-set.decider.js';

/** A published set with its activities, whole: consumers count by it. */
export const requirementSetPublished = publishing(requirementSet, {
  RequirementSetPublished: ({ data: { schoolCode, set, activities } }) =>
    told(schoolNetworkEvents.requirementSetPublished, { setId: set.id, schoolCode, set, activities }),
});
