import assert from 'node:assert/strict';
import { againstList, statesOf } from './rebuilds.js';

const of = (entryId: string, ...steps: string[]) =>
  steps.map((step, position) => ({
    id: `${entryId}-${position}`,
    type: `logbook.entry-${step}.v1`,
    data: { entryId, traineeId: entryId === 'z' ? 'other' : 't' },
    time: '2026-01-01T00:00:00.000Z',
    service: 'logbook',
    position,
  }));
const events = [
  ...of('a', 'recorded'),
  ...of('b', 'recorded', 'submitted', 'validated'),
  ...of('c', 'recorded', 'submitted', 'withdrawn'),
  ...of('d', 'recorded', 'discarded'),
  ...of('z', 'recorded', 'submitted'),
];

describe('what a list that was built anew holds against what the log holds [issue8:4]', () => {
  const counted = statesOf(events, 't');
  test('each entry counts where its last step left it', () => assert.deepEqual(counted, { draft: 2, validated: 1 }));
  test('is nothing where both are the same', () =>
    assert.deepEqual(againstList('t', { draft: 2, validated: 1, submitted: 0 }, counted), []));
  for (const [how, listed] of [
    ['an entry that the list lacks', { draft: 1, validated: 1 }],
    ['an entry that it holds twice', { draft: 3, validated: 1 }],
    ['an entry that it knows in a state of before', { draft: 2, submitted: 1, validated: 1 }],
  ] as const)
    test(`names ${how}`, () => assert.equal(againstList('t', listed, counted).length, 1));
});
