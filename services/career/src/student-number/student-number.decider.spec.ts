import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { studentNumber } from './student-number.decider.js';
import { normalNumber } from './student-number.rules.js';

const { given } = specification(studentNumber);
const reserved = { type: 'StudentNumberReserved' as const, enrolmentId: 'e1' };

describe('student number', () => {
  test('a number is reserved for one enrolment [res:85]', () => {
    given().when({ type: 'ReserveStudentNumber', enrolmentId: 'e1' }).then(reserved);
    given(reserved).when({ type: 'ReserveStudentNumber', enrolmentId: 'e1' }).thenNothing();
    given(reserved).when({ type: 'ReserveStudentNumber', enrolmentId: 'e2' }).thenRejected('student-number-taken');
  });
  test('a number given back may be reserved by another', () => {
    given(reserved).when({ type: 'ReleaseStudentNumber', enrolmentId: 'e2' }).thenNothing();
    given(reserved, { type: 'StudentNumberReleased', enrolmentId: 'e1' })
      .when({ type: 'ReserveStudentNumber', enrolmentId: 'e2' })
      .then({ ...reserved, enrolmentId: 'e2' });
  });
  test('leading zeros, spaces around and case do not matter [svc:4.7]', () => {
    assert.deepEqual(['0045123', '45123', ' 45123 ', 'm0012', 'M0012', '000', '0'].map(normalNumber), [
      '45123',
      '45123',
      '45123',
      'M0012',
      'M0012',
      '0',
      '0',
    ]);
  });
  test('every stored form still folds [arch:4]', () => {
    assert.deepEqual(storedExamples(studentNumber, [{ type: 'StudentNumberReserved', data: { enrolmentId: 'e1' } }]), {
      is: 'reserved',
      enrolmentId: 'e1',
    });
    assert.deepEqual(
      storedExamples(studentNumber, [
        { type: 'StudentNumberReserved', data: { enrolmentId: 'e1' } },
        { type: 'StudentNumberReleased', data: { enrolmentId: 'e1' } },
      ]),
      { is: 'free' },
    );
  });
});
