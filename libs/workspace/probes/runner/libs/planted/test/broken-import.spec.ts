import { test } from 'node:test';
import assert from 'node:assert/strict';
import { absent } from './absent.js';

test('never starts', () => assert.ok(absent));
