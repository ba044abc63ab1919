import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { isFromInside } from './odd-requests.controller.js';
import { transportHeaders } from './security-headers.rules.js';

const from = (remoteAddress: string | undefined, headers = {}) => isFromInside({ socket: { remoteAddress }, headers } as IncomingMessage);

test('figures are told to loopback and private networks alone [rev:sec-low]', () => {
  for (const inside of ['127.0.0.1', '::1', '::ffff:10.2.3.4', '172.20.0.3', 'fd00::1']) assert.ok(from(inside), inside);
  for (const outside of ['8.8.8.8', '::ffff:8.8.8.8', '2606:4700::1111', undefined]) assert.ok(!from(outside), outside);
  assert.ok(!from('10.2.3.4', { 'x-forwarded-for': '8.8.8.8' }));
});

test('under https every answer says that it is to stay so [rev:sec-low]', () => {
  assert.match(transportHeaders('https://ateneo.example')['strict-transport-security'] ?? '', /^max-age=\d{8}/);
  assert.deepEqual(transportHeaders('http://localhost:3000'), {});
});
