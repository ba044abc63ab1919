import assert from 'node:assert/strict';
import { type Requirement, type RequirementSet, requirementSet, type Rule } from '@ateneo/contracts';
import { catalogue, sets, setOf } from '../../test/catalogue.js';
import { inconsistencies } from './set-consistency.rules.js';

const label = { it: 'Requisito', en: 'Requirement' };
const part = { axis: 'surgical-role' as const, value: 'first-operator', label };
const share = { kind: 'share' as const, minimum: 30, percent: 10, partMinimum: 3, part };
const requirement = (id: string, rule: Rule, minimum: number | null, more: Partial<Requirement> = {}): Requirement => ({
  id,
  label,
  unit: 'procedures',
  minimum,
  rule,
  verify: false,
  source: 'act',
  ...more,
});
const set = (requirements: Requirement[], more: Partial<RequirementSet> = {}): RequirementSet => ({
  id: 'SET',
  act: 'D.I.',
  actDate: '2017-06-13',
  version: '2017.1',
  mode: 'core',
  requirements,
  ...more,
});
const counted = (id: string, minimum: number, more: Partial<Requirement> = {}) =>
  requirement(id, { kind: 'min_count', minimum }, minimum, more);
const wrong = (requirements: Requirement[], more: Partial<RequirementSet> = {}): string[] =>
  inconsistencies(set(requirements, more)).map(({ requirementId, rule }) => `${requirementId ?? 'set'} ${rule}`);
const ofRule = (rule: Rule, minimum: number | null): string[] =>
  inconsistencies(set([requirement('A', rule, minimum)])).map(({ rule: check }) => check);
const common = { key: 'base', label, durationYears: 2, mode: 'common' as const };

describe('consistency of a requirement set', () => {
  test('what is empty is refused by the name of its rule, at any depth, and breaks nothing [rev:sec-19]', () => {
    assert.deepEqual(wrong([]), ['set no-requirements']);
    const empties: [Rule, number | null, string][] = [
      [{ kind: 'all', rules: [] }, 1, 'all-of-plain-rules'],
      [{ kind: 'components', components: [] }, 0, 'component-keys'],
      [{ kind: 'each_of', minimumEach: 1, items: [] }, 1, 'item-keys'],
      [{ kind: 'sum_of', of: [] }, 0, 'sum-of-unknown'],
      [{ kind: 'cross_credit', from: { key: 'k', label }, to: [], decidedBy: 'tutor' }, null, 'cross-credit-target-unknown'],
      [{ kind: 'share', minimum: 10, partMinimum: 1, part }, 10, 'share-percent-or-fraction'],
      [{ kind: 'duration', unit: 'months' }, 0, 'duration-total-or-per-year'],
    ];
    for (const [rule, minimum, named] of empties) {
      assert.ok(ofRule(rule, minimum).includes(named), named);
      assert.ok(ofRule({ kind: 'track', track: 'base', rule }, minimum).includes(named), `track of ${named}`);
      assert.ok(ofRule({ kind: 'all', rules: [rule, rule] }, minimum).includes(named), `all of ${named}`);
    }
  });
  test('all 15 sets of the catalogue, 203 requirements, contradict nothing', () => {
    assert.deepEqual(
      sets.map((one) => [one.id, inconsistencies(requirementSet.parse(one))]).filter(([, found]) => found?.length !== 0),
      [],
    );
    assert.deepEqual([sets.length, sets.flatMap(({ requirements }) => requirements).length], [15, 203]);
  });
  test('the catalogue ships credits of 60 a year and radiology months that add up to 44', () => {
    for (const { code, years, credits } of catalogue) assert.equal(credits, years * 60, code);
    const months = setOf('RADI-402')
      .requirements.flatMap(({ rule }) => (rule.kind === 'all' ? rule.rules : [rule]))
      .reduce((sum, one) => sum + (one.kind === 'duration' && one.unit === 'months' ? (one.minimum ?? 0) : 0), 0);
    assert.equal(months, 44);
  });
  test('an id stands once', () => assert.deepEqual(wrong([counted('A', 1), counted('A', 2)]), ['A requirement-id-twice']));
  test('parents and references are in the same set, and go round in no ring', () => {
    assert.deepEqual(wrong([counted('A', 1, { parent: 'X' })]), ['A parent-unknown']);
    assert.deepEqual(wrong([counted('A', 1, { parent: 'B' }), counted('B', 1, { parent: 'A' })]), ['A parent-ring', 'B parent-ring']);
    assert.deepEqual(wrong([requirement('A', { kind: 'subset_of', minimum: 1, of: 'X' }, 1)]), ['A subset-of-unknown']);
    assert.deepEqual(wrong([requirement('A', { kind: 'sum_of', of: ['X'] }, 1)]), ['A sum-of-unknown']);
    assert.deepEqual(wrong([requirement('A', { kind: 'cross_credit', from: { key: 'k', label }, to: ['X'], decidedBy: 'tutor' }, null)]), [
      'A cross-credit-target-unknown',
    ]);
  });
  test('a subset has its parent as `parent`', () => {
    const subset: Rule = { kind: 'subset_of', minimum: 1, of: 'B' };
    assert.deepEqual(wrong([requirement('A', subset, 1), counted('B', 2)]), ['A subset-of-parent']);
    assert.deepEqual(wrong([requirement('A', subset, 1, { parent: 'B' }), counted('B', 2)]), []);
  });
  test('a sum adds up to its headline, and each addend names it as `parent`', () => {
    const sum: Rule = { kind: 'sum_of', of: ['A', 'B'] };
    assert.deepEqual(wrong([counted('A', 1, { parent: 'S' }), counted('B', 2, { parent: 'S' }), requirement('S', sum, 3)]), []);
    assert.deepEqual(wrong([counted('A', 1, { parent: 'S' }), counted('B', 2, { parent: 'S' }), requirement('S', sum, 4)]), [
      'S sum-of-headline',
    ]);
    assert.deepEqual(wrong([counted('A', 1), counted('B', 2, { parent: 'S' }), requirement('S', sum, 3)]), ['S sum-of-parent']);
  });
  test('components add up to the headline and have keys of their own', () => {
    const component = (key: string, minimum: number) => ({ key, label, minimum });
    assert.deepEqual(ofRule({ kind: 'components', components: [component('a', 1), component('b', 2)] }, 3), []);
    assert.deepEqual(ofRule({ kind: 'components', components: [component('a', 1), component('b', 2)] }, 4), ['headline']);
    assert.deepEqual(ofRule({ kind: 'components', components: [component('a', 1), component('a', 2)] }, 3), ['component-keys']);
  });
  test('the part of a share is its formula, rounded up: 3 of 30, 20 of 80, 130 of 325, a third of 300 [res:E2.12]', () => {
    for (const [minimum, percent, partMinimum] of [
      [30, 10, 3],
      [80, 25, 20],
      [325, 40, 130],
      [35, 10, 4],
    ] as const)
      assert.deepEqual(ofRule({ ...share, minimum, percent, partMinimum }, minimum), []);
    assert.deepEqual(ofRule({ ...share, partMinimum: 4 }, 30), ['share-part-minimum']);
    assert.deepEqual(ofRule({ ...share, minimum: 35, partMinimum: 3 }, 35), ['share-part-minimum']);
    const third = { ...share, minimum: 300, percent: undefined, fraction: { numerator: 1, denominator: 3 }, partMinimum: 100 };
    assert.deepEqual(ofRule(third, 300), []);
    assert.deepEqual(ofRule({ ...third, percent: 33 }, 300), ['share-percent-or-fraction']);
    assert.deepEqual(ofRule({ ...third, fraction: { numerator: 4, denominator: 3 } }, 300), ['share-fraction']);
  });
  test('a sub-minimum is within its total', () =>
    assert.deepEqual(ofRule({ kind: 'sub_minimum', minimum: 10, partMinimum: 11, part }, 10), ['sub-minimum-part']));
  test('the headline of each-of is the figure per item', () => {
    const items = [
      { key: 'a', label },
      { key: 'b', label },
    ];
    assert.deepEqual(ofRule({ kind: 'each_of', minimumEach: 10, items }, 10), []);
    assert.deepEqual(ofRule({ kind: 'each_of', minimumEach: 10, items }, 20), ['headline']);
    assert.deepEqual(ofRule({ kind: 'each_of', minimumEach: 10, items: [...items, { key: 'a', label }] }, 10), ['item-keys']);
  });
  test('a duration is a total or per year, whose headline is the product', () => {
    assert.deepEqual(ofRule({ kind: 'duration', unit: 'weeks', minimumPerYear: 3, years: 3 }, 9), []);
    assert.deepEqual(ofRule({ kind: 'duration', unit: 'weeks', minimumPerYear: 3, years: 3 }, 3), ['headline']);
    assert.deepEqual(ofRule({ kind: 'duration', unit: 'weeks', minimum: 9, minimumPerYear: 3 }, 9), ['duration-total-or-per-year']);
    assert.deepEqual(ofRule({ kind: 'duration', unit: 'weeks', minimumPerYear: 3 }, 0), ['duration-total-or-per-year']);
  });
  test('the headline of `all` is that of the counting rule', () => {
    const rules: Rule[] = [
      { kind: 'duration', unit: 'months', minimum: 2 },
      { kind: 'min_count', minimum: 250 },
    ];
    assert.deepEqual(ofRule({ kind: 'all', rules }, 250), []);
    assert.deepEqual(ofRule({ kind: 'all', rules }, 2), ['headline']);
    assert.deepEqual(ofRule({ kind: 'all', rules: rules.slice(1) }, 250), ['all-of-plain-rules']);
  });
  test('a rule without a number has no headline', () =>
    assert.deepEqual(ofRule({ kind: 'qualitative', attestedBy: 'tutor' }, 1), ['headline']));
  test('tracks are declared once, and used', () => {
    const tracked = requirement('A', { kind: 'track', track: 'base', rule: { kind: 'min_count', minimum: 5 } }, 5);
    assert.deepEqual(wrong([tracked], { tracks: [common] }), []);
    assert.deepEqual(wrong([tracked]), ['A track-undeclared']);
    assert.deepEqual(wrong([tracked], { tracks: [common, common] }), ['set track-twice']);
    assert.deepEqual(wrong([tracked], { tracks: [common, { ...common, key: 'other' }] }), ['set track-unused']);
    assert.deepEqual(
      ofRule({ kind: 'track', track: 'x', rule: { kind: 'track', track: 'x', rule: { kind: 'min_count', minimum: 5 } } }, 5).includes(
        'track-inside-track',
      ),
      true,
    );
  });
  test('the volume to open a school is five times the yearly one', () => {
    assert.deepEqual(wrong([counted('A', 5, { networkVolume: { oneTraineePerYear: 2, schoolActivation: 10 } })]), []);
    assert.deepEqual(wrong([counted('A', 5, { networkVolume: { oneTraineePerYear: 2, schoolActivation: 11 } })]), ['A network-volume']);
  });
});
