import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dayNumber, type Days, union } from '@ateneo/calendar';
import { monthsIn, without } from './duration.rules.js';

const span = (from: string, to: string): Days => [dayNumber(from), dayNumber(to)];
const months = (...spans: Days[]) => monthsIn(union(spans), 'calendar');
const valueOf = (spans: Days[]): number => {
  const it = monthsIn(spans, 'calendar');
  return it.whole + it.left / it.of;
};

describe('months', () => {
  test('15 February to 14 April is two months [count:9]', () =>
    assert.deepEqual(months(span('2026-02-15', '2026-04-14')), { whole: 2, left: 0, of: months(span('2026-02-15', '2026-04-14')).of }));
  test('one day less than two months is one and a fraction [count:9]', () =>
    assert.deepEqual(months(span('2026-02-15', '2026-04-13')), { whole: 1, left: 30, of: 31 }));
  test('two separate November-April semesters are twelve months [count:9]', () =>
    assert.equal(months(span('2023-11-01', '2024-04-30'), span('2024-11-01', '2025-04-30')).whole, 12));
  test('January less the 10th plus 1 February is one month [count:9]', () => {
    const days = without([span('2026-01-01', '2026-02-01')], [span('2026-01-10', '2026-01-10')]);
    assert.deepEqual([monthsIn(days, 'calendar').whole, monthsIn(days, 'calendar').left], [1, 0]);
  });
  test('31 January to 30 March is two months [count:9]', () =>
    assert.deepEqual([months(span('2026-01-31', '2026-03-30')).whole, months(span('2026-01-31', '2026-03-30')).left], [2, 0]));
  test('a whole February is one month, in a leap year too [count:9]', () => {
    assert.equal(months(span('2026-02-01', '2026-02-28')).whole, 1);
    assert.equal(months(span('2024-02-01', '2024-02-28')).whole, 0);
    assert.equal(months(span('2024-02-01', '2024-02-29')).whole, 1);
  });
  test('a suspended day inside a month is made up by a later one [count:9]', () => {
    const days = without([span('2026-03-01', '2026-03-31'), span('2026-05-20', '2026-05-20')], [span('2026-03-17', '2026-03-17')]);
    assert.equal(monthsIn(days, 'calendar').whole, 1);
  });
  test('overlapping periods count their days once [count:9]', () =>
    assert.deepEqual(months(span('2026-03-01', '2026-03-31'), span('2026-03-10', '2026-03-31')), months(span('2026-03-01', '2026-03-31'))));
  test('proportional months are a setting: ten days of January and nineteen of February are one month there [count:9]', () => {
    const days = union([span('2026-01-01', '2026-01-10'), span('2026-02-01', '2026-02-19')]);
    assert.equal(monthsIn(days, 'proportional').whole, 1);
    assert.equal(monthsIn(days, 'calendar').whole, 0);
  });
  test('an added day never lowers the figure [count:9]', () => {
    const start = dayNumber('2023-10-20');
    const days = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 60 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 560 }), (spans, extra) => {
        const before = union(spans.map(([from, length]): Days => [start + from, start + from + length]));
        const after = union([...before, [start + extra, start + extra]]);
        assert.ok(valueOf(after) >= valueOf(before) - 1e-12);
      }),
      { numRuns: 300 },
    );
  });
});
