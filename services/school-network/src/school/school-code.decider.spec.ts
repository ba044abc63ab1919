import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { schoolCode } from './school-code.decider.js';

const { given } = specification(schoolCode);
const reserved = { type: 'SchoolCodeReserved' as const, schoolId: 's1' };
const released = { type: 'SchoolCodeReleased' as const, schoolId: 's1' };

describe('school code', () => {
  test('a code names one school [rev:cor-3]', () => {
    given().when({ type: 'ReserveSchoolCode', schoolId: 's1' }).then(reserved);
    given(reserved).when({ type: 'ReserveSchoolCode', schoolId: 's1' }).thenNothing();
    given(reserved).when({ type: 'ReserveSchoolCode', schoolId: 's2' }).thenRejected('code-already-used', { field: 'code' });
  });
  test('a code given back may be taken by another, and nobody gives back what another holds', () => {
    given(reserved).when({ type: 'ReleaseSchoolCode', schoolId: 's2' }).thenNothing();
    given(reserved).when({ type: 'ReleaseSchoolCode', schoolId: 's1' }).then(released);
    given(reserved, released)
      .when({ type: 'ReserveSchoolCode', schoolId: 's2' })
      .then({ ...reserved, schoolId: 's2' });
  });
  test('every stored form still folds [arch:4]', () => {
    const stored = [
      { type: 'SchoolCodeReserved', data: { schoolId: 's1' } },
      { type: 'SchoolCodeReleased', data: { schoolId: 's1' } },
    ];
    assert.deepEqual(storedExamples(schoolCode, stored.slice(0, 1)), { is: 'reserved', schoolId: 's1' });
    assert.deepEqual(storedExamples(schoolCode, stored), { is: 'free' });
  });
});
