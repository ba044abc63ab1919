import assert from 'node:assert/strict';
import type { EntryView } from '../logbook/entry-words.js';
import { groupsOf } from './waiting-groups.js';

const entry = (entryId: string, trainee: string, performedTo: string) =>
  ({ entryId, traineeId: trainee.toLowerCase(), trainee, performedTo }) as EntryView;

describe('what waits', () => {
  test('is grouped by trainee and day, the latest day first, inside a day by name', () => {
    const groups = groupsOf([
      entry('1', 'Neri', '2026-11-02'),
      entry('2', 'Bianchi', '2026-11-03'),
      entry('3', 'Neri', '2026-11-03'),
      entry('4', 'Neri', '2026-11-02'),
    ]);
    assert.deepEqual(
      groups.map(({ trainee, day, entries }) => [trainee, day, entries.map(({ entryId }) => entryId)]),
      [
        ['Bianchi', '2026-11-03', ['2']],
        ['Neri', '2026-11-03', ['3']],
        ['Neri', '2026-11-02', ['1', '4']],
      ],
    );
  });
});
