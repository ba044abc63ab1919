import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { report, type ReportEvent } from './report.decider.js';
import { reportRun, type RunEvent } from './report-run.decider.js';

const [reportId, traineeId, enrolmentId, schoolId] = [
  '0198c0de-0000-7000-8000-000000000040',
  '0198c0de-0000-7000-8000-000000000001',
  '0198c0de-0000-7000-8000-000000000020',
  '0198c0de-0000-7000-8000-000000000010',
];
const said = {
  reportId,
  traineeId,
  enrolmentId,
  schoolId,
  code: 'ab'.repeat(16),
  contentHash: '0'.repeat(64),
  fileHash: '1'.repeat(64),
  locale: 'it',
  asOf: '2026-11-20',
  fileRef: 'f',
  modelRef: 'm',
} as const;
const issued: ReportEvent = { type: 'ReportIssued', ...said };
const protocol = { protocol: '0000123/2026', fileHash: '2'.repeat(64), fileRef: 'g' };
const registered: ReportEvent = { type: 'ReportRegistered', enrolmentId, ...protocol };

describe('a report', () => {
  const { given } = specification(report);
  test('is issued once under its id [arch:4]', () => {
    given()
      .when({ type: 'IssueReport', ...said })
      .then(issued);
    given(issued)
      .when({ type: 'IssueReport', ...said })
      .thenRejected('id-already-used');
  });
  test('is registered once: the same protocol number again is nothing, another is refused [svc:4.2]', () => {
    given()
      .when({ type: 'RegisterReport', ...protocol })
      .thenRejected('report-not-found');
    given(issued)
      .when({ type: 'RegisterReport', ...protocol })
      .then(registered);
    given(issued, registered)
      .when({ type: 'RegisterReport', ...protocol })
      .thenNothing();
    given(issued, registered)
      .when({ type: 'RegisterReport', ...protocol, protocol: '0000124/2026' })
      .thenRejected('already-registered');
  });
  test('keeps code, fingerprint and first file when it is registered [svc:4.2]', () =>
    given(issued)
      .when({ type: 'RegisterReport', ...protocol })
      .thenState((state) =>
        assert.ok(
          state.is === 'registered' &&
            state.code === said.code &&
            state.contentHash === said.contentHash &&
            state.fileHash === said.fileHash &&
            state.registered.fileHash === protocol.fileHash,
        ),
      ));
  test('as it was stored once is read for ever', () => {
    const state = storedExamples(report, [
      { type: 'ReportIssued', data: { ...said } },
      { type: 'ReportRegistered', data: { enrolmentId, ...protocol } },
    ]);
    assert.equal(state.is, 'registered');
  });
});

describe('a report run', () => {
  const { given } = specification(reportRun);
  const start = { runId: reportId, schoolId, traineeIds: [traineeId], locale: 'it' } as const;
  const started: RunEvent = { type: 'RunStarted', ...start };
  const outcome = { done: [traineeId], failed: [] };
  test('is started once and ends once [res:A11.11]', () => {
    given()
      .when({ type: 'StartRun', ...start })
      .then(started);
    given(started)
      .when({ type: 'StartRun', ...start })
      .thenRejected('id-already-used');
    given(started)
      .when({ type: 'EndRun', ...outcome })
      .then({ type: 'RunEnded', ...outcome });
    given(started, { type: 'RunCancelled', ...outcome })
      .when({ type: 'EndRun', ...outcome })
      .thenNothing();
    given()
      .when({ type: 'CancelRun', ...outcome })
      .thenRejected('run-not-found');
  });
  test('as it was stored once is read for ever', () => {
    for (const end of ['RunEnded', 'RunCancelled']) {
      const state = storedExamples(reportRun, [
        { type: 'RunStarted', data: { ...start } },
        { type: end, data: { done: [traineeId], failed: [{ traineeId, reason: 'counters-incomplete' }] } },
      ]);
      assert.equal(state.is, end === 'RunEnded' ? 'done' : 'cancelled');
    }
  });
});
