import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { EventHasher } from './event-hash.js';

const event = { stream: 'sample-1', id: 'id', type: 'SampleTaken', version: 2, at: 5, data: '{"é":"x"}', metadata: '{}' };

describe('the hash of an event', () => {
  test('is the HMAC-SHA-256 of the standard library, for short and long events, chained to the one before [arch:4]', () => {
    const key = randomBytes(32);
    const hasher = new EventHasher(key);
    const text = (data: string) => `|id|2|5|11:SampleTaken|${data.length}:${data}|{}`;
    const first = hasher.hash(undefined, event);
    assert.deepEqual(
      first,
      createHmac('sha256', key)
        .update(`8:sample-1${text(event.data)}`)
        .digest(),
    );
    const long = `"${'è'.repeat(30_000)}"`;
    const second = hasher.hash(first, { ...event, data: long });
    assert.deepEqual(second, createHmac('sha256', key).update(first).update(text(long)).digest());
  });
});
