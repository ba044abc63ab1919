import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recount, type Recount, type RecountedFigure } from './recount.js';
import { did, ENROLMENT, event, logOf, period, suspended, trainee, type Written } from './hand-written-log.js';

type Unit = 'weeks' | 'months' | 'semesters' | 'years';
type Log = (Written | Written[])[];
const lasting = (minimum: number, unit: Unit, id = 'R1') => ({ id, minimum, rule: { kind: 'duration', minimum, unit } });
const asked = (log: Log, asOf = '2026-12-31'): Recount => recount(logOf(...log), { enrolmentId: ENROLMENT, asOf })!;
const figure = (log: Log, asOf?: string): RecountedFigure => asked(log, asOf).sets[0]!.requirements[0]!.definitive;
const rotation = (from: string, to: string) => period('R1/rotation', from, to);
const months = (...log: Log) => figure([trainee([lasting(12, 'months')]), ...log]);
const dayAfter = (from: string, n: number) => new Date(Date.parse(`${from}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);

describe('months', () => {
  for (const [from, to, whole] of [
    ['2021-01-01', '2021-12-31', 12],
    ['2021-02-15', '2021-04-14', 2],
    ['2021-02-15', '2021-04-13', 1],
    ['2021-01-31', '2021-03-30', 2],
    ['2021-01-31', '2021-02-28', 1],
    ['2021-01-31', '2021-02-27', 0],
    ['2024-02-29', '2025-02-28', 12],
    ['2021-05-05', '2021-05-05', 0],
  ] as const)
    test(`${from} to ${to} are ${whole} whole months [count:9]`, () => assert.equal(months(rotation(from, to)).n, whole));

  test('two separate semesters from November to April are twelve months, or a year [count:9]', () => {
    const semesters = [rotation('2020-11-01', '2021-04-30'), rotation('2021-11-01', '2022-04-30')];
    assert.deepEqual([months(...semesters).n, months(...semesters).met, months(...semesters).percent], [12, true, 100]);
    assert.equal(figure([trainee([lasting(1, 'years')]), ...semesters]).met, true);
    assert.equal(figure([trainee([lasting(2, 'semesters')]), ...semesters]).n, 2);
  });
  test('January less its tenth plus the first of February is one month [count:9]', () => {
    const parts = [rotation('2021-01-01', '2021-01-09'), rotation('2021-01-11', '2021-01-31')];
    assert.deepEqual([months(...parts).n, months(...parts, rotation('2021-02-01', '2021-02-01')).n], [0, 1]);
  });
  test('a month begun on 31 January costs 29 days, wherever they lie [count:9]', () => {
    const begun = rotation('2021-01-31', '2021-01-31');
    assert.deepEqual(
      [months(begun, rotation('2021-03-10', '2021-04-05')).n, months(begun, rotation('2021-03-10', '2021-04-06')).n],
      [0, 1],
    );
  });
  test('a suspended day inside a month is made up by a later one [count:9]', () => {
    const log = [rotation('2021-01-01', '2021-01-31'), suspended('2021-01-10', '2021-01-10')];
    assert.deepEqual([months(...log).n, months(...log, rotation('2021-03-05', '2021-03-05')).n], [0, 1]);
  });
  test('an unfinished month moves the progress and never meets the rule [count:9]', () => {
    const it = figure([trainee([lasting(2, 'months')]), rotation('2021-01-01', '2021-02-27')]);
    assert.deepEqual([it.n, it.met, it.percent, it.progress], [1, false, 98, { numerator: 55, denominator: 56 }]);
  });
  test('overlapping periods count their days once, another requirement is flagged [count:8]', () => {
    const start = trainee([lasting(12, 'months'), lasting(12, 'months', 'R2')]);
    const it = asked([start, rotation('2021-01-01', '2021-01-31'), rotation('2021-01-15', '2021-02-28')]);
    assert.deepEqual([it.sets[0]!.requirements[0]!.definitive.n, it.remarks], [2, []]);
    const two = asked([
      start,
      period('R1/rotation', '2021-01-01', '2021-01-31', { entryId: 'p' }),
      period('R2/rotation', '2021-01-31', '2021-02-28', { entryId: 'q' }),
    ]);
    assert.deepEqual(two.remarks, [
      { code: 'periods-overlap', entryId: 'p', requirementId: 'R1' },
      { code: 'periods-overlap', entryId: 'q', requirementId: 'R2' },
    ]);
  });
  test('a period adds nothing to a count, an act nothing to a duration [count:8]', () => {
    const both = {
      id: 'R1',
      minimum: 5,
      rule: {
        kind: 'all',
        rules: [
          { kind: 'min_count', minimum: 5 },
          { kind: 'duration', minimum: 1, unit: 'months' },
        ],
      },
    };
    const it = figure([trainee([both]), rotation('2021-01-01', '2021-01-31'), did('R1', { quantity: 2 })]);
    assert.deepEqual([it.n, it.parts[0]!.n], [2, 1]);
  });
  test('days of a period after the day of the question do not count yet [count:9]', () => {
    const log = [trainee([lasting(1, 'months')]), rotation('2021-01-01', '2021-06-30')];
    assert.deepEqual([figure(log, '2021-01-30').n, figure(log, '2021-01-31').n], [0, 1]);
  });
  test('an open suspension runs on until its end is known, a withdrawn one never was [count:9]', () => {
    const log = [rotation('2021-01-01', '2021-12-31'), suspended('2021-07-01', null)];
    const ended = event('career.suspension-ended', { suspensionId: 'suspension-2021-07-01', to: '2021-07-31' });
    const withdrawn = event('career.suspension-corrected', {
      suspensionId: 'suspension-2021-07-01',
      from: '2021-07-01',
      to: null,
      estimatedTo: null,
      withdrawn: true,
    });
    assert.deepEqual([months(...log).n, months(...log, ended).n, months(...log, withdrawn).n], [6, 11, 12]);
  });
  test('overlapping suspensions take a day out once, acts in them stay [count:15]', () => {
    const log = [rotation('2021-01-01', '2021-12-31'), suspended('2021-07-01', '2021-07-20'), suspended('2021-07-15', '2021-07-31')];
    assert.equal(months(...log).n, 11);
  });

  const spans = fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 70 })), { minLength: 1, maxLength: 6 });
  const value = (log: Log) => months(...log).progress!.numerator / months(...log).progress!.denominator;
  const rotations = (of: [number, number][]) =>
    of.map(([from, days]) => rotation(dayAfter('2021-01-20', from), dayAfter('2021-01-20', from + days - 1)));
  test('an added day never lowers the figure [count:9]', () =>
    fc.assert(
      fc.property(spans, fc.nat(520), (of, added) => value([...rotations(of), ...rotations([[added, 1]])]) >= value(rotations(of))),
      { numRuns: 150 },
    ));
  test('whole calendar months come out whole from any start [count:9]', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 48 }), fc.integer({ min: 1, max: 12 }), (first, k) => {
        const day = (month: number, of: number) => new Date(Date.UTC(2021, month, of)).toISOString().slice(0, 10);
        const it = months(rotation(day(first, 1), day(first + k, 0)));
        assert.deepEqual([it.n, it.progress!.numerator * 12], [k, k * it.progress!.denominator]);
      }),
    ));
});

describe('weeks and years', () => {
  const perYear = { id: 'R1', minimum: 9, rule: { kind: 'duration', minimumPerYear: 3, years: 3, unit: 'weeks' } };
  test('weeks are days by seven [count:9]', () => {
    const it = figure([trainee([lasting(3, 'weeks')]), rotation('2021-01-01', '2021-01-20')]);
    assert.deepEqual([it.n, it.met, it.progress], [2, false, { numerator: 20, denominator: 21 }]);
  });
  test('surplus of a training year does not cover another, and weeks need not be consecutive [count:9]', () => {
    const log = [
      trainee([perYear]),
      rotation('2021-01-01', '2021-02-28'),
      rotation('2022-01-01', '2022-01-21'),
      rotation('2023-01-01', '2023-01-13'),
    ];
    assert.deepEqual([figure(log).met, figure(log).percent], [false, 87]);
    assert.equal(figure([...log, rotation('2023-05-02', '2023-05-09')]).met, true);
  });
  test('10 and 20 days of two years are 30 days, 4 whole weeks, written as 4,2 of 9 [count:28]', () => {
    const it = figure([trainee([perYear]), rotation('2021-01-01', '2021-01-10'), rotation('2022-01-01', '2022-01-20')]);
    assert.deepEqual([it.achieved, it.number, it.minimum, it.percent, it.time!.days], [4, 4.2, 9, 47, 30]);
  });
  test('a period over the boundary of years is split there, the best years count [count:9]', () => {
    const log = [
      trainee([perYear]),
      rotation('2021-10-11', '2021-11-21'),
      rotation('2024-10-11', '2024-10-30'),
      rotation('2025-05-01', '2025-05-21'),
    ];
    assert.deepEqual([figure(log).met, figure(log).achieved, figure(log.slice(0, 3)).met], [true, 9, false]);
  });
  test('the window opens with the first day of its training year, as moved by suspensions [count:10]', () => {
    const axis = 'participation';
    const rule = { kind: 'year_window', minimum: 40, lastYears: 2, requires: { axis, value: 'personal-responsibility' } };
    const start = trainee([{ id: 'R1', minimum: 40, rule } as never]);
    const acts = [
      did('R1', { on: '2023-10-31' }),
      did('R1', { on: '2023-11-01' }),
      did('R1', { on: '2023-11-02', classified: { [axis]: 'personal-responsibility' } }),
    ];
    const it = figure([start, ...acts]);
    assert.deepEqual([it.n, it.parts], [2, [{ key: 'personal-responsibility', n: 1, number: 1, minimum: 0, met: true }]]);
    const moved = event('career.training-years-dated', { years: [{ year: 4, from: '2023-11-02', to: '2024-11-01', open: false }] });
    assert.equal(figure([start, ...acts, moved]).n, 3);
  });
});
