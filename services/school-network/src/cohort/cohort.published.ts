import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { CohortEvent } from './cohort.decider.js';

/** Public events of a cohort; the director's reason stays here. */
export function cohortPublished({ type, data }: StoredEvent): Published {
  switch (type as CohortEvent['type']) {
    case 'CohortOpened':
      return { type: 'school-network.cohort-opened.v1', data };
    case 'CohortBoundToRequirementSet':
      return { type: 'school-network.cohort-bound-to-requirement-set.v1', data };
    case 'RequirementDeclaredNotApplicable':
    case 'RequirementDeclaredApplicable': {
      const { reason: _reason, ...facts } = data as Extract<CohortEvent, { reason: string }>;
      return {
        type: 'school-network.requirement-declared-not-applicable.v1',
        data: { ...facts, applicable: type === 'RequirementDeclaredApplicable' },
      };
    }
  }
}
