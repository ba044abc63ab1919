import { schoolNetworkEvents } from '@ateneo/contracts';
import { type Facts, publishing, told, toldAsStored } from '@ateneo/event-sourcing';
import { cohort, type CohortEvent } from './cohort.decider.js';

const declared = ({ reason: _reason, ...facts }: Facts<CohortEvent, 'RequirementDeclaredApplicable'>, applicable: boolean) =>
  told(schoolNetworkEvents.cohortRequirementDeclaredNotApplicable, { ...facts, applicable });

/** Public events of a cohort; the director's reason stays here. */
export const cohortPublished = publishing(cohort, {
  CohortOpened: toldAsStored(schoolNetworkEvents.cohortOpened),
  CohortBoundToRequirementSet: toldAsStored(schoolNetworkEvents.cohortBoundToRequirementSet),
  RequirementDeclaredNotApplicable: ({ data }) => declared(data, false),
  RequirementDeclaredApplicable: ({ data }) => declared(data, true),
});
