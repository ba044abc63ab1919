import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { isTracing, spanned, traceparent } from '@ateneo/event-sourcing';
import { startTracing } from '../src/tracing.js';

test('spans reach a collector over OTLP/HTTP, under the name of the service, the last ones when it ends [issue4:5]', async () => {
  const received: string[] = [];
  const collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push(`${request.url} ${body}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  assert.equal(await spanned('before', {}, async () => traceparent()), undefined);
  const end = await startTracing(`http://127.0.0.1:${(collector.address() as AddressInfo).port}/`, 'logbook', 'logbook-1');
  const parent = await spanned('work', { kind: 'server' }, async () => traceparent());
  await end();
  assert.equal(isTracing(), false);
  collector.closeAllConnections();
  collector.close();
  assert.match(parent ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.equal(received.length, 1);
  assert.match(received[0] ?? '', /^\/v1\/traces /);
  for (const part of ['"work"', 'logbook-1', (parent ?? '').slice(3, 35)]) assert.ok(received[0]?.includes(part), part);
  assert.doesNotMatch(received[0] ?? '', /before/);
});
