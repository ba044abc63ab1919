import assert from 'node:assert/strict';
import type { Activity } from '@ateneo/contracts';
import { counterOf, countersOf, definitiveOf, remarksOf } from '../../test/counted.js';

const chir = { set: 'CHIR-402' };
const first = { 'surgical-role': 'first-operator' };
const second = { 'surgical-role': 'second-operator' };
const observer = { 'surgical-role': 'observer' };
const operations = (id: string, total: number, asFirst: number) => [
  { activities: [id], times: asFirst, classified: first },
  { activities: [id], times: total - asFirst, classified: second },
];

describe('min_count', () => {
  test('is met at the minimum and not one below [count:4]', () => {
    assert.equal(definitiveOf({ set: 'GINE-402' }, 'GINE-402-02', [{ activities: ['GINE-402-02'], times: 99 }]).met, false);
    const met = definitiveOf({ set: 'GINE-402' }, 'GINE-402-02', [{ activities: ['GINE-402-02'], times: 100 }]);
    assert.deepEqual([met.met, met.progress], [true, { numerator: 1, denominator: 1 }]);
  });
  test('shows progress above the minimum as it is [count:4]', () =>
    assert.equal(definitiveOf({ set: 'GINE-402' }, 'GINE-402-02', [{ activities: ['GINE-402-02'], quantity: 150 }]).percent, 150));
  test('counts the quantity of an entry once, whatever paths lead there [count:2]', () => {
    const finer: Activity = {
      code: 'GINE/both',
      setId: 'GINE-402',
      label: { it: 'x', en: 'x' },
      kind: 'act',
      feeds: [{ requirementId: 'GINE-402-02' }],
      unit: 'procedures',
      bulk: true,
      requires: [],
      simulationAllowed: false,
    };
    assert.equal(
      definitiveOf({ set: 'GINE-402', activities: [finer] }, 'GINE-402-02', [{ activities: ['GINE-402-02', 'GINE/both'], quantity: 7 }]).n,
      7,
    );
  });
});

describe('counters', () => {
  const entries = [
    { activities: ['CHIR-402-01'], state: 'draft' as const, classified: first },
    { activities: ['CHIR-402-01'], state: 'submitted' as const, classified: first, autonomy: 'guided', quantity: 2 },
    { activities: ['CHIR-402-01'], state: 'validated' as const, classified: first, quantity: 4 },
  ];
  test('definitive is validated, provisional adds submitted, logged adds drafts [count:1]', () => {
    const it = counterOf(chir, 'CHIR-402-01', entries);
    assert.deepEqual([it.definitive.n, it.provisional.n, it.logged], [4, 6, 7]);
  });
  test('levels add up to n, «not stated» included [count:3]', () => {
    const it = counterOf(chir, 'CHIR-402-01', entries);
    assert.deepEqual([it.definitive.levels, it.provisional.levels], [{ 'not-stated': 4 }, { guided: 2, 'not-stated': 4 }]);
  });
});

describe('share', () => {
  for (const [id, minimum, partMinimum] of [
    ['CHIR-402-01', 30, 3],
    ['CHIR-402-02', 80, 20],
    ['CHIR-402-03', 325, 130],
  ] as const) {
    test(`${id} needs ${minimum}, of which ${partMinimum} as first operator [res:E2.12]`, () => {
      assert.equal(definitiveOf(chir, id, operations(id, minimum, partMinimum)).met, true);
      assert.equal(definitiveOf(chir, id, operations(id, minimum, partMinimum - 1)).met, false);
      assert.equal(definitiveOf(chir, id, operations(id, minimum - 1, partMinimum)).met, false);
    });
  }
  test('is taken on the legal minimum: with 60 operations 3 are still enough [res:E2.12]', () =>
    assert.equal(definitiveOf(chir, 'CHIR-402-01', operations('CHIR-402-01', 60, 3)).met, true));
  test('an observer stays out of the total and of the sum [count:7]', () => {
    const entries = [...operations('CHIR-402-01', 2, 1), { activities: ['CHIR-402-01'], classified: observer }];
    assert.deepEqual([definitiveOf(chir, 'CHIR-402-01', entries).n, definitiveOf(chir, 'CHIR-402-04', entries).n], [2, 2]);
  });
  test('an imported entry without the classified field counts in no share and is listed [count:6]', () => {
    const entries = [{ activities: ['CHIR-402-01'] }];
    assert.equal(definitiveOf(chir, 'CHIR-402-01', entries).parts[0]?.n, 0);
    assert.deepEqual(remarksOf(chir, entries), [{ code: 'share-unclassified', entryId: 'entry-0', requirementId: 'CHIR-402-01' }]);
  });
});

describe('sub_minimum', () => {
  const orto = (total: number, own: number) => [
    { activities: ['ORTO-402-01'], times: own, classified: { participation: 'performed-personally' } },
    { activities: ['ORTO-402-01'], times: total - own, classified: { participation: 'assisted' } },
  ];
  test('needs the absolute figure within the total [count:4]', () => {
    assert.deepEqual(
      [
        [500, 200],
        [500, 199],
        [499, 200],
      ].map(([total, own]) => definitiveOf({ set: 'ORTO-402' }, 'ORTO-402-01', orto(total as number, own as number)).met),
      [true, false, false],
    );
  });
});

describe('components and each_of', () => {
  const card = (a: number, b: number, c: number) =>
    ['right-heart-catheterisation', 'coronary-angiography', 'angioplasty'].map((key, index) => ({
      activities: [`CARD-402-12/${key}`],
      quantity: [a, b, c][index] as number,
    }));
  test('surplus in a component never covers another: n is everything, achieved is capped [count:4]', () => {
    const it = definitiveOf({ set: 'CARD-402' }, 'CARD-402-12', card(30, 300, 99));
    assert.deepEqual([it.n, it.achieved, it.met, it.percent], [429, 279, false, 99]);
    assert.equal(definitiveOf({ set: 'CARD-402' }, 'CARD-402-12', card(30, 150, 100)).met, true);
  });
  test('every item needs its own ten, of sixty [count:4]', () => {
    const keys = [
      'paracentesis',
      'thoracentesis',
      'blood-gas-sampling',
      'cytology-aspiration',
      'assisted-ventilation',
      'bone-marrow-aspiration',
    ];
    const entries = keys.map((key, index) => ({ activities: [`MINT-402-04/${key}`], quantity: index === 0 ? 9 : 20 }));
    const it = definitiveOf({ set: 'MINT-402' }, 'MINT-402-04', entries);
    assert.deepEqual([it.n, it.achieved, it.progress, it.met], [109, 59, { numerator: 59, denominator: 60 }, false]);
    assert.equal(
      definitiveOf(
        { set: 'MINT-402' },
        'MINT-402-04',
        keys.map((key) => ({ activities: [`MINT-402-04/${key}`], quantity: 10 })),
      ).met,
      true,
    );
  });
});

describe('subset_of and sum_of', () => {
  const anes = { set: 'ANES-402' };
  test('an entry of two subsets reaches the parent once [count:7]', () => {
    const entries = [{ activities: ['ANES-402-04', 'ANES-402-05'], quantity: 3 }, { activities: ['ANES-402-03'] }];
    assert.deepEqual(
      ['ANES-402-04', 'ANES-402-05', 'ANES-402-03'].map((id) => definitiveOf(anes, id, entries).n),
      [3, 3, 4],
    );
  });
  test('caesarean deliveries are ten of thirty within the subset [count:4]', () => {
    const entries = (part: number) => [
      { activities: ['ANES-402-10'], quantity: part, classified: { procedure: 'caesarean-delivery' } },
      { activities: ['ANES-402-10'], quantity: 30 - part, classified: { procedure: 'other' } },
    ];
    assert.deepEqual(
      [definitiveOf(anes, 'ANES-402-10', entries(10)).met, definitiveOf(anes, 'ANES-402-10', entries(9)).met],
      [true, false],
    );
  });
  test('a sum takes each entry once and is met by its total [count:7]', () => {
    const both = [{ activities: ['CHIR-402-01', 'CHIR-402-02'], times: 5, classified: first }];
    assert.equal(definitiveOf(chir, 'CHIR-402-04', both).n, 5);
    assert.equal(definitiveOf(chir, 'CHIR-402-04', operations('CHIR-402-03', 435, 0)).met, true);
    assert.equal(definitiveOf(chir, 'CHIR-402-04', operations('CHIR-402-03', 434, 0)).met, false);
  });
});

describe('duration', () => {
  const rotation = (from: string, to: string) => ({ activities: ['CHIR-402-06/rotation'], period: [from, to] as [string, string] });
  test('two separate semesters are met, a day less is not [count:9]', () => {
    const two = [rotation('2023-11-01', '2024-04-30'), rotation('2024-11-01', '2025-04-30')];
    assert.deepEqual([definitiveOf(chir, 'CHIR-402-06', two).met, definitiveOf(chir, 'CHIR-402-06', two).n], [true, 2]);
    assert.equal(
      definitiveOf(chir, 'CHIR-402-06', [rotation('2023-11-01', '2024-04-30'), rotation('2024-11-01', '2025-04-29')]).met,
      false,
    );
  });
  test('suspended days of a period never count, whenever they were recorded [count:15]', () => {
    const suspended: [string, string][] = [['2024-02-01', '2024-02-29']];
    assert.equal(definitiveOf({ ...chir, suspended }, 'CHIR-402-06', [rotation('2023-11-01', '2024-10-31')]).met, false);
  });
  test('a period counts its days up to the day asked for [count:22]', () =>
    assert.equal(definitiveOf({ ...chir, asOf: '2024-04-30' }, 'CHIR-402-06', [rotation('2023-11-01', '2024-10-31')]).n, 1));
  test('a period adds nothing to a count, and an act adds no time [count:8]', () => {
    const radi = { set: 'RADI-402' };
    const entries = [
      { activities: ['RADI-402-01/rotation'], period: ['2025-11-01', '2025-12-31'] as [string, string] },
      { activities: ['RADI-402-01'], quantity: 250 },
    ];
    const it = definitiveOf(radi, 'RADI-402-01', entries);
    assert.deepEqual([it.n, it.met, it.parts[0]?.n], [250, true, 2]);
    assert.equal(definitiveOf(radi, 'RADI-402-01', entries.slice(1)).met, false);
  });
  test('periods of different requirements that overlap are flagged [count:8]', () => {
    const entries = [
      { activities: ['RADI-402-01/rotation'], period: ['2025-11-01', '2025-12-31'] as [string, string] },
      { activities: ['RADI-402-02/rotation'], period: ['2025-12-31', '2026-01-31'] as [string, string] },
    ];
    assert.deepEqual(
      remarksOf({ set: 'RADI-402' }, entries).map((it) => it.code),
      ['periods-overlap', 'periods-overlap'],
    );
  });
  test('three weeks in each of three training years: surplus of a year does not cover another [count:9]', () => {
    const weeks = (year: number, days: number) => ({
      activities: ['MEU-68-04/rotation'],
      period: [`${year}-01-01`, `${year}-01-${String(days).padStart(2, '0')}`] as [string, string],
    });
    const it = definitiveOf({ set: 'MEU-68' }, 'MEU-68-04', [weeks(2022, 31), weeks(2023, 21), weeks(2024, 20)]);
    assert.deepEqual([it.n, it.achieved, it.met, it.progress], [10, 8, false, { numerator: 62, denominator: 63 }]);
    assert.equal(definitiveOf({ set: 'MEU-68' }, 'MEU-68-04', [weeks(2022, 21), weeks(2023, 21), weeks(2024, 21)]).met, true);
  });
});

describe('year_window', () => {
  const shift = (on: string, responsible: boolean) => ({
    activities: ['MINT-402-13'],
    on,
    classified: responsible ? { participation: 'personal-responsibility' } : { participation: 'assisted' },
  });
  test('opens with the first day of the fourth training year [count:10]', () => {
    const it = definitiveOf({ set: 'MINT-402' }, 'MINT-402-13', [
      shift('2024-10-31', false),
      shift('2024-11-01', false),
      shift('2024-11-01', true),
    ]);
    assert.deepEqual([it.n, it.parts[0]?.n], [2, 1]);
  });
  test('a suspension moves it [count:10]', () => {
    const years: [string, string][] = [
      ['2021-11-01', '2022-10-31'],
      ['2022-11-01', '2023-10-31'],
      ['2023-11-01', '2024-12-31'],
      ['2025-01-01', '2025-12-31'],
    ];
    assert.equal(definitiveOf({ set: 'MINT-402', years }, 'MINT-402-13', [shift('2024-12-31', false), shift('2025-01-01', false)]).n, 1);
  });
});

describe('track', () => {
  const counters = (track?: string) => countersOf({ set: 'PED-402', track }, [{ activities: ['PED-402-01'], quantity: 50 }])[0];
  test('before the choice only the common items are shown, and the set cannot be met [count:14]', () => {
    assert.deepEqual([counters()?.requirements.length, counters()?.track], [5, { chosen: null, missing: true }]);
    assert.equal(counters()?.met.definitive, false);
  });
  test('a track that does not apply is left out [count:14]', () =>
    assert.deepEqual([counters('primary-care')?.requirements.length, counters('secondary-care')?.requirements.length], [17, 12]));
});

describe('cross_credit', () => {
  const gine = { set: 'GINE-402' };
  const obstetrics = { activities: ['operative-obstetrics'], classified: first, creditedTo: 'GINE-402-06' };
  test('keeps its place, feeds the one target with its certified role, and reaches the total once [count:12]', () => {
    assert.deepEqual(
      ['GINE-402-10', 'GINE-402-05', 'GINE-402-06', 'GINE-402-08'].map((id) => definitiveOf(gine, id, [obstetrics]).n),
      [1, 0, 1, 1],
    );
    assert.equal(definitiveOf(gine, 'GINE-402-06', [obstetrics]).parts[0]?.n, 1);
    assert.equal(definitiveOf(gine, 'GINE-402-06', [{ ...obstetrics, activities: ['operative-obstetrics', 'GINE-402-06'] }]).n, 1);
  });
  test('a target that is not in the set in force lapses and is listed [count:12]', () => {
    const lapsed = { ...obstetrics, creditedTo: 'GINE-68-01' };
    assert.deepEqual(remarksOf(gine, [lapsed]), [{ code: 'cross-credit-lapsed', entryId: 'entry-0', requirementId: 'GINE-68-01' }]);
    assert.equal(definitiveOf(gine, 'GINE-402-08', [lapsed]).n, 0);
  });
});

describe('credits, attestations, simulation', () => {
  const psi = { set: 'PSI-402', supplements: ['PSI-D50'] };
  test('credits count when validated, in both counters [count:11]', () => {
    const it = counterOf(psi, 'PSI-D50-01', [
      { activities: ['PSI-D50-01'], credits: 1.5, times: 2 },
      { activities: ['PSI-D50-01'], credits: 5, state: 'submitted' },
    ]);
    assert.deepEqual([it.definitive.n, it.provisional.n, it.logged, it.definitive.progress], [3, 3, 8, { numerator: 1, denominator: 20 }]);
  });
  test('core and supplement are evaluated apart [count:17]', () =>
    assert.deepEqual(
      countersOf(psi, [{ activities: ['PSI-D50-01'], credits: 60 }]).map((it) => [it.mode, it.met.definitive]),
      [
        ['core', false],
        ['supplement', true],
      ],
    ));
  test('an attestation holds from its day; the day of revocation is the first without it [count:13]', () => {
    const attested = (asOf: string) =>
      definitiveOf(
        { ...chir, asOf, attestations: [{ requirementId: 'CHIR-402-05', from: '2026-03-01', until: '2026-04-01' }] },
        'CHIR-402-05',
        [],
      ).met;
    assert.deepEqual(['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'].map(attested), [false, true, true, false]);
  });
  test('simulated entries count only where the flag allows them [count:7]', () => {
    assert.equal(definitiveOf({ set: 'MEU-68' }, 'MEU-68-10', [{ activities: ['MEU-68-10'], simulated: true }]).n, 1);
    assert.equal(definitiveOf(chir, 'CHIR-402-01', [{ activities: ['CHIR-402-01'], simulated: true, classified: first }]).n, 0);
    assert.equal(remarksOf(chir, [{ activities: ['CHIR-402-01'], simulated: true, classified: first }])[0]?.code, 'simulated-not-allowed');
  });
});

describe('a set', () => {
  test('its percentage is the mean of capped progresses, rounded down, attestations apart [count:18]', () => {
    const entries = [...operations('CHIR-402-01', 60, 60), ...operations('CHIR-402-02', 80, 20), ...operations('CHIR-402-03', 325, 130)];
    const [it] = countersOf(chir, entries);
    assert.deepEqual([it?.percent.definitive, it?.missingAttestations, it?.met.definitive], [80, 4, false]);
  });
  test('a requirement declared not applicable leaves the totals [count:16]', () => {
    const entries = [...operations('CHIR-402-01', 30, 3), ...operations('CHIR-402-02', 80, 20), ...operations('CHIR-402-03', 325, 130)];
    const [it] = countersOf({ ...chir, notApplicable: ['CHIR-402-06'] }, entries);
    assert.equal(it?.percent.definitive, 100);
    assert.equal(it?.requirements.find((counter) => counter.requirementId === 'CHIR-402-06')?.notApplicableAct, 'Delibera 12/2026');
  });
  test('acts performed on suspended days and recorded before go on counting [count:15]', () =>
    assert.equal(
      definitiveOf({ ...chir, suspended: [['2022-03-01', '2022-03-31']] }, 'CHIR-402-01', operations('CHIR-402-01', 2, 1)).n,
      2,
    ));
  test('an activity that no set in force knows is listed [count:12]', () =>
    assert.deepEqual(
      remarksOf({ set: 'CHIR-68' }, [{ activities: ['CHIR-402-01'] }]).map((it) => it.code),
      ['activity-unmapped'],
    ));
});
