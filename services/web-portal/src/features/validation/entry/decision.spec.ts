import assert from 'node:assert/strict';
import type { EntryView } from '../../logbook/entry-words.js';
import { claimOf, corrects } from './decision.js';

const entry = { autonomy: 'guided', classified: { 'surgical-role': 'first-operator' } } as unknown as EntryView;

describe('a validation', () => {
  test('that changes nothing corrects nothing [count:3]', () => {
    assert.equal(corrects(entry, claimOf(entry)), false);
  });
  test('corrects the level or a classified value, each by itself [count:3]', () => {
    assert.equal(corrects(entry, { ...claimOf(entry), autonomy: 'support' }), true);
    assert.equal(corrects(entry, { ...claimOf(entry), classified: { 'surgical-role': 'second-operator' } }), true);
  });
  test('that decides a cross credit is no correction of the claim [count:12]', () => {
    assert.equal(corrects(entry, { ...claimOf(entry), creditedTo: 'GIN-1' }), false);
  });
});
