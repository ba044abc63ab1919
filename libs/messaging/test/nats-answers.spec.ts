import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { natsMissing } from '../../workspace/src/nats.mjs';
import type { Bus } from '../src/index.js';
import { createNatsBus, type NatsLink } from '../src/nats/index.js';
import { type RunningServer, runServer } from './nats-server.js';

describe('answers on NATS', { skip: natsMissing() ?? false }, () => {
  let server: RunningServer;
  let link: NatsLink;
  let bus: Bus;
  before(async () => {
    server = await runServer();
    link = await server.connect('logbook');
    bus = createNatsBus(link);
  });
  after(async () => {
    await bus.close();
    await link.close();
    await server.stop();
  });

  test('a request that wants its answer elsewhere than in an inbox is not carried out [issue4:2]', async () => {
    let asked = 0;
    bus.serve('rpc.logbook.show', 'logbook', () => ++asked);
    const said: string[] = [];
    link.raw.subscribe('logbook.event.>', { callback: (_error, message) => void said.push(message.string()) });
    await link.raw.flush();
    link.raw.publish('rpc.logbook.show', '{}', { reply: 'logbook.event.entry-validated.v1.p07' });
    link.raw.publish('rpc.logbook.show', '{}');
    assert.equal(await bus.request('rpc.logbook.show', {}), 1);
    assert.deepEqual(said, []);
  });
});
