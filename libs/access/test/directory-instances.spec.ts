import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { identity, identityEvents } from '@ateneo/contracts';
import { ERASED, uuidv8 } from '@ateneo/event-sourcing';
import { connectNats, createNatsBus, createNatsEventBus, createNatsLeases } from '@ateneo/messaging/nats';
import {
  OperationClient,
  openPlatform,
  type Platform,
  readPlatformConfig,
  type ServiceDefinition,
  openRuntime,
  startRuntime,
} from '@ateneo/service-kit';
import { Neighbour } from '@ateneo/service-kit/testing';
import { mongoMissing, type RunningMongo, startMongo } from '../../workspace/src/mongo.mjs';
import { natsMissing, startNats } from '../../workspace/src/nats.mjs';
import { Directory } from '../src/index.js';

const skip = natsMissing() ?? mongoMissing() ?? false;
const definition: ServiceDefinition = { name: 'reporting', mappingVersion: 1, aggregates: [], projections: [] };
const ADA = uuidv8('test', 'ada');

describe('names in two instances of one service', { skip }, () => {
  let nats: Awaited<ReturnType<typeof startNats>>;
  let mongo: RunningMongo;
  before(async () => {
    [nats, mongo] = await Promise.all([startNats(), startMongo()]);
  });
  after(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await Promise.all([nats.stop(), mongo.stop()]);
  });
  const stops: (() => Promise<void>)[] = [];

  /** A process: own folder, own connection. */
  async function process(name: string, EVENT_STORE_URL: string) {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-instance-'));
    const alone = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'error' }),
    );
    const link = await connectNats({ url: nats.url, name, timeoutMs: 5_000 });
    const bus = createNatsBus(link);
    const eventBus = createNatsEventBus({ connection: link, bus });
    const leases = await createNatsLeases(link.raw, { instance: name, service: 'reporting', sessionMs: 5_000 });
    const config = { ...alone.config, EVENT_STORE_URL, BUS_URL: nats.url, READ_MODELS_URL: mongo.url, KEYS_URL: mongo.url };
    const client = new OperationClient(bus, alone.passports);
    const platform: Platform = Object.assign(Object.create(alone) as Platform, { config, bus, eventBus, leases, client });
    stops.push(async () => {
      for (const part of [leases, eventBus, bus, link, alone]) await part.close();
      await rm(folder, { recursive: true, maxRetries: 3 });
    });
    return platform;
  }

  /** Keeps what it decrypted until it is let go. */
  async function instance(name: string, EVENT_STORE_URL: string) {
    const platform = await process(name, EVENT_STORE_URL);
    const runtime = await openRuntime(definition, platform);
    await startRuntime(runtime);
    const directory = new Directory(runtime, platform);
    await directory.start();
    stops.push(async () => {
      await directory.stop();
      await runtime.close();
    });
    const { runner } = runtime;
    const drop = runner.dropCaches.bind(runner);
    const held = Promise.withResolvers<void>();
    stops.push(async () => held.resolve());
    let holds = false;
    runner.dropCaches = async () => {
      holds = true;
      await held.promise;
      await drop();
    };
    return { directory, holds: () => holds, letGo: held.resolve };
  }

  async function until(condition: () => boolean): Promise<void> {
    for (let turn = 0; turn < 800 && !condition(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    assert.ok(condition(), condition.toString());
  }

  test('identity is told of an erasure when both have dropped the name, and not before [rev:arch-13] [arch:4]', async () => {
    const home = await process('home', 'sqlite:');
    const people = await Neighbour.open('identity', home);
    stops.push(() => people.close());
    const confirmed: string[] = [];
    const forgotten: string[] = [];
    home.bus.onBroadcast('forgotten.reporting', (message) => {
      const said = message as { instance: string; forgotten?: string };
      if (said.forgotten === ADA) forgotten.push(said.instance);
    });
    const person = { givenName: 'Ada', familyName: 'Zanella', email: 'ada@ateneo.example', staffNumber: null };
    people.answer(identity.names, () => ({ people: { [ADA]: person } }));
    people.answer(identity.confirmForgotten, ({ service }) => (confirmed.push(service), {}));

    const writer = await instance('one', 'sqlite:');
    await people.tell(identityEvents.personRegistered, ADA, { personId: ADA });
    await until(() => writer.directory.name(ADA) === 'Zanella Ada');
    const other = await instance('two', 'bus:');
    await until(() => other.directory.name(ADA) === 'Zanella Ada');

    await people.tell(identityEvents.personErased, ADA, { personId: ADA });
    await until(() => writer.holds() && other.holds());
    writer.letGo();
    await until(() => forgotten.includes('one') || confirmed.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(confirmed, []);
    other.letGo();
    await until(() => confirmed.length > 0);
    assert.deepEqual(
      [writer, other].map(({ directory }) => directory.name(ADA)),
      [ERASED, ERASED],
    );
  });
});
