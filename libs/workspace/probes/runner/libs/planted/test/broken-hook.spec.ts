import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';

describe('a suite whose preparation fails', () => {
  before(() => {
    throw new Error('no ground to stand on');
  });
  test('cannot pass', () => assert.ok(true));
});
