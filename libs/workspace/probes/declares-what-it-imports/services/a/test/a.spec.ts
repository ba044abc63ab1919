import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
test('uses tools that it does not declare', () => assert.ok(parse(String(fc.string()))));
