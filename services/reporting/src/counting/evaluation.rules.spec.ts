import assert from 'node:assert/strict';
import type { Requirement, RequirementSet, Rule } from '@ateneo/contracts';
import { courseYearsOf, sets } from '../../test/catalogue.js';
import { counterOf, countersOf, type Entry } from '../../test/counted.js';

const leavesOf = (rule: Rule): Rule[] =>
  rule.kind === 'track' ? leavesOf(rule.rule) : rule.kind === 'all' ? rule.rules.flatMap(leavesOf) : [rule];
const monthsOf = { months: 1, semesters: 6, years: 12 } as const;

const enough = (it: Requirement, rule: Rule): Entry[] => {
  switch (rule.kind) {
    case 'min_count':
    case 'subset_of':
      return [{ activities: [it.id], quantity: rule.minimum }];
    case 'share':
    case 'sub_minimum':
      return [
        { activities: [it.id], quantity: rule.partMinimum, classified: { [rule.part.axis]: rule.part.value } },
        {
          activities: [it.id],
          quantity: rule.minimum - rule.partMinimum,
          classified: { [rule.part.axis]: (rule.kind === 'share' ? rule.remainder?.value : undefined) ?? 'other' },
        },
      ];
    case 'components':
      return rule.components.map((part) => ({ activities: [`${it.id}/${part.key}`], quantity: part.minimum }));
    case 'each_of':
      return rule.items.map((part) => ({ activities: [`${it.id}/${part.key}`], quantity: rule.minimumEach }));
    case 'year_window':
      return [{ activities: [it.id], quantity: rule.minimum, on: '2021-12-01' }];
    case 'credits':
      return [{ activities: [it.id], credits: rule.minimum }];
    case 'duration': {
      const code = [`${it.id}/rotation`];
      if (rule.unit === 'weeks')
        return Array.from({ length: rule.years ?? 1 }, (_, year): Entry => ({
          activities: code,
          period: [`${2022 + year}-01-01`, `${2022 + year}-01-21`],
        }));
      const end = new Date(Date.UTC(2021, 10 + (rule.minimum ?? 1) * monthsOf[rule.unit], 0)).toISOString().slice(0, 10);
      return [{ activities: code, period: ['2021-11-01', end] }];
    }
    default:
      return [];
  }
};
const counting = (it: Requirement): Rule[] => {
  const leaves = leavesOf(it.rule);
  return leaves.some((leaf) => leaf.kind === 'sub_minimum') ? leaves.filter((leaf) => leaf.kind !== 'subset_of') : leaves;
};
const logOf = (set: RequirementSet): { requirementId: string; entry: Entry }[] =>
  set.requirements.flatMap((it) =>
    counting(it)
      .flatMap((leaf) => enough(it, leaf))
      .map((entry) => ({ requirementId: it.id, entry })),
  );
const less = (entry: Entry): Entry => {
  if (entry.period)
    return { ...entry, period: [entry.period[0], new Date(Date.parse(entry.period[1]) - 86_400_000).toISOString().slice(0, 10)] };
  return entry.credits ? { ...entry, credits: entry.credits - 0.5 } : { ...entry, quantity: (entry.quantity ?? 1) - 1 };
};

describe('the 203 requirements of the 15 sets', () => {
  test('are all here [res:B7]', () =>
    assert.deepEqual([sets.length, sets.reduce((sum, it) => sum + it.requirements.length, 0)], [15, 203]));
  for (const set of sets) {
    const log = logOf(set);
    for (const track of set.tracks?.filter((it) => it.mode === 'elective').map((it) => it.key) ?? [undefined]) {
      const university = {
        set: set.id,
        track,
        years: Array.from({ length: courseYearsOf(set.id) }, (_, index): [string, string] => [
          `${2021 + index}-11-01`,
          `${2022 + index}-10-31`,
        ]),
        attestations: set.requirements
          .filter((it) => it.rule.kind === 'qualitative')
          .map((it) => ({ requirementId: it.id, from: '2022-01-01' })),
      };
      test(`${set.id}${track ? ` (${track})` : ''} is met by its minimums and shows 100 per cent [count:4]`, () => {
        const [it] = countersOf(
          university,
          log.map(({ entry }) => entry),
        );
        assert.deepEqual(
          it?.requirements.filter((counter) => !counter.definitive.met).map((counter) => counter.requirementId),
          [],
        );
        assert.equal(it?.met.definitive, true);
        assert.ok(it?.percent.definitive === null || it?.percent.definitive === 100);
      });
      test(`${set.id}${track ? ` (${track})` : ''}: one below any minimum, the requirement is not met and shows less than 100 per cent [count:5]`, () => {
        for (const [index, { requirementId, entry }] of log.entries()) {
          const counters = countersOf(
            university,
            log.map((it, place) => (place === index ? less(entry) : it.entry)),
          )[0]?.requirements;
          const it = counters?.find((counter) => counter.requirementId === requirementId);
          const stillFedBySubsets = counters?.some((counter) => counter.parent === requirementId && counter.kind !== 'sum_of');
          if (!it || stillFedBySubsets) continue;
          assert.deepEqual([requirementId, it.definitive.met, (it.definitive.percent ?? 0) < 100], [requirementId, false, true]);
          assert.ok(it.definitive.n <= it.provisional.n && it.provisional.n <= it.logged);
        }
      });
    }
  }
});

describe('rows of their own kind', () => {
  const first = { 'surgical-role': 'first-operator' };
  test('the row of a cross credit counts its acts by state; only what was credited reaches a target [count:27]', () => {
    const act = { activities: ['operative-obstetrics'], classified: first };
    const entries: Entry[] = [
      { ...act, state: 'draft' },
      { ...act, state: 'submitted', quantity: 2 },
      { ...act, quantity: 4 },
      { ...act, quantity: 8, creditedTo: 'GINE-402-06' },
    ];
    const [row, target] = ['GINE-402-10', 'GINE-402-06'].map((id) => counterOf({ set: 'GINE-402' }, id, entries));
    assert.deepEqual([row?.definitive.n, row?.provisional.n, row?.logged], [12, 14, 15]);
    assert.deepEqual([row?.definitive.number, row?.definitive.minimum, row?.definitive.percent], [12, null, null]);
    assert.deepEqual([target?.definitive.n, target?.provisional.n, target?.logged], [8, 8, 8]);
  });
  test('weeks per year: 10 and 20 days are 30 days, 4 weeks, each year capped [count:28]', () => {
    const spent = (year: number, days: number): Entry => {
      const to = new Date(Date.UTC(year, 0, days)).toISOString().slice(0, 10);
      return { activities: ['MEU-68-04/rotation'], period: [`${year}-01-01`, to] };
    };
    const of = (...entries: Entry[]) => counterOf({ set: 'MEU-68' }, 'MEU-68-04', entries).definitive;
    const it = of(spent(2022, 10), spent(2023, 20));
    assert.deepEqual([it.achieved, it.number, it.minimum, it.percent, it.time?.days], [4, 4.2, 9, 47, 30]);
    const capped = of(spent(2022, 10), spent(2023, 60));
    assert.deepEqual([capped.achieved, capped.number, capped.time?.days], [4, 4.4, 70]);
  });
  test('an addend declared not applicable leaves the set, still feeds the sum, whose minimum stays [count:29]', () => {
    const entries: Entry[] = [{ activities: ['CHIR-402-01'], quantity: 30, classified: first }];
    const without = (...notApplicable: string[]) => countersOf({ set: 'CHIR-402', notApplicable }, entries)[0];
    const row = (set: ReturnType<typeof without>, id: string) => set?.requirements.find((it) => it.requirementId === id);
    const [asked, declared, both] = [without(), without('CHIR-402-01'), without('CHIR-402-01', 'CHIR-402-04')];
    assert.deepEqual([row(declared, 'CHIR-402-01')?.applicable, row(declared, 'CHIR-402-04')?.applicable], [false, true]);
    assert.deepEqual(row(declared, 'CHIR-402-04')?.definitive, row(asked, 'CHIR-402-04')?.definitive);
    assert.equal(row(declared, 'CHIR-402-04')?.definitive.number, 30);
    assert.equal(row(both, 'CHIR-402-04')?.applicable, false);
    assert.ok((declared?.percent.definitive ?? 0) < (asked?.percent.definitive ?? 0));
  });
});
