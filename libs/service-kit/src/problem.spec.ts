import assert from 'node:assert/strict';
import { logbook } from '@ateneo/contracts';
import { Refusal } from '@ateneo/event-sourcing';
import { invalidInput, problemOf } from './problem.js';

const errors = (input: unknown) => {
  const parsed = logbook.recordEntry.input.safeParse(input);
  assert.ok(!parsed.success);
  return invalidInput(parsed.error).errors ?? [];
};

test('each wrong field is named by a pointer and a rule [arch:3]', () => {
  const found = errors({ entryId: 'x', activities: [], performedOn: '2026-02-30', quantity: 0 });
  assert.deepEqual(found.map(({ pointer }) => pointer).sort(), ['/activities', '/entryId', '/performedOn', '/quantity']);
  assert.equal(found.find(({ pointer }) => pointer === '/performedOn')?.code, 'day');
});

test('a field that is not there is required, not of the wrong type [arch:3]', () => {
  assert.deepEqual(
    errors({ entryId: '0198c0de-0000-7000-8000-000000000030' }).map(({ pointer, code }) => [pointer, code]),
    [['/activities', 'required']],
  );
});

test('a refusal has the status that its contract lists, and one that it does not list is a mistake of ours [arch:3]', () => {
  assert.deepEqual(problemOf(logbook.recordEntry, new Refusal('patient-data', { field: 'note' })), {
    status: 422,
    code: 'patient-data',
    details: { field: 'note' },
  });
  assert.equal(problemOf(logbook.recordEntry, new Refusal('idempotency-key-reused')).status, 422);
  assert.throws(() => problemOf(logbook.recordEntry, new Refusal('report-not-found')), /does not list/);
});
