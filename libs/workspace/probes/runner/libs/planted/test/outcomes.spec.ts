import { describe, test } from 'node:test';
import assert from 'node:assert/strict';

describe('a suite', () => {
  test('passes', () => assert.equal(1, 1));
  test('fails', () => assert.equal(1, 2, 'one is not two'));
  test('is skipped', { skip: 'no server here' }, () => assert.fail());
});
