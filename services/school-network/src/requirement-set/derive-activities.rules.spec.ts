import assert from 'node:assert/strict';
import type { Activity, Requirement, Rule } from '@ateneo/contracts';
import { activity as activitySchema } from '@ateneo/contracts';
import { sets, setOf } from '../../test/catalogue.js';
import { deriveActivities } from './derive-activities.rules.js';

const label = { it: 'Requisito', en: 'Requirement' };
const requirement = (rule: Rule, more: Partial<Requirement> = {}): Requirement => ({
  id: 'R-01',
  label,
  unit: 'procedures',
  minimum: 10,
  rule,
  verify: false,
  source: 'act',
  ...more,
});
const derived = (...requirements: Requirement[]): Activity[] =>
  deriveActivities({ id: 'SET', act: '', actDate: '', version: '', mode: 'core', requirements });
const ofSet = (setId: string): Map<string, Activity> => new Map(deriveActivities(setOf(setId)).map((one) => [one.code, one]));
const part = { axis: 'surgical-role' as const, value: 'first-operator', label: { it: 'primo', en: 'first' } };
const remainder = { ...part, value: 'second-operator' };
const parts = [
  { key: 'a', label: { it: 'Uno', en: 'One' }, minimum: 3 },
  { key: 'b', label: { it: 'Due', en: 'Two' }, minimum: 7 },
];

describe('activities derived from a set', () => {
  test('a countable requirement has one activity with its own id, label and unit [count:21]', () => {
    assert.deepEqual(derived(requirement({ kind: 'min_count', minimum: 10 })), [
      {
        code: 'R-01',
        setId: 'SET',
        label,
        kind: 'act',
        feeds: [{ requirementId: 'R-01' }],
        unit: 'procedures',
        bulk: false,
        requires: [],
        simulationAllowed: false,
      },
    ]);
  });
  test('each component and each item has one, with the label of both [count:21]', () => {
    for (const rule of [
      { kind: 'components', components: parts },
      { kind: 'each_of', minimumEach: 10, items: parts },
    ] as const) {
      const found = derived(requirement(rule as Rule));
      assert.deepEqual(
        found.map(({ code, feeds }) => [code, feeds]),
        [
          ['R-01/a', [{ requirementId: 'R-01', part: 'a' }]],
          ['R-01/b', [{ requirementId: 'R-01', part: 'b' }]],
        ],
      );
      assert.deepEqual(found[0]?.label, { it: 'Requisito: Uno', en: 'Requirement: One' });
    }
  });
  test('sums and attestations have none [count:7] [count:13]', () =>
    assert.deepEqual(derived(requirement({ kind: 'sum_of', of: ['X'] }), requirement({ kind: 'qualitative', attestedBy: 'tutor' })), []));
  test('a subset has its own activity and feeds the subset alone [count:7]', () => {
    assert.deepEqual(ofSet('ANES-402').get('ANES-402-04')?.feeds, [{ requirementId: 'ANES-402-04' }]);
  });
  test('a duration has one rotation activity, in its own unit [count:8]', () => {
    assert.deepEqual(
      derived(requirement({ kind: 'duration', unit: 'months', minimum: 10 })).map(({ code, kind, unit }) => [code, kind, unit]),
      [['R-01/rotation', 'rotation', 'months']],
    );
  });
  test('a count with a duration has both, logged apart [count:8]', () => {
    const radiology = ofSet('RADI-402');
    assert.deepEqual(
      [radiology.get('RADI-402-01')?.kind, radiology.get('RADI-402-01/rotation')?.kind, radiology.get('RADI-402-01/rotation')?.requires],
      ['act', 'rotation', []],
    );
  });
  test('shares, sub-minimums and year windows require their classified field, with the values that the rule knows [count:6]', () => {
    const required = (rule: Rule) =>
      derived(requirement(rule))[0]?.requires.map(({ axis, values }) => [axis, values.map(({ value }) => value)]);
    assert.deepEqual(required({ kind: 'share', minimum: 10, percent: 10, partMinimum: 1, part, remainder }), [
      ['surgical-role', ['first-operator', 'second-operator']],
    ]);
    assert.deepEqual(required({ kind: 'sub_minimum', minimum: 10, partMinimum: 3, part }), [['surgical-role', ['first-operator']]]);
    assert.deepEqual(required({ kind: 'year_window', minimum: 10, lastYears: 2, requires: part }), [['surgical-role', ['first-operator']]]);
    assert.deepEqual(required({ kind: 'track', track: 't', rule: { kind: 'share', minimum: 10, percent: 10, partMinimum: 1, part } }), [
      ['surgical-role', ['first-operator']],
    ]);
    assert.deepEqual(
      required({
        kind: 'all',
        rules: [
          { kind: 'min_count', minimum: 10 },
          { kind: 'sub_minimum', minimum: 10, partMinimum: 3, part },
        ],
      }),
      [['surgical-role', ['first-operator']]],
    );
  });
  test('an activity of a track carries it [count:14]', () => {
    const paediatrics = ofSet('PED-402');
    assert.deepEqual([paediatrics.get('PED-402-01')?.track, paediatrics.get('PED-402-06')?.track], ['base', 'primary-care']);
  });
  test('cross credit and credits are activities of their own kinds [count:11] [count:12]', () => {
    const crossed = ofSet('GINE-402').get('operative-obstetrics');
    assert.deepEqual([crossed?.kind, crossed?.feeds], ['cross-credit', [{ requirementId: 'GINE-402-10' }]]);
    assert.equal(ofSet('PSI-D50').get('PSI-D50-01')?.kind, 'credits');
  });
  test('only units counted in bulk offer a quantity [count:2]', () => {
    const bulk = new Set(sets.flatMap((set) => deriveActivities(set)).flatMap(({ bulk: isBulk, unit }) => (isBulk ? [unit] : [])));
    assert.deepEqual([...bulk].sort(), ['cases', 'consultations', 'documents', 'examinations', 'patients', 'studies', 'visits']);
  });
  test('simulation is allowed where the requirement allows it, never for time', () => {
    assert.equal(derived(requirement({ kind: 'min_count', minimum: 10 }, { simulationAllowed: true }))[0]?.simulationAllowed, true);
    assert.equal(
      derived(requirement({ kind: 'duration', unit: 'weeks', minimum: 10 }, { simulationAllowed: true }))[0]?.simulationAllowed,
      false,
    );
  });
  test('every requirement of the 15 sets but sums and attestations is fed, by codes that are unique over all sets [count:21]', () => {
    const all = sets.flatMap((set) => deriveActivities(set));
    assert.equal(new Set(all.map(({ code }) => code)).size, all.length);
    const fed = new Set(all.flatMap(({ feeds }) => feeds.map(({ requirementId }) => requirementId)));
    const unfed = sets
      .flatMap(({ requirements }) => requirements)
      .filter(({ id, rule }) => !fed.has(id) && rule.kind !== 'sum_of' && rule.kind !== 'qualitative');
    assert.deepEqual(unfed, []);
    for (const one of all) activitySchema.parse(one);
  });
});
