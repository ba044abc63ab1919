import assert from 'node:assert/strict';
import { test } from 'node:test';

/** A suite that a spec borrows: its tests are declared here. */
export function suite(value: number): void {
  test('one is one', () => assert.equal(value, 1));
  test('one is positive', () => assert.ok(value > 0));
}
