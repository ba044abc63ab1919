import assert from 'node:assert/strict';
test('under test/, and counts on the globals of Jest', () => assert.ok(true));
