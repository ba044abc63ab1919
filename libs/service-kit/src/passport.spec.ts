import assert from 'node:assert/strict';
import { type OperationMessage, ProcessPassports } from './passport.js';

const caller = JSON.stringify({ is: 'actor', actor: { id: 'p1', kind: 'person', profiles: [], locale: 'it' } });
const input = '{"entryId":"e1"}';

describe('passports', () => {
  let now = 1_000_000;
  const passports = new ProcessPassports(Buffer.alloc(32, 7), () => now);
  const message = (more: Partial<OperationMessage> = {}): OperationMessage => ({
    i: input,
    p: caller,
    ...passports.stamp('logbook.submit-entry', caller, input),
    r: 'r1',
    ...more,
  });

  test('a passport is good for its operation, its body and its caller, and for nothing else [arch:3]', () => {
    const good = message();
    assert.deepEqual(passports.check('logbook.submit-entry', good), JSON.parse(caller));
    assert.equal(passports.check('logbook.validate-entry', good), undefined);
    assert.equal(passports.check('logbook.submit-entry', { ...good, i: '{"entryId":"e2"}' }), undefined);
    assert.equal(passports.check('logbook.submit-entry', { ...good, p: caller.replace('p1', 'p2') }), undefined);
    assert.equal(passports.check('logbook.submit-entry', { ...good, s: good.s.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) }), undefined);
    assert.equal(passports.check('logbook.submit-entry', { ...good, s: '' }), undefined);
  });

  test('moving the border between caller and body breaks it [arch:3]', () => {
    const good = message();
    assert.equal(passports.check('logbook.submit-entry', { ...good, p: caller + input.slice(0, 1), i: input.slice(1) }), undefined);
  });

  test('it lasts 60 seconds, and its end cannot be put off [arch:3]', () => {
    const good = message();
    now += 60_000;
    assert.ok(passports.check('logbook.submit-entry', good));
    now += 1;
    assert.equal(passports.check('logbook.submit-entry', good), undefined);
    assert.equal(passports.check('logbook.submit-entry', { ...good, x: good.x + 60_000 }), undefined);
  });

  test('another process has another key [arch:3]', () => {
    const other = new ProcessPassports(Buffer.alloc(32, 8), () => now);
    assert.equal(other.check('logbook.submit-entry', message()), undefined);
  });
});
