import { test } from 'node:test';
test('nobody runs me', () => undefined);
