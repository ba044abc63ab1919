import assert from 'node:assert/strict';
import { elapsedShare, inFamilies, requirementState, type Requirement } from './requirement-state.js';

const label = { it: 'x', en: 'x' };
const figure = (n: number, met = false): Requirement['definitive'] => ({
  n,
  achieved: n,
  number: n,
  minimum: 80,
  progress: { numerator: n, denominator: 80 },
  percent: n,
  met,
  levels: {},
  parts: [],
  failing: [],
});
const requirement = (part: Partial<Requirement>): Requirement => ({
  requirementId: 'R',
  label,
  unit: 'procedures',
  minimum: 80,
  kind: 'min_count',
  simulationAllowed: false,
  verify: false,
  applicable: true,
  provisional: figure(40),
  definitive: figure(30),
  logged: 50,
  ...part,
});
const words = (part: Partial<Requirement>, elapsed?: number) => requirementState(requirement(part), elapsed).words;

describe('the state of a requirement in words', () => {
  test('met only when the definitive counter is met [count:1]', () => {
    assert.equal(words({ definitive: figure(80, true) }).key, 'counter.met');
    assert.equal(words({ provisional: figure(80, true) }).key, 'counter.met-provisionally');
  });
  test('a total never hides a part that is missing [count:4]', () => {
    const failing = [{ key: 'p', label, n: 1, number: 1, minimum: 20, met: false }];
    assert.deepEqual(words({ provisional: { ...figure(80), parts: failing, failing } }), {
      key: 'counter.part-missing',
      part: label,
      n: 19,
    });
  });
  test('the pace is that of the contract', () => {
    assert.equal(words({}, 0.5).key, 'counter.on-pace');
    assert.deepEqual(words({}, 0.6), { key: 'counter.behind', n: 8 });
    assert.equal(elapsedShare('2024-11-01', '2026-11-01', '2025-11-01'), 0.5);
  });
  test('a requirement without a number waits for its attestation [count:13]', () => {
    assert.equal(words({ kind: 'qualitative' }).key, 'counter.to-attest');
    assert.equal(words({ kind: 'qualitative', definitive: figure(0, true) }).key, 'counter.attested');
  });
  test('not applicable is said first [count:16]', () =>
    assert.equal(words({ applicable: false, definitive: figure(80, true) }).key, 'counter.not-applicable'));
  test('a total stands above the requirements that lead to it [count:7]', () => {
    const [first, total, alone] = [
      requirement({ requirementId: 'A', parent: 'T' }),
      requirement({ requirementId: 'T' }),
      requirement({ requirementId: 'B' }),
    ];
    assert.deepEqual(
      inFamilies([first, total, alone]).map(({ requirementId }) => requirementId),
      ['T', 'A', 'B'],
    );
  });
});
