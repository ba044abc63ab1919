import assert from 'node:assert/strict';
import { type SuspendedDays, trainingYears, yearOn } from './training-years.rules.js';

const days = (from: string, to: string | null, estimatedTo: string | null = null): SuspendedDays => ({ from, to, estimatedTo });
const dated = (contractStart: string, ...suspensions: SuspendedDays[]) => trainingYears({ contractStart, courseYears: 4, suspensions });
const ends = (contractStart: string, ...suspensions: SuspendedDays[]) => dated(contractStart, ...suspensions).map(({ to }) => to);

describe('training years', () => {
  test('without suspensions a year ends the day before the anniversary of the contract [res:91]', () => {
    assert.deepEqual(ends('2023-11-01'), ['2024-10-31', '2025-10-31', '2026-10-31', '2027-10-31']);
  });
  test('a contract of 29 February has its anniversary on the first of March [count:9]', () => {
    assert.deepEqual(ends('2024-02-29'), ['2025-02-28', '2026-02-28', '2027-02-28', '2028-02-28']);
  });
  test('a year ends at its nominal end plus its suspended days, both ends included, and the next starts the day after [res:B5] [res:E2.7]', () => {
    const years = dated('2023-11-01', days('2024-01-10', '2024-01-19'));
    assert.deepEqual(years.map(({ from, to }) => [from, to]).slice(0, 2), [
      ['2023-11-01', '2024-11-10'],
      ['2024-11-11', '2025-11-10'],
    ]);
  });
  test('one suspended day moves the end by one day [res:B5]', () => {
    assert.equal(ends('2023-11-01', days('2024-01-10', '2024-01-10'))[0], '2024-11-01');
  });
  test('overlapping suspensions count once [res:B5]', () => {
    assert.deepEqual(
      ends('2023-11-01', days('2024-01-10', '2024-01-19'), days('2024-01-15', '2024-01-24')),
      ends('2023-11-01', days('2024-01-10', '2024-01-24')),
    );
  });
  test('the same suspension twice changes nothing [res:E2.7]', () => {
    const once = days('2024-01-10', '2024-06-09');
    assert.deepEqual(dated('2023-11-01', once, { ...once }), dated('2023-11-01', once));
  });
  test('a suspension that begins in a year belongs to it whole, even beyond its nominal end [res:91]', () => {
    assert.deepEqual(ends('2023-11-01', days('2024-10-22', '2024-11-30')).slice(0, 2), ['2024-12-10', '2025-12-10']);
  });
  test('a suspension of the days after a year has ended belongs to the next [res:91]', () => {
    assert.deepEqual(ends('2023-11-01', days('2024-11-01', '2024-11-10')).slice(0, 2), ['2024-10-31', '2025-11-10']);
  });
  test('a suspension in the days that another has added moves the end again [res:B5]', () => {
    assert.equal(ends('2023-11-01', days('2024-01-01', '2024-01-10'), days('2024-11-05', '2024-11-07'))[0], '2024-11-13');
  });
  test('suspensions of every year move the end of the contract by all their days [res:91]', () => {
    assert.equal(
      ends('2023-11-01', days('2024-01-01', '2024-01-10'), days('2025-03-01', '2025-03-31'), days('2027-10-01', '2027-10-05')).at(-1),
      '2027-12-16',
    );
  });
  test('an open suspension makes its year and those after it «not before», counted up to the estimate [res:B5]', () => {
    const years = dated('2023-11-01', days('2025-01-10', null, '2025-01-19'));
    assert.deepEqual(
      years.map(({ to, open }) => [to, open]),
      [
        ['2024-10-31', false],
        ['2025-11-10', true],
        ['2026-11-10', true],
        ['2027-11-10', true],
      ],
    );
  });
  test('of an open suspension without an estimate the first day alone is known [res:B5]', () => {
    assert.deepEqual(dated('2023-11-01', days('2024-01-10', null))[0], { year: 1, from: '2023-11-01', to: '2024-11-01', open: true });
  });
  test('a contract that ended early has no year after its last day [res:B5]', () => {
    const years = trainingYears({
      contractStart: '2023-11-01',
      courseYears: 4,
      suspensions: [days('2025-01-10', null)],
      endedOn: '2025-03-31',
    });
    assert.deepEqual(years, [
      { year: 1, from: '2023-11-01', to: '2024-10-31', open: false },
      { year: 2, from: '2024-11-01', to: '2025-03-31', open: false },
    ]);
  });
  test('a contract that ended on the last day of a year is dated for good, open suspension or not [res:B5]', () => {
    const years = trainingYears({
      contractStart: '2023-11-01',
      courseYears: 4,
      suspensions: [days('2024-01-10', null)],
      endedOn: '2024-11-01',
    });
    assert.deepEqual(years, [{ year: 1, from: '2023-11-01', to: '2024-11-01', open: false }]);
  });
  test('a day belongs to the year it lies in, before the contract to the first, after it to the last [res:89]', () => {
    const years = dated('2023-11-01');
    assert.deepEqual(
      ['2023-01-01', '2023-11-01', '2024-10-31', '2024-11-01', '2030-01-01'].map((day) => yearOn(years, day)?.year),
      [1, 1, 1, 2, 4],
    );
  });
});
