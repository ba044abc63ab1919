import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { setOf } from '../../test/catalogue.js';
import { deriveActivities } from './derive-activities.rules.js';
import { requirementSet } from './requirement-set.decider.js';

const { given } = specification(requirementSet);
const set = setOf('CHIR-402');
const published = { type: 'RequirementSetPublished' as const, schoolCode: 'CHIR', set, activities: deriveActivities(set) };
const publish = { type: 'PublishRequirementSet' as const, schoolCode: 'CHIR', set };

describe('requirement set', () => {
  test('a set is stored with the activities derived from it [count:21]', () => given().when(publish).then(published));
  test('the same set again is nothing new', () => given(published).when(structuredClone(publish)).thenNothing());
  test('a published version never changes: a corrected figure makes a new one', () => {
    given(published)
      .when({ ...publish, set: { ...set, version: '2017.2' } })
      .thenRejected('id-already-used');
    given(published)
      .when({ ...publish, schoolCode: 'ORTO' })
      .thenRejected('id-already-used');
  });
  test('a set that contradicts itself is refused, naming requirement and check', () => {
    const bad = { ...set, requirements: set.requirements.map((one) => (one.id === 'CHIR-402-01' ? { ...one, minimum: 31 } : one)) };
    given()
      .when({ ...publish, set: bad })
      .thenRejected('requirement-set-inconsistent', {
        field: 'set',
        inconsistencies: [
          { requirementId: 'CHIR-402-01', rule: 'headline' },
          { requirementId: 'CHIR-402-04', rule: 'sum-of-headline' },
        ],
      });
  });
  test('every stored form still folds [arch:4]', () => {
    const { type, ...data } = published;
    assert.equal(storedExamples(requirementSet, [{ type, data }]).is, 'published');
  });
});
