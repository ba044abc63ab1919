import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { type AssignmentContext, type AssignmentEvent, tutorAssignment } from './tutor-assignment.decider.js';

const { given } = specification(tutorAssignment);
const facts = { assignmentId: 'a1', schoolId: 's1', traineeId: 't1', tutorId: 'p1', unitId: null, from: '2025-11-01', to: null };
const assign = { type: 'AssignTutor' as const, ...facts };
const assigned: AssignmentEvent = { type: 'TutorAssigned', ...facts };
const fits: AssignmentContext = { schoolExists: true, traineeInSchool: true, tutorOfSchool: true };
const ended = (to: string): AssignmentEvent => ({
  type: 'TutorAssignmentEnded',
  assignmentId: 'a1',
  schoolId: 's1',
  traineeId: 't1',
  tutorId: 'p1',
  to,
});

describe('tutor assignment', () => {
  test('a tutor of the school answers for a trainee of the school in a period [res:34] [res:41] [res:42]', () => {
    given().when(assign, fits).then(assigned);
    given()
      .when({ ...assign, to: '2025-11-01' }, fits)
      .then({ ...assigned, to: '2025-11-01' });
  });
  test('what does not fit is refused [res:36] [res:38]', () => {
    given()
      .when(assign, { ...fits, schoolExists: false })
      .thenRejected('school-not-found');
    given()
      .when(assign, { ...fits, traineeInSchool: false })
      .thenRejected('trainee-not-in-school');
    given()
      .when(assign, { ...fits, tutorOfSchool: false })
      .thenRejected('not-a-tutor-of-the-school');
    given()
      .when({ ...assign, to: '2025-10-31' }, fits)
      .thenRejected('period-reversed');
    given()
      .when({ ...assign, tutorId: 't1' }, fits)
      .thenRejected('tutor-is-the-trainee');
  });
  test('a unit is optional, and one of the network where it is given [res:39]', () => {
    given()
      .when({ ...assign, unitId: 'u1' }, fits)
      .thenRejected('unit-not-in-network');
    given()
      .when({ ...assign, unitId: 'u1' }, { ...fits, unitInNetwork: true })
      .then({ ...assigned, unitId: 'u1' });
  });
  test('the same assignment again is nothing new, even after its end; other content is refused [arch:4]', () => {
    given(assigned).when(assign, {}).thenNothing();
    given(assigned, ended('2026-10-31')).when(assign, {}).thenNothing();
    given(assigned)
      .when({ ...assign, tutorId: 'p2' }, fits)
      .thenRejected('id-already-used');
  });
  test('an assignment ends on its last day; a day before its first cancels it; the end can be corrected [res:43]', () => {
    given(assigned).when({ type: 'EndTutorAssignment', to: '2026-10-31' }, {}).then(ended('2026-10-31'));
    given(assigned, ended('2026-10-31')).when({ type: 'EndTutorAssignment', to: '2026-10-31' }, {}).thenNothing();
    given(assigned, ended('2026-10-31')).when({ type: 'EndTutorAssignment', to: '2025-10-31' }, {}).then(ended('2025-10-31'));
    given().when({ type: 'EndTutorAssignment', to: '2026-10-31' }, {}).thenRejected('assignment-not-found');
  });
  test('every stored form still folds [arch:4]', () => {
    const state = storedExamples(
      tutorAssignment,
      [assigned, ended('2026-10-31')].map(({ type, ...data }) => ({ type, data })),
    );
    assert.equal(state.is === 'assigned' && state.to, '2026-10-31');
  });
});
