import assert from 'node:assert/strict';
import { type Jwk, RealmKeys } from './realm-keys.client.js';

const HOUR_MS = 3_600_000;

/** A realm whose keys and presence the test decides. */
class Realm {
  keys: Jwk[] = [{ kid: 'first' }];
  away = false;
  asked = 0;
  now = 0;
  readonly told: string[] = [];
  readonly known = new RealmKeys(
    async () => {
      this.asked++;
      if (this.away) throw new Error('nobody there');
      return [...this.keys];
    },
    () => this.now,
    ({ part, what, is }) => void this.told.push(`${part}, ${what}: ${is}`),
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

  test('a realm that is away is told, though nobody may be refused yet, and that it is back [rev:arch-5]', async () => {
    const realm = new Realm();
    await realm.known.having('first');
    assert.deepEqual(realm.told, []);
    realm.away = true;
    realm.now += 300_000;
    assert.ok(await realm.known.having('first'));
    realm.away = false;
    realm.now += 300_000;
    assert.ok(await realm.known.having('first'));
    assert.deepEqual(realm.told, ['sign-in, keys of the realm are read: goes-on', 'sign-in, keys of the realm are read: over']);
  });
});
