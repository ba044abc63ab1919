import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionToken, readPositionToken } from '../src/index.js';

test('a token carries service, epoch, partition and position, and a made-up one is nothing [arch:4]', () => {
  const position = { service: 'logbook', epoch: 'e', partition: 63, position: 7 };
  assert.deepEqual(readPositionToken(positionToken(position)), position);
  for (const made of [
    '',
    'x',
    Buffer.from('{}').toString('base64url'),
    Buffer.from('["a","b",1,"2"]').toString('base64url'),
    'x'.repeat(5_000),
  ])
    assert.equal(readPositionToken(made), undefined);
});
