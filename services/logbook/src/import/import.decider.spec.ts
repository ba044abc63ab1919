import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { type ImportEvent, logbookImport } from './import.decider.js';

const { given } = specification(logbookImport);
const [importId, schoolId, startedBy] = [
  '0198c0de-0000-7000-8000-000000000031',
  '0198c0de-0000-7000-8000-000000000010',
  '0198c0de-0000-7000-8000-000000000003',
];
const start = { type: 'StartImport', importId, schoolId, fileId: 'f', fileName: 'a.csv', startedBy } as const;
const started: ImportEvent = { ...start, type: 'ImportStarted' };
const outcome = (refused: number) => ({
  rows: 3,
  fates: { new: 3 - refused, 'new-as-submitted': 0, 'amends-draft': 0, 'already-there': 0, refused },
  fatesFileId: 'g',
});
const checked = (refused = 0): ImportEvent => ({ type: 'ImportChecked', startedBy, ...outcome(refused) });
const confirmed: ImportEvent = { type: 'ImportConfirmed', onlyGood: false };

describe('an import', () => {
  test('is started once', () => {
    given().when(start).then(started);
    given(started).when(start).thenRejected('id-already-used');
  });

  test('is confirmed only after its check, and twice is once', () => {
    given().when({ type: 'ConfirmImport', onlyGood: true }).thenRejected('import-not-found');
    given(started).when({ type: 'ConfirmImport', onlyGood: true }).thenRejected('import-not-checked');
    given(started, checked()).when({ type: 'ConfirmImport', onlyGood: false }).then(confirmed);
    given(started, checked(), confirmed).when({ type: 'ConfirmImport', onlyGood: false }).thenNothing();
  });

  test('with refused rows is carried out only when what is good is asked for', () => {
    given(started, checked(1)).when({ type: 'ConfirmImport', onlyGood: false }).thenRejected('import-has-refused-rows', { refused: 1 });
    given(started, checked(1)).when({ type: 'ConfirmImport', onlyGood: true }).then({ type: 'ImportConfirmed', onlyGood: true });
  });

  test('reports check and end once, however often the work is repeated', () => {
    given(started)
      .when({ type: 'ReportCheck', ...outcome(0) })
      .then(checked());
    given(started, checked())
      .when({ type: 'ReportCheck', ...outcome(0) })
      .thenNothing();
    given(started, checked(), confirmed)
      .when({ type: 'FinishImport', ...outcome(0) })
      .then({ type: 'ImportFinished', startedBy, ...outcome(0) });
    given(started, checked(), confirmed, { type: 'ImportFinished', startedBy, ...outcome(0) })
      .when({ type: 'FailImport', problem: 'x' })
      .thenNothing();
  });

  test('as it was stored once is read for ever', () => {
    const state = storedExamples(logbookImport, [
      { type: 'ImportStarted', data: { importId, schoolId, fileId: 'f', fileName: 'a.csv', startedBy } },
      { type: 'ImportChecked', data: { startedBy, rows: 3, fates: outcome(0).fates, fatesFileId: 'g' } },
      { type: 'ImportConfirmed', data: { onlyGood: false } },
      { type: 'ImportFinished', data: { startedBy, rows: 3, fates: outcome(0).fates, fatesFileId: 'h' } },
      { type: 'ImportFailed', data: { problem: 'file-missing' } },
    ]);
    assert.equal(state.is, 'failed');
  });
});
