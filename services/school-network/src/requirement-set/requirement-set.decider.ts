import type { Activity, RequirementSet } from '@ateneo/contracts';
import { type Decider, reject } from '@ateneo/event-sourcing';
import { deriveActivities } from './derive-activities.rules.js';
import { inconsistencies } from './set-consistency.rules.js';

export type SetCommand = { type: 'PublishRequirementSet'; schoolCode: string; set: RequirementSet };
export type SetEvent =
  // the stored format: add, never rename or remove
  { type: 'RequirementSetPublished'; schoolCode: string; set: RequirementSet; activities: readonly Activity[] };
export type PublishedSet =
  | { readonly is: 'absent' }
  | { readonly is: 'published'; readonly schoolCode: string; readonly set: RequirementSet; readonly activities: readonly Activity[] };

/** A version of the minimum requirements of a school type (D.I. 402/2017 all. 2); once published it never changes, and the activities derived from it are stored with it. */
export const requirementSet: Decider<PublishedSet, SetCommand, SetEvent> = {
  category: 'networkRequirementSet',
  initial: { is: 'absent' },
  office: { RequirementSetPublished: ['set', 'activities'] },
  scope: () => ({}),
  decide({ schoolCode, set }, state) {
    if (state.is === 'published')
      return state.schoolCode === schoolCode && JSON.stringify(state.set) === JSON.stringify(set) ? [] : reject('id-already-used');
    const wrong = inconsistencies(set);
    if (wrong.length > 0) return reject('requirement-set-inconsistent', { field: 'set', inconsistencies: wrong });
    return [{ type: 'RequirementSetPublished', schoolCode, set, activities: deriveActivities(set) }];
  },
  evolve: (_state, { schoolCode, set, activities }) => ({ is: 'published', schoolCode, set, activities }),
};
