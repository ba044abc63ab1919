import assert from 'node:assert/strict';
import { test } from 'node:test';
for (let each = 0; each < 2_000; each++) test(`quick ${each}`, () => assert.ok(true));
