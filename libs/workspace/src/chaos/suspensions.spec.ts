import assert from 'node:assert/strict';
import { againstReactions } from './suspensions.js';

const ended = (suspensionId: string, n: number) => ({
  id: `${suspensionId}-${n}`,
  type: 'career.suspension-ended.v1',
  data: { suspensionId },
  time: '2026-01-01T00:00:00.000Z',
  service: 'career',
  position: n,
});

describe('what a reaction did against what was asked of it [issue4:7]', () => {
  test('is nothing where each suspension was ended once', () =>
    assert.deepEqual(againstReactions([ended('a', 1), ended('b', 2)], ['a', 'b']), []));
  test('names one that was never ended and one that was ended twice', () =>
    assert.deepEqual(againstReactions([ended('b', 1), ended('b', 2)], ['a', 'b']), [
      'suspension a was ended 0 times',
      'suspension b was ended 2 times',
    ]));
});
