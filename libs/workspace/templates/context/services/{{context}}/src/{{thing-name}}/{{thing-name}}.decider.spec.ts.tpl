import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { {{thing}} } from './{{thing-name}}.decider.js';

const { given } = specification({{thing}});
const facts = { {{thing}}Id: 'x1', title: 'Esempio', closesOn: '2026-06-30' };
const opened = { type: '{{Thing}}Opened' as const, ...facts };
const closed = { type: '{{Thing}}Closed' as const };

describe('{{thing-name}}', () => {
  test('is opened once under its id [arch:4]', () => {
    given().when({ type: 'Open{{Thing}}', ...facts }).then(opened);
    given(opened).when({ type: 'Open{{Thing}}', ...facts }).thenNothing();
    given(opened).when({ type: 'Open{{Thing}}', ...facts, title: 'Altro' }).thenRejected('id-already-used');
  });
  test('is closed once, where there is one [arch:4]', () => {
    given(opened).when({ type: 'Close{{Thing}}' }).then(closed);
    given(opened, closed).when({ type: 'Close{{Thing}}' }).thenNothing();
    given().when({ type: 'Close{{Thing}}' }).thenRejected('not-found');
  });
  test('every stored form still folds [arch:4]', () => {
    const state = storedExamples({{thing}}, [
      { type: '{{Thing}}Opened', data: facts },
      { type: '{{Thing}}Closed', data: {} },
    ]);
    assert.deepEqual(state, { is: 'closed', ...facts });
  });
});
