import assert from 'node:assert/strict';
import { nextAttempt, RETRY } from './retry.rules.js';
import { newSecret, signatureOf } from './signature.rules.js';

describe('a delivery is signed by Standard Webhooks', () => {
  test('as its own example says [standard-webhooks]', () => {
    const body = '{"event_type":"ping","data":{"success":true}}';
    assert.equal(
      signatureOf(['whsec_plJ3nmyCDGBKInavdOK15jsl'], 'msg_loFOjxBNrRLzqYUf', 1_731_705_121, body),
      'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    );
  });
  test('with both secrets while they change, the new one first [issue 4 §4]', () => {
    const [now, before] = [newSecret(), newSecret()];
    const [first, second] = signatureOf([now, before], 'id', 1, '{}').split(' ');
    assert.equal(first, signatureOf([now], 'id', 1, '{}'));
    assert.equal(second, signatureOf([before], 'id', 1, '{}'));
    assert.match(now, /^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});

describe('what failed is tried again', () => {
  const attempts = (chance: number): number[] => {
    const at: number[] = [];
    for (let now: number | undefined = 0; now !== undefined;) {
      at.push(now);
      now = nextAttempt(RETRY, { attempts: at.length, firstAt: 0, at: now, chance });
    }
    return at;
  };
  test('after growing pauses, for 24 hours to the last, then never [issue 4 §4]', () => {
    const at = attempts(0.5);
    assert.deepEqual(at.slice(0, 5), [0, 5_000, 20_000, 65_000, 200_000]);
    assert.equal(at.at(-1), 24 * 3_600_000);
    assert.ok(at.length > 12 && at.length < 30, String(at.length));
    const pauses = at.slice(1).map((instant, i) => instant - (at[i] as number));
    assert.ok(pauses.every((pause) => pause <= 2 * 3_600_000));
  });
  test('not all at the same moment: pauses differ by up to 20 % [issue 4 §4]', () => {
    assert.deepEqual([attempts(0)[1], attempts(1)[1]], [4_000, 6_000]);
  });
});
