import assert from 'node:assert/strict';
import type { Acknowledged } from './journal.js';
import { againstRuns } from './report-runs.js';

const issued = (reportId: string, fileHash: string, position = 1) => ({
  id: `${reportId}-${position}`,
  type: 'reporting.report-issued.v1',
  data: { reportId, fileHash },
  time: '2026-01-01T00:00:00.000Z',
  service: 'reporting',
  position,
});
const asked: Acknowledged = { is: 'run', runId: 'r', traineeIds: ['t', 'u'] };
const ended = { is: 'run-ended', runId: 'r', failed: [], files: { a: 'ha', b: 'hb' } } as const;
const both = [issued('a', 'ha'), issued('b', 'hb')];

describe('what report runs did against what was told of them [issue8:4]', () => {
  test('is nothing where each report was issued once and its PDF is the one that was issued', () =>
    assert.deepEqual(againstRuns(both, [asked, ended]), []));
  for (const [how, events, acknowledged] of [
    ['a run that never ended', both, [asked]],
    ['a report that nobody reached', both, [asked, { ...ended, files: { a: 'ha' } }]],
    ['a report that failed', both, [asked, { ...ended, files: { a: 'ha' }, failed: [{ traineeId: 'u', reason: 'internal-error' }] }]],
    ['a report that is not in the log', both.slice(1), [asked, ended]],
    ['a report that was issued twice', [...both, issued('b', 'hb', 2)], [asked, ended]],
    ['a PDF that is another', [issued('a', 'other'), issued('b', 'hb')], [asked, ended]],
  ] as const)
    test(`names ${how}`, () => assert.equal(againstRuns(events, acknowledged).length, 1));
});
