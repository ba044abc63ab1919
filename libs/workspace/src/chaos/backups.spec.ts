import assert from 'node:assert/strict';
import { againstBackup, backupToTry } from './backups.js';
import type { Acknowledged } from './journal.js';

const [RECORDED, SUBMITTED] = ['logbook.entry-recorded.v1', 'logbook.entry-submitted.v1'];
const entry = (entryId: string, ...events: string[]): Acknowledged => ({ is: 'entry', key: 'k', entryId, events, traineeId: 't' });
const event = (type: string, data: Readonly<Record<string, unknown>>) => ({
  id: `${type}-${JSON.stringify(data)}`,
  type,
  data,
  time: '2026-01-01T00:00:00.000Z',
  service: 'logbook',
  position: 1,
});
const promised: Acknowledged[] = [
  entry('a', RECORDED),
  entry('a', SUBMITTED),
  { is: 'import-ended', importId: 'i', how: 'done' },
  { is: 'run-ended', runId: 'r', failed: [], files: { p: 'hash' } },
];
const restored = [
  event(RECORDED, { entryId: 'a', importId: 'i' }),
  event(SUBMITTED, { entryId: 'a' }),
  event('logbook.import-finished.v1', { importId: 'i' }),
  event('reporting.report-issued.v1', { reportId: 'p' }),
];

describe('what a restored backup holds against what had been acknowledged before it [issue8:4]', () => {
  test('is nothing where all of it is there, whatever came later', () =>
    assert.deepEqual(
      againstBackup([...restored, event('logbook.entry-validated.v1', { entryId: 'a' }), event(RECORDED, { entryId: 'z' })], promised),
      [],
    ));
  for (const [n, how] of ['an entry', 'a step of an entry', 'the end of an import', 'a report'].entries())
    test(`names ${how} that is missing`, () =>
      assert.equal(
        againstBackup(
          restored.filter((_event, i) => i !== n),
          promised,
        ).length,
        1,
      ));
  test('leaves out rows of an import that had not ended then, and names those of one that had', () => {
    const confirmed: Acknowledged = {
      is: 'import',
      importId: 'j',
      rows: [{ entryId: 'r', events: [RECORDED] }],
      refused: 0,
      alreadyThere: 0,
    };
    assert.deepEqual(againstBackup(restored, [...promised, confirmed]), []);
    const ended: Acknowledged = { is: 'import-ended', importId: 'j', how: 'done' };
    assert.equal(againstBackup(restored, [...promised, confirmed, ended]).length, 2);
  });
  test('is asked of a backup that was finished, and of what was acknowledged before it began', () => {
    const [begun, other]: Acknowledged[] = [
      { is: 'backup', folder: 'f' },
      { is: 'backup', folder: 'unfinished' },
    ];
    const journal: Acknowledged[] = [entry('a', RECORDED), begun!, entry('b', RECORDED), { is: 'backup-ended', folder: 'f' }, other!];
    assert.deepEqual(backupToTry(journal), { folder: 'f', promised: [entry('a', RECORDED)] });
    assert.equal(backupToTry([begun!]), undefined);
  });
});
