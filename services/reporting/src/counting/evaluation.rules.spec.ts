import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Requirement, RequirementSet, Rule } from '@ateneo/contracts';
import { courseYearsOf, sets } from '../../test/catalogue.js';
import { countersOf, type Entry } from '../../test/counted.js';

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
