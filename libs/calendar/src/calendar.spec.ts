import assert from 'node:assert/strict';
import { addDays, addMonths, covers, dayNumber, dayOf, daysIn, overlaps, romeDay, union, unionDays, unionOf } from './index.js';

describe('calendar days in Europe/Rome', () => {
  test('an instant belongs to the day that Rome has, in winter and in summer [count:22]', () => {
    assert.equal(romeDay('2026-01-31T22:59:59Z'), '2026-01-31');
    assert.equal(romeDay('2026-01-31T23:00:00Z'), '2026-02-01');
    assert.equal(romeDay('2026-06-30T21:59:59Z'), '2026-06-30');
    assert.equal(romeDay('2026-06-30T22:00:00Z'), '2026-07-01');
  });
  test('day numbers and days are each other’s inverse [count:9]', () => {
    for (const day of ['1970-01-01', '2024-02-29', '2026-03-29', '2099-12-31']) assert.equal(dayOf(dayNumber(day)), day);
    assert.equal(daysIn('2026-02-01', '2026-02-28'), 28);
    assert.equal(addDays('2026-02-28', 1), '2026-03-01');
  });
  test('a missing corresponding day is the first of the next month [count:9]', () => {
    assert.equal(addMonths('2026-01-31', 1), '2026-03-01');
    assert.equal(addMonths('2026-01-31', 2), '2026-03-31');
    assert.equal(addMonths('2024-02-29', 12), '2025-03-01');
    assert.equal(addMonths('2026-11-15', 3), '2027-02-15');
  });
});

describe('intervals', () => {
  test('overlapping suspensions count once [res:E2.7]', () => {
    const twice = [
      { from: '2026-01-01', to: '2026-01-10' },
      { from: '2026-01-05', to: '2026-01-20' },
      { from: '2026-01-05', to: '2026-01-20' },
    ];
    assert.deepEqual(unionOf(twice), [{ from: '2026-01-01', to: '2026-01-20' }]);
    assert.equal(unionDays(twice, '2026-01-01', '2026-12-31'), 20);
  });
  test('days as numbers are joined alike, and a span that ends before it begins is none [issue9:3]', () => {
    assert.deepEqual(
      union([
        [5, 9],
        [1, 2],
        [3, 3],
        [8, 12],
        [20, 19],
      ]),
      [
        [1, 3],
        [5, 12],
      ],
    );
    assert.deepEqual(unionOf([{ from: '2026-01-02', to: '2026-01-01' }]), []);
  });
  test('an open interval runs on, and touching ones join [res:B5]', () => {
    assert.deepEqual(
      unionOf([
        { from: '2026-02-01', to: null },
        { from: '2026-01-01', to: '2026-01-31' },
      ]),
      [{ from: '2026-01-01', to: null }],
    );
    assert.equal(unionDays([{ from: '2026-02-01', to: null }], '2026-01-01', '2026-02-10'), 10);
    assert.ok(covers({ from: '2026-02-01', to: null }, '2030-01-01'));
    assert.ok(!overlaps({ from: '2026-02-01', to: '2026-02-02' }, { from: '2026-02-03', to: null }));
  });
});
