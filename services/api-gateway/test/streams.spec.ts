import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Places } from '../src/events/places.rules.js';
import { ServerSent } from '../src/events/server-sent.client.js';

test('places are counted for all and for each, and given back once [rev:sec-16]', () => {
  const places = new Places(3, 2);
  const [first, second] = [places.take('a'), places.take('a')];
  assert.equal(places.take('a'), 'own-taken');
  assert.equal(typeof places.take('b'), 'function');
  assert.equal(places.take('b'), 'all-taken');
  for (const leave of [first, second]) if (typeof leave === 'function') leave();
  assert.equal(typeof places.take('b'), 'function');
  assert.equal(places.take('b'), 'own-taken');
  assert.equal(typeof places.take('a'), 'function');
});

test('a reader that never reads is cut, and little waits for it until then [rev:sec-16]', { timeout: 60_000 }, async (t) => {
  const instance = new FastifyAdapter().getInstance() as unknown as FastifyInstance;
  const [event, most] = ['x'.repeat(64 * 1024), 2_000];
  let [sent, waited] = [0, 0];
  const ended = new Promise<void>((resolve) => {
    instance.get('/stream', async (request, reply) => {
      const listener = new ServerSent(request, reply, 300);
      for (; sent < most && !listener.isClosed; sent++) {
        await listener.send('event', event);
        waited = Math.max(waited, reply.raw.writableLength);
      }
      resolve();
    });
  });
  t.after(() => instance.close());
  const url = new URL(await instance.listen({ port: 0, host: '127.0.0.1' }));
  const socket = connect(Number(url.port), url.hostname);
  socket.pause();
  await once(socket, 'connect');
  socket.write('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n');
  await ended;
  assert.ok(sent < most, 'it was cut before everything was sent');
  assert.ok(waited <= 4 * event.length, `${waited} bytes waited`);
  socket.destroy();
});
