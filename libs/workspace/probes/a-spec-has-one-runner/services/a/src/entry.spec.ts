import assert from 'node:assert/strict';
import { test } from 'node:test';
test('beside the code, and asks for the other runner', () => assert.ok(true));
