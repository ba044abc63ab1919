import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { logbookEvents } from '@ateneo/contracts';
import type { PublicEvent } from '@ateneo/messaging';
import { connectNats, createNatsBus, createNatsEventBus, createNatsLeases } from '@ateneo/messaging/nats';
import { openPlatform, type Platform, readPlatformConfig } from '@ateneo/service-kit';
import { actor, Neighbour } from '@ateneo/service-kit/testing';
import { mongoMissing, type RunningMongo, startMongo } from '../../../libs/workspace/src/mongo.mjs';
import { natsMissing, startNats } from '../../../libs/workspace/src/nats.mjs';
import { Feed } from '../src/events/feed.client.js';
import type { GatewayParts } from '../src/gateway-parts.module.js';
import { Targets } from '../src/webhooks/targets.client.js';
import { openWebhookTable } from '../src/webhooks/webhook-tables.client.js';
import { Webhooks } from '../src/webhooks/webhooks.client.js';
import { WebhooksModule } from '../src/webhooks/webhooks.module.js';
import { Receiver } from './receiver.js';

const skip = natsMissing() ?? mongoMissing() ?? false;
const actors = {
  find: async () => ({ caller: actor('account-tool', ['integration', null]), signIns: 0 }),
} as unknown as GatewayParts['actors'];

describe('webhooks of several gateways', { skip }, () => {
  let nats: Awaited<ReturnType<typeof startNats>>;
  let mongo: RunningMongo;
  let logbook: Neighbour;
  let receiver: Receiver;
  const stops: (() => Promise<unknown>)[] = [];

  /** A process: own folder, own connection. */
  async function process(name: string): Promise<{ platform: Platform; cut: () => Promise<void> }> {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-gateway-'));
    const alone = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'silent' }),
    );
    const link = await connectNats({ url: nats.url, name, timeoutMs: 5_000 });
    const bus = createNatsBus(link);
    const eventBus = createNatsEventBus({ connection: link, bus });
    const leases = await createNatsLeases(link.raw, { instance: name, service: 'api-gateway', sessionMs: 1_000 });
    const config = { ...alone.config, BUS_URL: nats.url, READ_MODELS_URL: mongo.url };
    const platform: Platform = Object.assign(Object.create(alone) as Platform, { config, bus, eventBus, leases });
    stops.push(async () => {
      for (const part of [leases, eventBus, bus, link, alone]) await part.close();
      await rm(folder, { recursive: true, maxRetries: 3 });
    });
    return { platform, cut: () => link.close() };
  }

  async function gateway(name: string) {
    const { platform, cut } = await process(name);
    const table = await openWebhookTable(platform);
    const module = new WebhooksModule({ actors } as GatewayParts, platform, table, true);
    await module.start();
    stops.push(() => table.close());
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= module.stop());
    stops.push(stop);
    return { stop, cut };
  }

  before(async () => {
    [nats, mongo, receiver] = await Promise.all([startNats(), startMongo(), Receiver.open()]);
    logbook = await Neighbour.open('logbook', (await process('logbook')).platform);
  });
  after(async () => {
    await receiver.close();
    await logbook.close();
    for (const stop of stops.reverse()) await stop();
    await Promise.all([nats.stop(), mongo.stop()]);
  });

  test('one delivers, another goes on where it ends or vanishes: no gap, in order, nothing twice but after a cut [rev:dist-B5]', async () => {
    const observer = (await process('observer')).platform;
    const table = await openWebhookTable(observer);
    stops.push(() => table.close());
    const { bus, onProblem } = observer;
    const anyGateway = new Webhooks({ table, feed: new Feed(bus), bus, actors, targets: new Targets(true), onProblem, source: 'http://g' });
    const told: string[] = [];
    const tell = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const entryId = randomUUID();
        await logbook.tell(logbookEvents.entrySubmitted, entryId, { ...logbookEvents.entrySubmitted.example, entryId });
        told.push(`told-${entryId}`);
      }
    };
    const received = () => receiver.received.map(({ body }) => (JSON.parse(body) as PublicEvent).subject);
    const all = async () => {
      for (const until = Date.now() + 20_000; new Set(received()).size < told.length && Date.now() < until;) await pause(20);
      assert.deepEqual([...new Set(received())].sort(), [...told].sort());
    };

    const [one, other] = [await gateway('g1'), await gateway('g2')];
    const id = randomUUID();
    await anyGateway.register({ id, account: 'account-tool', url: receiver.url, types: ['logbook.'], school: null, from: 'beginning' });
    await tell(10);
    await all();
    await one.stop();
    await tell(10);
    await all();
    const third = await gateway('g3');
    await tell(5);
    await other.stop();
    await tell(5);
    await all();
    assert.equal(receiver.received.length, told.length, 'two ended in order: nothing came twice');
    await gateway('g4');
    await third.cut();
    await tell(10);
    await all();
    for (const until = Date.now() + 5_000; (await anyGateway.lag((await table.find(id))!)) > 0 && Date.now() < until;) await pause(20);
    assert.equal(await anyGateway.lag((await table.find(id))!), 0, 'who does not deliver knows the lag');
  });
});
