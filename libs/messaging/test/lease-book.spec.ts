import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LeaseBook, quotaOf, sessionKey, unitKey } from '../src/nats/lease-book.js';

const session = (instance: string, id: string, revision: number, groups = ['g']) => ({
  key: sessionKey(instance),
  revision,
  text: JSON.stringify({ instance, session: id, groups }),
});
const taken = (unit: string, instance: string, id: string, revision: number) => ({
  key: unitKey('g', unit),
  revision,
  text: JSON.stringify({ group: 'g', unit, instance, session: id }),
});
const ended = (instance: string, revision: number) => ({ key: sessionKey(instance), revision, text: undefined });

function book(now = () => 0, ...entries: Parameters<LeaseBook['write']>[0][]): LeaseBook {
  const written = new LeaseBook(now);
  for (const entry of entries) written.write(entry);
  return written;
}
const is = (of: LeaseBook, unit = 'u') => of.unit('g', unit).is;

describe('what the bucket of leases says', () => {
  test('a unit is held while the session that took it lives [arch:5]', () => {
    const of = book(undefined, session('a', 's1', 1), taken('u', 'a', 's1', 2));
    assert.equal(is(of), 'held');
    of.write(session('a', 's1', 3));
    assert.equal(is(of), 'held');
    of.write(ended('a', 4));
    assert.deepEqual(of.unit('g', 'u'), { is: 'free', revision: 2 });
    assert.deepEqual(of.members('g'), []);
  });
  test('the next session of an instance holds nothing of the one before [arch:5]', () => {
    const of = book(undefined, session('a', 's1', 1), taken('u', 'a', 's1', 2), session('a', 's2', 3));
    assert.equal(is(of), 'free');
  });
  test('a session that shares in a group no more holds nothing of it [arch:5]', () => {
    const of = book(undefined, session('a', 's1', 1), taken('u', 'a', 's1', 2), session('a', 's1', 3, []));
    assert.equal(is(of), 'free');
  });
  test('a holder that was not seen is asked for, and what is in doubt is nobody’s to take [arch:5]', () => {
    const of = book(undefined, taken('u', 'a', 's1', 2));
    assert.deepEqual([is(of), [...of.doubts(1)]], ['doubtful', ['a']]);
    of.settle('a', session('a', 's1', 7), of.newest);
    assert.deepEqual([is(of), [...of.doubts(1)]], ['held', []]);
    for (const answer of [undefined, ended('a', 7), session('a', 's2', 7)]) {
      const other = book(undefined, taken('u', 'a', 's1', 2));
      other.settle('a', answer, other.newest);
      assert.equal(is(other), 'free');
    }
  });
  test('an answer decides nothing of a unit that was taken after the question [arch:5]', () => {
    const of = book(undefined, taken('u', 'a', 's1', 2));
    const upTo = of.newest;
    of.write(taken('v', 'a', 's2', 9));
    of.settle('a', ended('a', 5), upTo);
    assert.deepEqual([is(of, 'u'), is(of, 'v')], ['free', 'doubtful']);
  });
  test('a session that fell silent is asked for [arch:5]', () => {
    let now = 0;
    const of = book(() => now, session('a', 's1', 1), session('b', 's2', 2));
    now = 2_000;
    of.write(session('b', 's2', 3));
    now = 3_000;
    assert.deepEqual([...of.doubts(2_000)], ['a']);
    of.settle('a', undefined, of.newest);
    assert.deepEqual(of.members('g'), ['b']);
  });
  test('what comes late changes nothing [arch:5]', () => {
    const of = book(undefined, session('a', 's1', 1), session('b', 's2', 2), taken('u', 'a', 's1', 5));
    of.write(taken('u', 'b', 's2', 4));
    of.write(session('a', 's0', 0));
    assert.equal(of.unit('g', 'u').instance, 'a');
    assert.equal(is(of), 'held');
  });
  test('names of any kind become keys, and stay apart [arch:5]', () => {
    const names = ['a.b', 'a=2eb', 'a b', 'à/*>', 'a', 'host:1'];
    const keys = names.map((name) => unitKey('reporting.x.1-1', name));
    assert.equal(new Set(keys).size, names.length);
    for (const key of keys) assert.match(key, /^unit\.[-\w=]+\.[-\w=]+$/);
  });
});

test('quotas are all units together, none more than one apart, and single units spread over the members [arch:5]', () => {
  for (let members = 1; members <= 9; members++) {
    const names = Array.from({ length: members }, (_, index) => `i${index}`);
    for (const units of [0, 1, 5, 64]) {
      const quotas = names.map((name) => quotaOf(name, 'g', names, units).quota);
      assert.equal(
        quotas.reduce((sum, quota) => sum + quota),
        units,
      );
      assert.ok(Math.max(...quotas) - Math.min(...quotas) <= 1);
    }
  }
  const favoured = Array.from({ length: 60 }, (_, group) =>
    ['a', 'b', 'c'].find((name) => quotaOf(name, `g${group}`, ['a', 'b', 'c'], 1).quota === 1)!,
  );
  for (const name of ['a', 'b', 'c']) assert.ok(favoured.filter((each) => each === name).length >= 10, name);
});
