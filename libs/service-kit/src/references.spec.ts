import assert from 'node:assert/strict';
import type { Change } from '@ateneo/read-models';
import { References, type ReferencesOptions } from './references.js';

/** References of the projection `known` to facts that may be changed, with or without anybody being told. */
function world(options: ReferencesOptions = {}) {
  const facts = new Map<string, number>();
  const listeners = new Set<(changes: readonly Change[]) => void>();
  const stops: (() => unknown)[] = [];
  const runtime = {
    onChange: (listener: (changes: readonly Change[]) => void) => (listeners.add(listener), () => void listeners.delete(listener)),
    onStop: (stop: () => unknown) => void stops.push(stop),
  };
  let [at, reads] = [0, 0];
  let gate = Promise.resolve();
  const references = new References(runtime, 'known', { now: () => at, ...options });
  const change = (projection: string): Change => ({ projection, key: 'k', service: 's', partition: 0, position: 1 });
  return {
    facts,
    listeners,
    get reads() {
      return reads;
    },
    fact: references.kept(async (key) => {
      reads += 1;
      const value = facts.get(key);
      await gate;
      return value;
    }),
    tell: (...projections: string[]) => listeners.forEach((listener) => listener(projections.map(change))),
    pass: (ms: number) => void (at += ms),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    stop: () => stops.forEach((stop) => stop()),
  };
}

describe('references', () => {
  test('what does not change is read once, also by many at a time [rev:arch-8]', async () => {
    const known = world();
    known.facts.set('a', 1);
    assert.deepEqual(await Promise.all([known.fact('a'), known.fact('a')]), [1, 1]);
    known.tell('another');
    assert.deepEqual([await known.fact('a'), known.reads], [1, 1]);
  });
  test('a fact that arrives while the value is being read is not lost [rev:cor-5]', async () => {
    const known = world();
    known.facts.set('a', 1);
    const release = known.hold();
    const before = known.fact('a');
    known.facts.set('a', 2);
    known.tell('known');
    const after = known.fact('a');
    release();
    assert.deepEqual([await before, await after, await known.fact('a'), known.reads], [1, 2, 2, 2]);
  });
  test('a change that nobody was told of is seen after 5 s [rev:cor-5]', async () => {
    const known = world();
    known.facts.set('a', 1);
    await known.fact('a');
    known.facts.set('a', 2);
    known.pass(4_999);
    assert.equal(await known.fact('a'), 1);
    known.pass(1);
    assert.equal(await known.fact('a'), 2);
  });
  test('an empty list of changes, as after a time without connection, clears everything [rev:cor-5]', async () => {
    const known = world();
    known.facts.set('a', 1);
    await known.fact('a');
    known.facts.set('a', 2);
    known.tell();
    assert.equal(await known.fact('a'), 2);
  });
  test('what is not known yet, and what could not be read, is asked again [rev:arch-8]', async () => {
    const known = world();
    assert.equal(await known.fact('a'), undefined);
    known.facts.set('a', 1);
    assert.equal(await known.fact('a'), 1);
    let fails = true;
    const runtime = { onChange: () => () => undefined, onStop: () => undefined };
    const shaky = new References(runtime, 'known').kept(async (key) => {
      if (fails) throw new Error('away');
      return key;
    });
    await assert.rejects(shaky('a'), /away/);
    fails = false;
    assert.equal(await shaky('a'), 'a');
  });
  test('no more is kept than the bound, the oldest goes first [rev:cor-5]', async () => {
    const known = world({ most: 2 });
    for (const [value, key] of ['a', 'b', 'c'].entries()) known.facts.set(key, value);
    for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await known.fact(key);
    assert.equal(known.reads, 4);
  });
  test('they listen until their service stops [rev:arch-8]', () => {
    const known = world();
    assert.equal(known.listeners.size, 1);
    known.stop();
    assert.equal(known.listeners.size, 0);
  });
});
