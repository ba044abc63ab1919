import assert from 'node:assert/strict';
import { PasswordTries } from './password-tries.rules.js';

const KEY = Buffer.alloc(32, 7);
const tries = (most?: number) => new PasswordTries(KEY, { now: () => 0, most });
/** How many of 40 tries are let through. */
const passed = (of: PasswordTries, username: string, address: (i: number) => string, device?: string): number =>
  Array.from({ length: 40 }, (_, i) => of.take({ address: address(i), username, device })).filter((wait) => wait === 0).length;
const spread = (i: number) => `203.0.113.${i}`;

test('one address tries an account five times, and an account of another name five times more [rev:sec-12]', () => {
  const limits = tries();
  assert.deepEqual([passed(limits, 'a', () => '1'), passed(limits, 'b', () => '1'), passed(limits, 'c', () => '1')], [5, 5, 0]);
});

test('an address that has to wait takes nothing of the account: all that strangers may try is left to the others [rev:sec-12]', () => {
  const limits = tries();
  assert.equal(
    passed(limits, 'a', () => '1'),
    5,
  );
  assert.equal(passed(limits, 'a', spread), 15);
});

test('strangers together try an account 20 times, whether somebody has the name or not [rev:sec-12]', () => {
  assert.equal(passed(tries(), 'a', spread), 20);
});

test('a device that signed in before has tries of its own, from whatever address, and they end as well [rev:sec-12]', () => {
  const limits = tries();
  const device = limits.deviceOf({ username: 'a', device: undefined });
  passed(limits, 'a', spread);
  assert.equal(passed(limits, 'a', spread, device), 10);
  assert.equal(passed(limits, 'a', spread, limits.deviceOf({ username: 'a', device: undefined })), 10);
});

test('a device is known for the accounts that it signed in to, the eight last ones, and for no other [rev:sec-12]', () => {
  const limits = tries();
  let device: string | undefined;
  for (const username of ['first', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'last']) device = limits.deviceOf({ username, device });
  for (const username of ['first', 'last', 'other']) passed(limits, username, spread);
  const late = (username: string) => passed(limits, username, (i) => `198.51.100.${i}`, device);
  assert.deepEqual([late('first'), late('other'), late('last')], [0, 0, 10]);
});

test('a cookie that was altered, or signed with another key, is no known device [rev:sec-12]', () => {
  const limits = tries();
  const own = limits.deviceOf({ username: 'a', device: undefined });
  const foreign = new PasswordTries(Buffer.alloc(32, 8)).deviceOf({ username: 'a', device: undefined });
  passed(limits, 'a', spread);
  for (const device of [`x${own}`, `${own}x`, own.slice(0, -1), foreign, '', '.', 'a.b.c'])
    assert.equal(
      passed(limits, 'a', (i) => `198.51.100.${i}`, device),
      0,
      device,
    );
});

test('what is remembered is bounded in number: the longest untouched is forgotten first [rev:sec-12]', () => {
  const limits = tries(3);
  passed(limits, 'a', () => '1');
  for (const address of ['2', '3', '4']) limits.take({ address, username: `b${address}`, device: undefined });
  assert.equal(
    passed(limits, 'a', () => '1'),
    5,
  );
});

test('what is remembered is bounded in length: a cookie is as long for a name of 8,000 characters as for one of one [rev:sec-12]', () => {
  const limits = tries();
  const [short, long] = ['a', 'a'.repeat(8_000)].map((username) => limits.deviceOf({ username, device: undefined }));
  assert.equal(long?.length, short?.length);
  assert.notEqual(long, short);
});
