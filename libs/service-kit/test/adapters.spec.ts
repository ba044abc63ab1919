import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type EventStore, SqliteEventStore } from '@ateneo/event-sourcing';
import { createMemoryBus, serveEventStore } from '@ateneo/messaging';
import { lendEventStore, openEventStore } from '../src/adapters.js';
import { ConfigurationError } from '../src/config.js';
import { openPlatform, type Platform } from '../src/platform.js';
import { readPlatformConfig } from '../src/platform.config.js';
import { sideTables } from '../src/side-tables.js';

const onPlatform = (work: (platform: Platform) => Promise<void>) => async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ateneo-adapters-'));
  const platform = await openPlatform(
    readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'silent' }),
  );
  try {
    await work(platform);
  } finally {
    await platform.close();
    await rm(folder, { recursive: true, maxRetries: 3 });
  }
};

/** The same process under another environment. */
const under = (platform: Platform, config: Partial<Platform['config']>): Platform => ({
  ...platform,
  config: { ...platform.config, ...config },
});

async function append(store: EventStore): Promise<void> {
  const actor = { id: 'system:sample/test', kind: 'system' as const };
  const event = { id: randomUUID(), type: 'SampleTaken', version: 1, data: {}, metadata: { actor, scope: {}, correlationId: 'c' } };
  assert.ok((await store.append({ stream: `sample-${randomUUID()}`, expectedRevision: -1, events: [event] })).ok);
}

describe('the event store of a service', () => {
  test(
    'is a file of its own, with deadlines and checkpoints of reactions in it [arch:2]',
    onPlatform(async (platform) => {
      const store = await openEventStore(platform, 'sample');
      assert.ok(store instanceof SqliteEventStore);
      const deadlines = await sideTables(platform, 'sample', store).deadlines();
      await deadlines.put({ id: 'a', dueAt: 5, payload: null });
      assert.equal(await deadlines.nextAt(), 5);
      const checkpoints = await sideTables(platform, 'sample', store).checkpoints();
      await checkpoints.save('when-a-then-b', { origin: 'own', epoch: 'e', mappingVersion: 0, position: 3 }, []);
      assert.equal((await checkpoints.load('when-a-then-b'))[0]?.position, 3);
      await store.close();
    }),
  );

  test(
    'is that of another instance where the address says bus:, and what it cannot keep there is told by the variables [issue:4]',
    onPlatform(async (platform) => {
      const held = await openEventStore(platform, 'sample');
      const stop = serveEventStore(platform.bus, 'sample', held);
      const elsewhere = under(platform, { EVENT_STORE_URL: 'bus:' });
      const store = await openEventStore(elsewhere, 'sample');
      await append(store);
      assert.equal(await held.head(), 1);
      const told = (error: Error) => error instanceof ConfigurationError && /READ_MODELS_URL.*EVENT_STORE_URL "bus:"/.test(error.message);
      await assert.rejects(sideTables(elsewhere, 'sample', store).deadlines(), told);
      await assert.rejects(sideTables(elsewhere, 'sample', store).checkpoints(), told);
      await store.close();
      stop();
      await held.close();
    }),
  );

  test(
    'is lent by one process only: a second one does not start [issue:4]',
    onPlatform(async (platform) => {
      const network = { ...under(platform, { BUS_URL: 'nats://elsewhere' }), bus: createMemoryBus() };
      const store = await openEventStore(platform, 'sample');
      const stop = await lendEventStore(network, 'sample', store);
      await assert.rejects(lendEventStore(network, 'sample', store), { name: 'ConfigurationError', message: /another process holds/ });
      stop();
      (await lendEventStore(network, 'sample', store))();
      await store.close();
      await network.bus.close();
    }),
  );

  test(
    'is lent to nobody in one process alone [arch:2]',
    onPlatform(async (platform) => {
      const store = await openEventStore(platform, 'sample');
      await lendEventStore(platform, 'sample', store);
      await assert.rejects(platform.bus.request('store.sample.head', {}), { name: 'NoResponderError' });
      await store.close();
    }),
  );
});
