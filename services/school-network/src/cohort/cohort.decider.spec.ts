import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { catalogue } from '../../test/catalogue.js';
import { cohort, type CohortContext, type CohortEvent } from './cohort.decider.js';

const { given } = specification(cohort);
const sets: CohortContext['sets'] = new Map(
  catalogue.flatMap(({ code, sets: published }) => published.map((set) => [set.id, { schoolCode: code, set }] as const)),
);
const psychiatry: CohortContext = { schoolCode: 'PSI', sets };
const facts = {
  cohortId: 'c1',
  schoolId: 's1',
  label: '2025/2026',
  startsOn: '2025-11-01',
  coreSetId: 'PSI-402',
  supplementSetIds: ['PSI-D50'],
};
const opened: CohortEvent = { type: 'CohortOpened', ...facts };
const declared = { requirementId: 'PSI-402-01', act: 'Delibera 12', reason: 'Manca il reparto' };
const not: CohortEvent = { type: 'RequirementDeclaredNotApplicable', cohortId: 'c1', schoolId: 's1', ...declared };

describe('cohort', () => {
  test('a cohort is bound to one core set and to supplements of its school [count:17]', () =>
    given()
      .when({ type: 'OpenCohort', ...facts }, psychiatry)
      .then(opened));
  test('sets that do not fit are refused [count:17]', () => {
    const opening = (more: object, context = psychiatry) => given().when({ type: 'OpenCohort', ...facts, ...more }, context);
    opening({}, { ...psychiatry, schoolCode: undefined }).thenRejected('school-not-found');
    opening({}, { ...psychiatry, schoolCode: 'CHIR' }).thenRejected('set-of-another-school');
    opening({ coreSetId: 'NONE' }).thenRejected('requirement-set-not-found', { setId: 'NONE' });
    opening({ coreSetId: 'PSI-D50', supplementSetIds: [] }).thenRejected('not-a-core-set');
    given()
      .when({ type: 'OpenCohort', ...facts, coreSetId: 'CHIR-402', supplementSetIds: ['CHIR-68'] }, { ...psychiatry, schoolCode: 'CHIR' })
      .thenRejected('not-a-supplement');
  });
  test('the same cohort again is nothing new; other content under its id is refused', () => {
    given(opened)
      .when({ type: 'OpenCohort', ...facts }, psychiatry)
      .thenNothing();
    given(opened)
      .when({ type: 'OpenCohort', ...facts, startsOn: '2026-11-01' }, psychiatry)
      .thenRejected('id-already-used');
  });
  test('a cohort moves to other sets, and to the same ones without a trace [count:22]', () => {
    given(opened)
      .when({ type: 'BindCohort', coreSetId: 'PSI-402', supplementSetIds: [] }, psychiatry)
      .then({ type: 'CohortBoundToRequirementSet', cohortId: 'c1', coreSetId: 'PSI-402', supplementSetIds: [] });
    given(opened)
      .when({ type: 'BindCohort', coreSetId: 'PSI-402', supplementSetIds: ['PSI-D50', 'PSI-D50'] }, psychiatry)
      .thenNothing();
    given(opened)
      .when({ type: 'BindCohort', coreSetId: 'CHIR-402', supplementSetIds: [] }, psychiatry)
      .thenRejected('set-of-another-school');
    given().when({ type: 'BindCohort', coreSetId: 'PSI-402', supplementSetIds: [] }, psychiatry).thenRejected('cohort-not-found');
  });
  test('a requirement is declared not applicable with act and reason, and applicable again [count:16]', () => {
    given(opened)
      .when({ type: 'DeclareRequirement', applicable: false, ...declared }, psychiatry)
      .then(not);
    given(opened, not)
      .when({ type: 'DeclareRequirement', applicable: false, ...declared }, psychiatry)
      .thenNothing();
    given(opened, not)
      .when({ type: 'DeclareRequirement', applicable: true, ...declared }, psychiatry)
      .then({ ...not, type: 'RequirementDeclaredApplicable' });
    given(opened)
      .when({ type: 'DeclareRequirement', applicable: true, ...declared }, psychiatry)
      .thenNothing();
    given(opened)
      .when({ type: 'DeclareRequirement', applicable: false, ...declared, requirementId: 'NONE' }, psychiatry)
      .thenRejected('requirement-not-found');
  });
  test('every stored form still folds [arch:4]', () => {
    const stored = [
      opened,
      { type: 'CohortBoundToRequirementSet', cohortId: 'c1', coreSetId: 'PSI-402', supplementSetIds: [] },
      not,
      { ...not, type: 'RequirementDeclaredApplicable' },
    ].map(({ type, ...data }) => ({ type, data }));
    const state = storedExamples(cohort, stored);
    assert.deepEqual(state.is === 'open' && [state.supplementSetIds, state.notApplicable.size], [[], 0]);
  });
});
