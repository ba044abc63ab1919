import assert from 'node:assert/strict';
import { dayPlus, parseTypedDay, writtenDay } from './typed-day.js';

const today = '2026-11-21';
describe('a typed day', () => {
  for (const typed of [
    '12/3/2026',
    '12.03.26',
    '12-3-2026',
    '12 mar 2026',
    '12 marzo',
    '12 march 26',
    '12032026',
    '120326',
    '1203',
    '2026-03-12',
    ' 12/03 ',
  ])
    test(`«${typed}» is 12 March 2026`, () => assert.equal(parseTypedDay(typed, today), '2026-03-12'));
  test('a day without a year that has not come yet is one of last year', () => assert.equal(parseTypedDay('24/12', today), '2025-12-24'));
  for (const typed of ['31/2/2026', '0/1/26', '12/13/26', 'ieri', '', '12/'])
    test(`«${typed}» is no day`, () => assert.equal(parseTypedDay(typed, today), null));
  test('a day is written as people write it, and days are counted across months', () => {
    assert.equal(writtenDay('2026-03-12'), '12/03/2026');
    assert.equal(dayPlus('2026-03-01', -1), '2026-02-28');
  });
});
