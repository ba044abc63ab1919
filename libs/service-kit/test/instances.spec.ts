import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Decider, idOf, onStored } from '@ateneo/event-sourcing';
import type { Leases, Sharing } from '@ateneo/messaging';
import { connectNats, createNatsBus, createNatsEventBus, createNatsLeases } from '@ateneo/messaging/nats';
import { reaction } from '@ateneo/read-models';
import { mongoMissing, type RunningMongo, startMongo } from '../../workspace/src/mongo.mjs';
import { natsMissing, startNats } from '../../workspace/src/nats.mjs';
import { openEventStore } from '../src/adapters.js';
import { openPlatform, type Platform } from '../src/platform.js';
import { readPlatformConfig } from '../src/platform.config.js';
import { startReactions } from '../src/service-reactions.js';
import { openRuntime, startRuntime } from '../src/service-assembly.js';
import type { ServiceDefinition } from '../src/service-definition.js';
import { sideTables } from '../src/side-tables.js';

type Loan = { is: 'in' } | { is: 'out' };
const loan: Decider<Loan, { type: 'BorrowBook' }, { type: 'BookBorrowed' }> = {
  category: 'loan',
  initial: { is: 'in' },
  scope: () => ({}),
  decide: (_, state) => (state.is === 'out' ? [] : [{ type: 'BookBorrowed' }]),
  evolve: () => ({ is: 'out' }),
};

type Tools = { remind(loanId: string): Promise<void> };
const whenBookBorrowedThenRemind = reaction<Tools>({
  name: 'when-book-borrowed-then-remind',
  on: onStored(loan, { BookBorrowed: ({ stream }, { remind }) => remind(idOf(stream)) }),
});

const skip = natsMissing() ?? mongoMissing() ?? false;

describe(`instances of one service on NATS and ${process.env['MONGODB_URL'] ? 'MongoDB' : 'the MongoDB stand-in'}`, { skip }, () => {
  let nats: Awaited<ReturnType<typeof startNats>>;
  let mongo: RunningMongo;
  before(async () => {
    [nats, mongo] = await Promise.all([startNats(), startMongo()]);
  });
  after(() => Promise.all([nats.stop(), mongo.stop()]));

  const service = `library-${randomUUID().slice(0, 8)}`;
  const definition: ServiceDefinition = { name: service, aggregates: [{ decider: loan }], projections: [], mappingVersion: 1 };

  /** A process of the service: own folder, own connection. */
  async function instance(name: string, EVENT_STORE_URL: string, as: { leases?: Leases; startAs?: string } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-instance-'));
    const alone = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'error' }),
    );
    const link = await connectNats({ url: nats.url, name, timeoutMs: 5_000 });
    const bus = createNatsBus(link);
    const eventBus = createNatsEventBus({ connection: link, bus });
    const leases = as.leases ?? (await createNatsLeases(link.raw, { instance: name, service, sessionMs: 1_000 }));
    const config = { ...alone.config, EVENT_STORE_URL, BUS_URL: nats.url, READ_MODELS_URL: mongo.url };
    const platform: Platform = Object.assign(Object.create(alone) as Platform, { config, bus, eventBus, leases });
    const runtime = await openRuntime(definition, platform);
    config.EVENT_STORE_URL = as.startAs ?? EVENT_STORE_URL;
    await startRuntime(runtime);
    const reminded: string[] = [];
    const stop = await startReactions(runtime, [whenBookBorrowedThenRemind], { remind: async (id) => void reminded.push(id) });
    return {
      runtime,
      eventBus,
      link,
      reminded,
      stop,
      async borrow() {
        const id = randomUUID();
        await runtime.runAs('test', loan, id, { type: 'BorrowBook' }, { correlationId: randomUUID() });
        return id;
      },
      async end() {
        await runtime.close();
        await leases.close();
        await eventBus.close();
        await bus.close();
        await link.close();
        await alone.close();
        await rm(folder, { recursive: true, maxRetries: 3 });
      },
    };
  }

  test('write one log, and each fact is acted on once, whichever of them is there [issue:4]', { timeout: 60_000 }, async () => {
    const holder = await instance('one', 'sqlite:');
    const other = await instance('two', 'bus:');
    const reminded = () => [...holder.reminded, ...other.reminded].sort();
    const borrowed: string[] = [];
    const borrowTen = async () => {
      for (let n = 0; n < 10; n += 1) borrowed.push(await (n % 2 ? holder : other).borrow());
    };
    const acted = async () => {
      for (let turn = 0; turn < 300 && reminded().length < borrowed.length; turn += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(reminded(), borrowed.toSorted());
    };
    await borrowTen();
    await acted();
    assert.equal(await other.runtime.store.head(), await holder.runtime.store.head());
    const [active, idle] = holder.reminded.length > 0 ? [holder, other] : [other, holder];
    assert.equal(idle.reminded.length, 0);
    await active.stop();
    await borrowTen();
    await acted();
    assert.equal(idle.reminded.length, 10);

    await (await holder.runtime.deadlines()).put({ id: 'a', dueAt: 5, payload: { loan: borrowed[0] } });
    assert.equal(await (await other.runtime.deadlines()).nextAt(), 5);
    await other.end();
    await holder.end();
  });

  test('whoever gains, loses and gains the publishing again has one relay at work, none while it is another’s [rev:arch-1]', async () => {
    const turns: Pick<Sharing, 'gained' | 'lost'>[] = [];
    const leases: Leases = {
      instance: 'three',
      async share(sharing) {
        turns.push(sharing);
        return { held: () => new Map(), holders: async () => [], leave: () => sharing.lost('one') };
      },
      close: async () => undefined,
    };
    const leased = await instance('three', 'sqlite:', { leases, startAs: 'kurrentdb:' });
    const relays = async () => (await leased.eventBus.publisherLag()).map(({ service }) => service);
    const [publishing] = turns;
    assert.ok(publishing);
    assert.deepEqual(await relays(), []);
    for (let turn = 0; turn < 3; turn += 1) {
      await publishing.gained('one', turn);
      assert.deepEqual(await relays(), [service]);
      await publishing.lost('one');
      assert.deepEqual(await relays(), []);
    }
    await publishing.gained('one', 3);
    await leased.end();
  });

  test('after a time without connection whoever follows changes hears that any may have been made [rev:cor-5]', async () => {
    const one = await instance('four', 'sqlite:');
    const heard: number[] = [];
    const stop = one.runtime.onChange((changes) => heard.push(changes.length));
    await one.link.raw.reconnect();
    for (let turn = 0; turn < 200 && heard.length === 0; turn += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    assert.deepEqual(heard, [0]);
    stop();
    await one.end();
  });

  test('take over deadlines and checkpoints that one process kept before in its events file [issue:4]', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-instance-'));
    const alone = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'error' }),
    );
    const store = await openEventStore(alone, 'sample');
    const before = sideTables(alone, 'sample', store);
    await (await before.deadlines()).put({ id: 'a', dueAt: 7, payload: { n: 1 } });
    const [name, origin, epoch] = ['when-a-then-b', 'own', 'e'];
    const parked = { reaction: name, origin, position: 3, eventId: randomUUID(), reason: 'no' };
    const checkpoints = await before.checkpoints();
    await checkpoints.save(name, { origin, epoch, mappingVersion: 0, position: 3 }, [parked]);

    const database = `sample-${randomUUID().slice(0, 8)}`;
    const shared = sideTables({ config: { ...alone.config, READ_MODELS_URL: mongo.url } }, database, store);
    await shared.adopt();
    await checkpoints.save(name, { origin, epoch, mappingVersion: 0, position: 2 }, []);
    await shared.adopt();
    const table = await shared.checkpoints();
    assert.deepEqual(await table.load(name), [{ origin, epoch, mappingVersion: 0, position: 3 }]);
    assert.deepEqual(await table.parked(), [parked]);
    assert.deepEqual(await (await shared.deadlines()).due(10, 10), [{ id: 'a', dueAt: 7, payload: { n: 1 }, attempts: 0 }]);
    assert.equal(await (await before.deadlines()).nextAt(), undefined);
    await shared.close();
    await store.close();
    await alone.close();
    await rm(folder, { recursive: true, maxRetries: 3 });
  });
});
