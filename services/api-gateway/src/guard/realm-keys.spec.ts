import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Jwk, RealmKeys } from './realm-keys.client.js';

const HOUR_MS = 3_600_000;

/** A realm whose keys and presence the test decides. */
class Realm {
  keys: Jwk[] = [{ kid: 'first' }];
  away = false;
  asked = 0;
  now = 0;
  readonly known = new RealmKeys(
    async () => {
      this.asked++;
      if (this.away) throw new Error('nobody there');
      return [...this.keys];
    },
    () => this.now,
  );
}
const away = { name: 'ServerAwayError', code: 'identity-provider-away' };

describe('the keys of a realm', () => {
  test('a key that came by rotation is known at once, though another unknown one was asked for a moment ago [arch:6]', async () => {
    const realm = new Realm();
    assert.equal(await realm.known.having('invented'), undefined);
    realm.keys.unshift({ kid: 'second' });
    assert.equal((await realm.known.having('second'))?.length, 2);
    assert.ok(await realm.known.having('first'));
  });

  test('tokens with invented keys, however many, make the realm be asked once a second', async () => {
    const realm = new Realm();
    await realm.known.having('first');
    await Promise.all(Array.from({ length: 200 }, (_, i) => realm.known.having(`invented-${i}`)));
    assert.equal(realm.asked, 2);
  });

  test('a withdrawn key is trusted for five minutes', async () => {
    const realm = new Realm();
    assert.ok(await realm.known.having('first'));
    realm.keys = [{ kid: 'second' }];
    realm.now += 300_000 - 1;
    assert.ok(await realm.known.having('first'));
    realm.now += 1;
    assert.equal(await realm.known.having('first'), undefined);
  });

  test('while the realm is away what is known is trusted for an hour; what is not is told as such [arch:6]', async () => {
    const realm = new Realm();
    await realm.known.having('first');
    realm.away = true;
    realm.now += HOUR_MS;
    assert.ok(await realm.known.having('first'));
    await assert.rejects(realm.known.having('second'), away);
    realm.now += 1;
    await assert.rejects(realm.known.having('first'), away);
    realm.away = false;
    assert.ok(await realm.known.having('first'));
  });
});
