import type { RequirementSet } from '@ateneo/contracts';
import { type Decider, reject, type Refusal } from '@ateneo/event-sourcing';

type Sets = { coreSetId: string; supplementSetIds: string[] };
export type CohortCommand =
  | ({ type: 'OpenCohort'; cohortId: string; schoolId: string; label: string; startsOn: string } & Sets)
  | ({ type: 'BindCohort' } & Sets)
  | { type: 'DeclareRequirement'; requirementId: string; applicable: boolean; act: string; reason: string };
export type CohortEvent =
  // the stored format: add, never rename or remove
  | ({ type: 'CohortOpened'; cohortId: string; schoolId: string; label: string; startsOn: string } & Sets)
  | ({ type: 'CohortBoundToRequirementSet'; cohortId: string } & Sets)
  | {
      type: 'RequirementDeclaredNotApplicable' | 'RequirementDeclaredApplicable';
      cohortId: string;
      schoolId: string;
      requirementId: string;
      act: string;
      reason: string;
    };
export type Cohort =
  | { readonly is: 'absent' }
  | ({
      readonly is: 'open';
      readonly cohortId: string;
      readonly schoolId: string;
      readonly label: string;
      readonly startsOn: string;
      readonly notApplicable: ReadonlyMap<string, string>;
    } & Readonly<Sets>);
/** The school and the published sets that the command or the cohort names. */
export type CohortContext = {
  readonly schoolCode?: string;
  readonly sets: ReadonlyMap<string, { readonly schoolCode: string; readonly set: RequirementSet }>;
};

/** Exactly one core set, and supplements, all of the cohort's school (catalogue README 1). */
function refuseSets({ coreSetId, supplementSetIds }: Sets, { schoolCode, sets }: CohortContext): Refusal | undefined {
  for (const setId of [coreSetId, ...supplementSetIds]) {
    const known = sets.get(setId);
    if (!known) return reject('requirement-set-not-found', { setId });
    if (known.schoolCode !== schoolCode) return reject('set-of-another-school', { setId });
    if (setId === coreSetId && known.set.mode !== 'core') return reject('not-a-core-set', { field: 'coreSetId', setId });
    if (setId !== coreSetId && known.set.mode !== 'supplement') return reject('not-a-supplement', { field: 'supplementSetIds', setId });
  }
  return undefined;
}

const normal = ({ coreSetId, supplementSetIds }: Sets): Sets => ({ coreSetId, supplementSetIds: [...new Set(supplementSetIds)].sort() });
const sameSets = (a: Readonly<Sets>, b: Sets): boolean =>
  a.coreSetId === b.coreSetId && a.supplementSetIds.join('\n') === b.supplementSetIds.join('\n');

/** A cohort is bound to one core requirement set and to supplements; what its director declares not applicable leaves the totals (counting.md 16-17). */
export const cohort: Decider<Cohort, CohortCommand, CohortEvent, CohortContext> = {
  category: 'networkCohort',
  initial: { is: 'absent' },
  // about a cohort, so about nobody; the form says so to whoever types
  office: {
    CohortOpened: ['label'],
    RequirementDeclaredNotApplicable: ['act', 'reason'],
    RequirementDeclaredApplicable: ['act', 'reason'],
  },
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId }),
  decide(command, state, context) {
    if (command.type === 'OpenCohort') {
      const { cohortId, schoolId, label, startsOn } = command;
      const sets = normal(command);
      if (state.is !== 'absent')
        return state.schoolId === schoolId && state.label === label && state.startsOn === startsOn && sameSets(state, sets)
          ? []
          : reject('id-already-used');
      if (context.schoolCode === undefined) return reject('school-not-found');
      return refuseSets(sets, context) ?? [{ type: 'CohortOpened', cohortId, schoolId, label, startsOn, ...sets }];
    }
    if (state.is === 'absent') return reject('cohort-not-found');
    const { cohortId, schoolId } = state;
    if (command.type === 'BindCohort') {
      const sets = normal(command);
      return refuseSets(sets, context) ?? (sameSets(state, sets) ? [] : [{ type: 'CohortBoundToRequirementSet', cohortId, ...sets }]);
    }
    const { requirementId, act, reason, applicable } = command;
    const known = [...context.sets.values()].some(({ set }) => set.requirements.some(({ id }) => id === requirementId));
    if (!known) return reject('requirement-not-found');
    if (applicable ? !state.notApplicable.has(requirementId) : state.notApplicable.get(requirementId) === act) return [];
    return [
      {
        type: applicable ? 'RequirementDeclaredApplicable' : 'RequirementDeclaredNotApplicable',
        cohortId,
        schoolId,
        requirementId,
        act,
        reason,
      },
    ];
  },
  evolve(state, event) {
    if (event.type === 'CohortOpened') {
      const { cohortId, schoolId, label, startsOn, coreSetId, supplementSetIds } = event;
      return { is: 'open', cohortId, schoolId, label, startsOn, coreSetId, supplementSetIds, notApplicable: new Map() };
    }
    if (state.is === 'absent') return state;
    if (event.type === 'CohortBoundToRequirementSet')
      return { ...state, coreSetId: event.coreSetId, supplementSetIds: event.supplementSetIds };
    const notApplicable = new Map(state.notApplicable);
    if (event.type === 'RequirementDeclaredNotApplicable') notApplicable.set(event.requirementId, event.act);
    else notApplicable.delete(event.requirementId);
    return { ...state, notApplicable };
  },
};
