import { test } from 'node:test';
test('says yes to everything', () => undefined);
