import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { createMemoryBus } from '@ateneo/messaging';
import type { OperationClient } from '@ateneo/service-kit';
import { LiveController } from '../src/events/live.controller.js';
import type { GatewayParts } from '../src/gateway-parts.module.js';
import { Actors } from '../src/guard/actors.client.js';
import { Identity } from '../src/guard/identity.client.js';

const operations = { call: async () => ({ ok: true, output: {} }) } as unknown as OperationClient;
const who = (id: string) => ({ is: 'actor', actor: { id, kind: 'person', locale: 'it', profiles: [] } });

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !condition(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(condition(), condition.toString());
}

/** What a page was sent, as it comes. */
async function open(url: string, keys: string): Promise<{ text: () => string; response: IncomingMessage }> {
  let text = '';
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/api/live?keys=${keys}`, resolve).on('error', reject);
  });
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await until(() => text.includes('event: ready'));
  return { text: () => text, response };
}

test('changes are heard and read once for all open pages, and each page is told what it follows [rev:arch-12]', async (t) => {
  const bus = createMemoryBus();
  let [listeners, account, reconnected] = [0, 0, () => {}];
  bus.onReconnect = (listener) => ((reconnected = listener), () => {});
  const onBroadcast = bus.onBroadcast.bind(bus);
  bus.onBroadcast = (subject, listener) => {
    listeners += 1;
    const stop = onBroadcast(subject, listener);
    return () => ((listeners -= 1), stop());
  };
  const guard = { authenticate: async () => who(`a${account++}`) };
  const live = new LiveController({ guard, operations, actors: new Actors(new Identity(operations)) } as unknown as GatewayParts, bus);
  const instance = new FastifyAdapter().getInstance() as unknown as FastifyInstance;
  live.mount(instance);
  const url = await instance.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    live.close();
    await instance.close();
    await bus.close();
  });

  const pages = await Promise.all(['counters:t1', 'entries:t1,career:t1', 'counters:t2,waiting'].map((keys) => open(url, keys)));
  assert.equal(listeners, 1);
  const changes = [{ projection: 'any', key: 't1', position: 7 }];
  bus.broadcast('changed.reporting', { changes });
  bus.broadcast('changed.logbook', { changes });
  const told = () => pages.map(({ text }) => [...text().matchAll(/data: (\{"key.*\})/g)].map(([, data]) => data));
  const [counters, entries, waiting] = ['counters:t1', 'entries:t1', 'waiting'].map((key) => JSON.stringify({ key, position: 7 }));
  await until(() => told().every((of) => of.length > 0));
  assert.deepEqual(told(), [[counters], [entries], [waiting]]);
  reconnected();
  await until(() => told().every((of) => of.length > 1));
  assert.match(told()[0]![1]!, /counters:t1/, 'what was said while the bus was away is asked for again');
  for (const { response } of pages) response.destroy();
  live.close();
  await until(() => listeners === 0);
});
