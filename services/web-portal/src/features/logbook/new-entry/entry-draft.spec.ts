import type { Activity } from '@ateneo/contracts';
import assert from 'node:assert/strict';
import { askedBy, contentOf, emptyDraft, missingIn, withRecent } from './entry-draft.js';

const label = { it: 'x', en: 'x' };
const activity = (part: Partial<Activity>): Activity => ({
  code: 'A',
  setId: 'S',
  label,
  kind: 'act',
  feeds: [{ requirementId: 'R' }],
  unit: 'procedures',
  bulk: false,
  requires: [],
  simulationAllowed: false,
  ...part,
});
const surgical = activity({ code: 'OP', requires: [{ axis: 'surgical-role', values: [] }] });
const draft = emptyDraft('e1', '2026-11-21', null);

describe('the draft of an entry', () => {
  test('today is the day unless another is chosen', () => {
    assert.equal(draft.performedOn, '2026-11-21');
  });
  test('what the requirement asks for must be stated before sending [count:6]', () => {
    assert.deepEqual(missingIn({ ...draft, activities: ['OP'] }, askedBy([surgical])), ['classified.surgical-role']);
    assert.deepEqual(
      missingIn({ ...draft, activities: ['OP'], classified: { 'surgical-role': 'first-operator' } }, askedBy([surgical])),
      [],
    );
  });
  test('one tap on a recent activity leaves nothing missing', () => {
    const recent = {
      activities: ['OP'],
      unitId: 'u1',
      autonomy: 'guided',
      classified: { 'surgical-role': 'first-operator' },
      quantity: 1,
      lastOn: '2026-11-19',
    };
    assert.deepEqual(missingIn(withRecent(draft, recent), askedBy([surgical])), []);
  });
  test('a rotation names a period and no day, and states no level [count:8]', () => {
    const rotation = activity({ code: 'ROT', kind: 'rotation' });
    const typed = { ...draft, activities: ['ROT'], periodFrom: '2026-11-01', autonomy: 'guided' };
    assert.deepEqual(missingIn({ ...typed, periodFrom: null }, askedBy([rotation])), ['periodFrom']);
    const content = contentOf(typed, [rotation]);
    assert.deepEqual(
      [content.performedOn, content.periodFrom, content.periodTo, content.autonomy],
      [null, '2026-11-01', '2026-11-21', null],
    );
  });
  test('credits may be typed with a comma', () => {
    assert.equal(contentOf({ ...draft, activities: ['CFU'], credits: '0,25' }, [activity({ kind: 'credits' })]).credits, 0.25);
  });
  test('a quantity below one or not whole is not sent [count:20]', () => {
    for (const quantity of ['0', '-1', '1.5', 'two', ''])
      assert.deepEqual(missingIn({ ...draft, activities: ['A'], quantity }, askedBy([activity({})])), ['quantity']);
  });
  test('a classified value that no chosen activity asks for is left out', () => {
    assert.deepEqual(contentOf({ ...draft, activities: ['A'], classified: { setting: 'ward' } }, [activity({})]).classified, {});
  });
  test('an activity that feeds no requirement is non-professional, a past one says so [res:69]', () => {
    assert.equal(contentOf({ ...draft, activities: ['A'] }, [activity({ feeds: [] })]).kind, 'non-professional');
    assert.equal(contentOf({ ...draft, activities: ['A'], past: true }, [activity({})]).kind, 'past');
  });
  test('simulated counts only where simulation is allowed', () => {
    assert.equal(contentOf({ ...draft, activities: ['A'], simulated: true }, [activity({})]).simulated, false);
  });
});
