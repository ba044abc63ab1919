import assert from 'node:assert/strict';
import { hashOf, isCurrent, matches, matchesRandomSecret, NO_HASH, randomSecretHash } from './secret-hash.rules.js';

const KEY = Buffer.alloc(32, 7);
const cheap = { memory: 64, passes: 1, parallelism: 1 };

test('a password is found again by the cost that stands beside its hash, and hashed again where that is another [tool:15]', async () => {
  const weaker = await hashOf('una frase lunga', cheap);
  assert.match(weaker, /^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
  assert.deepEqual([await matches('una frase lunga', weaker), await matches('una frase corta', weaker)], [true, false]);
  assert.equal(isCurrent(weaker), false);
  const stored = await hashOf('una frase lunga');
  assert.deepEqual([await matches('una frase lunga', stored), await matches('una frase corta', stored)], [true, false]);
  assert.equal(isCurrent(stored), true);
});

test('a hash that another implementation of argon2id made is understood [tool:15]', async () => {
  // the test vector of the reference implementation: t=2, m=64 MiB, p=1, salt «somesalt»
  const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  assert.deepEqual([await matches('password', stored), await matches('Password', stored)], [true, false]);
});

test('one password is hashed to another text each time, and the same letters typed in another way are the same password [tool:15]', async () => {
  assert.notEqual(await hashOf('a', cheap), await hashOf('a', cheap));
  assert.equal(await matches('perch\u0065\u0301', await hashOf('perch\u00e9', cheap)), true);
});

test('what is no hash is matched by nothing, and neither is the hash of nobody, which costs as much as one [tool:15]', async () => {
  for (const stored of ['', '.', 'a.b', '$argon2id$v=19$m=64,t=1,p=1$', 'plain']) assert.equal(await matches('', stored), false, stored);
  assert.equal(await matches('', NO_HASH), false);
  assert.equal(isCurrent(NO_HASH), true);
});

test('a random secret is compared under the key of this installation [tool:15]', () => {
  const stored = randomSecretHash('a secret', KEY);
  assert.equal(matchesRandomSecret('a secret', stored, KEY), true);
  assert.equal(matchesRandomSecret('another', stored, KEY), false);
  assert.equal(matchesRandomSecret('a secret', stored, Buffer.alloc(32, 8)), false);
  assert.equal(matchesRandomSecret('a secret', 'c2FsdA.aGFzaA', KEY), undefined);
});
