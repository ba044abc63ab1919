import assert from 'node:assert/strict';
import { recount, type Recount, type RecountedFigure } from './recount.js';
import { did, ENROLMENT, logOf, step, suspended, trainee, type Written } from './hand-written-log.js';

const AS_OF = '2025-10-31';
const asked = (log: (Written | Written[])[], asOf = AS_OF, knownAt?: string): Recount =>
  recount(logOf(...log), { enrolmentId: ENROLMENT, asOf, knownAt })!;
const of = (it: Recount, id = 'R1') => it.sets.flatMap((set) => set.requirements).find((one) => one.requirementId === id)!;
const definitive = (log: (Written | Written[])[], id = 'R1'): RecountedFigure => of(asked(log), id).definitive;

const count = (id: string, minimum: number, more = {}) => ({ id, minimum, rule: { kind: 'min_count', minimum }, ...more });
const ROLE = 'surgical-role';
const first = { [ROLE]: 'first-operator' };
const second = { [ROLE]: 'second-operator' };
const share = (id: string, minimum: number, partMinimum: number) => ({
  ...{ id, minimum },
  rule: {
    kind: 'share',
    minimum,
    partMinimum,
    part: { axis: ROLE, value: 'first-operator' },
    remainder: { axis: ROLE, value: 'second-operator' },
  },
});

describe('states and days', () => {
  test('drafts and rejected entries never count, submitted ones only provisionally [count:1]', () => {
    const states = (['draft', 'submitted', 'validated', 'rejected'] as const).map((state, i) => did('R1', { state, quantity: 10 ** i }));
    const it = of(asked([trainee([count('R1', 100)]), ...states]));
    assert.deepEqual([it.definitive.n, it.provisional.n, it.logged], [100, 110, 111]);
  });
  test('an act counts on its day and not the day before [count:1]', () => {
    const log = [trainee([count('R1', 1)]), did('R1', { on: '2021-06-20' })];
    assert.deepEqual([of(asked(log, '2021-06-19')).definitive.n, of(asked(log, '2021-06-20')).definitive.n], [0, 1]);
  });
  test('minimum − 1 is not met, the minimum is, and above it progress is shown as it is [count:4]', () => {
    const at = (quantity: number) => definitive([trainee([count('R1', 50)]), did('R1', { quantity })]);
    assert.deepEqual(
      [at(49).met, at(49).percent, at(50).met, at(75).percent, at(75).progress],
      [false, 98, true, 150, { numerator: 3, denominator: 2 }],
    );
  });
  test('returning lowers the provisional counter by the quantity, a reversal makes it submitted again [count:23]', () => {
    const start = trainee([count('R1', 9)]);
    const returned = of(asked([start, did('R1', { entryId: 'a', state: 'submitted', quantity: 4 }), step('entry-returned', 'a')]));
    const reversed = of(asked([start, did('R1', { entryId: 'b', quantity: 4 }), step('validation-reversed', 'b')]));
    assert.deepEqual([returned.provisional.n, returned.logged, reversed.provisional.n, reversed.definitive.n], [0, 4, 4, 0]);
  });
  test('a reversed and rejected entry, or one discarded, is gone [count:23]', () => {
    const log = [trainee([count('R1', 9)]), did('R1', { entryId: 'c' }), step('validation-reversed', 'c'), step('entry-rejected', 'c')];
    const it = of(asked([...log, did('R1', { entryId: 'd', state: 'draft' }), step('entry-discarded', 'd')]));
    assert.deepEqual([it.provisional.n, it.logged], [0, 0]);
  });
  test('the same entry delivered twice is one entry, two ids are two [count:19]', () => {
    const log = logOf(trainee([count('R1', 9)]), did('R1'), did('R1'));
    assert.equal(of(recount([...log, ...log], { enrolmentId: ENROLMENT, asOf: AS_OF })!).definitive.n, 2);
  });
  test('an act on a day suspended later keeps counting [count:15]', () => {
    assert.equal(definitive([trainee([count('R1', 9)]), did('R1', { on: '2021-02-02' }), suspended('2021-02-01', '2021-02-28')]).n, 1);
  });
});

describe('values and levels', () => {
  test('the certified role and level beat the claim, the levels add up to n [count:3]', () => {
    const certified = { autonomy: 'guided', classified: second };
    const log = [trainee([share('R1', 30, 3)]), did('R1', { autonomy: 'entrusted', classified: first, certified, quantity: 5 })];
    const it = of(
      asked([
        ...log,
        did('R1', { state: 'submitted', autonomy: 'observed', classified: first }),
        did('R1', { state: 'submitted', classified: second }),
      ]),
    );
    assert.deepEqual(it.definitive.levels, { guided: 5 });
    assert.deepEqual(it.provisional.levels, { guided: 5, observed: 1, 'not-stated': 1 });
    assert.deepEqual([it.definitive.parts[0]!.n, it.provisional.parts[0]!.n], [0, 1]);
  });
  for (const [minimum, part] of [
    [30, 3],
    [80, 20],
    [325, 130],
  ] as const)
    test(`${part} of ${minimum} as first operator meet the share, one less does not [res:E2.12]`, () => {
      const at = (firsts: number) =>
        definitive([
          trainee([share('R1', minimum, part)]),
          did('R1', { quantity: firsts, classified: first }),
          did('R1', { quantity: minimum - firsts, classified: second }),
        ]);
      assert.deepEqual([at(part).met, at(part).percent, at(part - 1).met], [true, 100, false]);
    });
  test('twelve operations of thirty, none as first operator, are 40 percent, the missing part beside it [rev:cor-2] [count:5]', () => {
    const it = definitive([trainee([share('R1', 30, 3)]), did('R1', { quantity: 12, classified: second })]);
    assert.deepEqual([it.number, it.minimum, it.percent, it.failing, it.remainder], [12, 30, 40, ['first-operator'], 12]);
  });
  test('thirty operations, two as first operator, are 99 percent and not 100 [rev:cor-2] [count:5]', () => {
    const it = definitive([
      trainee([share('R1', 30, 3)]),
      did('R1', { quantity: 2, classified: first }),
      did('R1', { quantity: 28, classified: second }),
    ]);
    assert.deepEqual([it.n, it.percent, it.met, it.progress], [30, 99, false, { numerator: 2, denominator: 3 }]);
  });
  test('a part with an absolute figure lies within the total; an unclassified entry is in the total alone [count:4]', () => {
    const rule = { kind: 'sub_minimum', minimum: 10, partMinimum: 4, part: { axis: 'diagnosis', value: 'neoplasm' } };
    const log = [
      trainee([{ id: 'R1', minimum: 10, rule }]),
      did('R1', { quantity: 3, classified: { diagnosis: 'neoplasm' } }),
      did('R1', { quantity: 7 }),
    ];
    const it = definitive(log);
    assert.deepEqual([it.n, it.met, it.percent, it.parts], [10, false, 99, [{ key: 'neoplasm', n: 3, number: 3, minimum: 4, met: false }]]);
  });
  test('a simulated entry counts only where simulation is allowed [count:7]', () => {
    const log = [trainee([count('R1', 9), count('R2', 9, { simulationAllowed: true })]), did(['R1', 'R2'], { simulated: true })];
    assert.deepEqual([definitive(log).n, definitive(log, 'R2').n], [0, 1]);
  });
  test('an observer and an unclassified import stay out of a share, the latter is listed [count:6]', () => {
    const it = asked([trainee([share('R1', 30, 3)]), did('R1', { classified: { [ROLE]: 'observer' } }), did('R1', { entryId: 'import' })]);
    assert.equal(of(it).definitive.n, 0);
    assert.deepEqual(it.remarks, [{ code: 'share-unclassified', entryId: 'import', requirementId: 'R1' }]);
  });
});
