import assert from 'node:assert/strict';
import { againstPromises } from './verdict.js';

const [RECORDED, SUBMITTED] = ['logbook.entry-recorded.v1', 'logbook.entry-submitted.v1'];
const stored = (entryId: string, ...types: string[]) =>
  types.map((type, n) => ({
    id: `${entryId}-${n}`,
    type,
    data: { entryId },
    time: '2026-01-01T00:00:00.000Z',
    service: 'logbook',
    position: n,
  }));
const promised = (entryId: string, ...events: string[]) => ({ is: 'entry' as const, key: 'k', entryId, events, traineeId: 't' });

describe('what stands against what was acknowledged', () => {
  test('is nothing where every acknowledged fact is there once', () =>
    assert.deepEqual(
      againstPromises(stored('a', RECORDED, SUBMITTED), new Set(), [promised('a', RECORDED), promised('a', SUBMITTED)]),
      [],
    ));
  for (const [how, events, acknowledged] of [
    ['a lost entry', [], [promised('a', RECORDED)]],
    ['a lost step', stored('a', RECORDED), [promised('a', RECORDED), promised('a', SUBMITTED)]],
    ['a doubled step', stored('a', RECORDED, SUBMITTED, SUBMITTED), [promised('a', RECORDED, SUBMITTED)]],
    ['an entry that nobody was promised', stored('b', RECORDED), []],
  ] as const) {
    test(`names ${how}`, () => assert.equal(againstPromises(events, new Set(), acknowledged).length, 1));
  }
  test('leaves out what was there before the run', () =>
    assert.deepEqual(againstPromises(stored('b', RECORDED), new Set(['b-0']), []), []));
});
