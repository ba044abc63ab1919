import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { reporting, RequirementSet } from '@ateneo/contracts';
import { activitiesOf, sets } from '../../test/catalogue.js';
import { counterOf, definitiveOf, type Entry } from '../../test/counted.js';

type Figure = reporting.Figure;
const chir = { set: 'CHIR-402' };
const first = { 'surgical-role': 'first-operator' };
const second = { 'surgical-role': 'second-operator' };
const operations = (id: string, total: number, asFirst: number) => [
  { activities: [id], times: asFirst, classified: first },
  { activities: [id], times: total - asFirst, classified: second },
];

/** Number, minimum, percentage, and what fails beside them. */
const rowOf = ({ number, minimum, percent, failing }: Figure) => [
  ...[number, minimum, percent],
  failing.map((it) => [it.label.it, it.number, it.minimum]),
];
describe('the row', () => {
  test('12 operations of 30, none as first operator: 12 of 30, 40%, first operator 0 of 3 [rev:cor-2] [count:5]', () => {
    const it = definitiveOf(chir, 'CHIR-402-01', operations('CHIR-402-01', 12, 0));
    assert.deepEqual(rowOf(it), [12, 30, 40, [['primo operatore', 0, 3]]]);
    assert.deepEqual(it.progress, { numerator: 0, denominator: 1 });
  });
  test('30 of 30, 2 as first operator: 99% [rev:cor-2] [count:5]', () => {
    assert.deepEqual(rowOf(definitiveOf(chir, 'CHIR-402-01', operations('CHIR-402-01', 30, 2))), [30, 30, 99, [['primo operatore', 2, 3]]]);
    assert.equal(definitiveOf(chir, 'CHIR-402-01', operations('CHIR-402-01', 90, 2)).percent, 99);
    assert.deepEqual(rowOf(definitiveOf(chir, 'CHIR-402-01', operations('CHIR-402-01', 45, 3))), [45, 30, 150, []]);
  });
  test('the percentage is rounded down [rev:cor-2] [count:5]', () => {
    const acts = (times: number) => [{ activities: ['CHIR-402-03'], times, classified: first }];
    assert.deepEqual(
      [acts(324), acts(323), acts(1)].map((it) => definitiveOf(chir, 'CHIR-402-03', it).percent),
      [99, 99, 0],
    );
  });
  test('the number is capped per component or item, and so is its minimum their sum [rev:cor-2] [count:4] [count:5]', () => {
    const items = ['paracentesis', 'thoracentesis'].map((item) => ({ activities: [`MINT-402-04/${item}`], times: 14 }));
    const it = definitiveOf({ set: 'MINT-402' }, 'MINT-402-04', items);
    assert.deepEqual(
      [it.n, it.achieved, it.number, it.minimum, it.percent],
      [28, 20, 20, it.parts.length * 10, Math.floor(200 / it.parts.length)],
    );
    assert.deepEqual(
      it.failing.map((part) => [part.number, part.minimum]),
      it.parts.slice(2).map(() => [0, 10]),
    );
  });
  test('time has one decimal, rounded down: 5,5 of 2 semesters, 275%; 0,9 of 3 years, 30% [rev:cor-2] [count:5]', () => {
    const semesters = definitiveOf(chir, 'CHIR-402-06', [{ activities: ['CHIR-402-06/rotation'], period: ['2021-11-01', '2024-07-31'] }]);
    assert.deepEqual([...rowOf(semesters), semesters.time?.unit, semesters.achieved], [5.5, 2, 275, [], 'semesters', 5]);
    const years = definitiveOf({ set: 'MEU-68' }, 'MEU-68-01', [
      { activities: ['MEU-68-01/rotation'], period: ['2021-11-01', '2022-09-30'] },
    ]);
    assert.deepEqual([...rowOf(years), years.time?.unit, years.met], [0.9, 3, 30, [], 'years', false]);
  });
  test('time says its counted days, and those of each training year [rev:cor-2] [count:9]', () => {
    const suspended: [string, string][] = [['2022-01-01', '2022-01-31']];
    const periods = [{ activities: ['MEU-68-04/rotation'], period: ['2021-11-01', '2022-11-10'] as [string, string] }];
    const { time } = definitiveOf({ set: 'MEU-68', suspended }, 'MEU-68-04', periods);
    assert.deepEqual([time?.days, time?.years.map((it) => it.days)], [344, [334, 10, 0, 0, 0]]);
  });
  test('what a share takes besides its part is told [rev:cor-2] [count:4]', () => {
    const it = definitiveOf(chir, 'CHIR-402-01', operations('CHIR-402-01', 12, 5));
    assert.deepEqual([it.parts[0]?.n, it.remainder?.key, it.remainder?.n], [5, 'second-operator', 7]);
  });
  test('time that a rule asks for besides fails in words with its own numbers [rev:cor-2] [count:5]', () => {
    const acts = { activities: ['RADI-402-01'], times: 250 };
    const days = { activities: ['RADI-402-01/rotation'], period: ['2021-11-01', '2021-12-15'] as [string, string] };
    assert.deepEqual(rowOf(definitiveOf({ set: 'RADI-402' }, 'RADI-402-01', [acts, days])), [250, 250, 99, [['durata', 1.4, 2]]]);
  });
  test('provisional stands with provisional, definitive with definitive [rev:cor-2] [count:5]', () => {
    const waiting = operations('CHIR-402-01', 6, 3).map((it) => ({ ...it, state: 'submitted' as const }));
    const { definitive, provisional } = counterOf(chir, 'CHIR-402-01', [...operations('CHIR-402-01', 12, 0), ...waiting]);
    assert.deepEqual(
      [rowOf(definitive), rowOf(provisional)],
      [
        [12, 30, 40, [['primo operatore', 0, 3]]],
        [18, 30, 60, []],
      ],
    );
  });
});

/** Entries of any kind for a requirement: acts of its parts in either role, and periods of its rotation. */
const entriesFor = (set: RequirementSet, requirementId: string): fc.Arbitrary<Entry[]> => {
  const all = activitiesOf(set);
  const leading = all.filter((it) => it.feeds.some((feed) => feed.requirementId === requirementId));
  const own = leading.length > 0 ? leading : all;
  const acts = own.filter((it) => it.kind !== 'rotation').map(({ code }) => code);
  const rotations = own.filter((it) => it.kind === 'rotation').map(({ code }) => code);
  const act = fc.record({
    activities: fc.constantFrom(...acts, ...rotations).map((code) => [code]),
    quantity: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 400 })),
    classified: fc.constantFrom(first, second, { participation: 'personal-responsibility' }, { purpose: 'prevention-health-education' }),
    credits: fc.constant(3.7),
    from: fc.nat(1500),
    days: fc.nat(400),
  });
  return fc.array(
    act.map(({ from, days, ...it }) =>
      rotations.includes(it.activities[0] ?? '') ? { ...it, period: [dayFrom(from), dayFrom(from + days)] as [string, string] } : it,
    ),
    { maxLength: 6 },
  );
};
const dayFrom = (n: number): string => new Date(Date.UTC(2021, 10, 1 + n)).toISOString().slice(0, 10);

/** The definitive counter with every elective track in force, one after the other; nothing where it belongs to none. */
const counterAnywhere = (set: RequirementSet, id: string, entries: Entry[]): Figure | undefined => {
  const rule = set.requirements.find((it) => it.id === id)?.rule;
  const track = rule?.kind === 'track' ? rule.track : undefined;
  return set.mode === 'core' ? definitiveOf({ set: set.id, track }, id, entries) : undefined;
};

describe('any row of any set', () => {
  for (const set of sets) {
    test(`${set.id}: number, minimum and percentage agree, 100% is never printed on an unmet rule, an act more lowers nothing [rev:cor-2] [count:4] [count:5]`, () => {
      for (const { id, minimum, rule } of set.requirements)
        fc.assert(
          fc.property(entriesFor(set, id), (entries) => {
            const it = counterAnywhere(set, id, entries);
            if (!it) return;
            if (it.minimum === null) return assert.equal(it.percent, null);
            if (minimum !== null && rule.kind !== 'each_of') assert.equal(it.minimum, minimum);
            const below = Math.floor((it.number * 100) / it.minimum + 1e-9);
            const above = Math.floor(((it.number + (it.time ? 0.1 : 0)) * 100) / it.minimum + 1e-9);
            const percent = it.percent ?? -1;
            if (it.met) assert.ok(percent >= 100 && percent >= below && percent <= above);
            else assert.ok(percent < 100 && percent >= Math.min(99, below) && percent <= above, JSON.stringify(it));
            assert.ok(it.met || it.failing.length > 0 || it.number < it.minimum);
            const fewer = counterAnywhere(set, id, entries.slice(1)) as Figure;
            assert.ok((fewer.percent ?? 0) <= percent && fewer.number <= it.number && (!fewer.met || it.met));
          }),
          { numRuns: 12 },
        );
    });
  }
});
