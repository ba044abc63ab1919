import 'reflect-metadata';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestMicroservice } from '@nestjs/common';
import { identity, type Operation, type Output, type RawInput } from '@ateneo/contracts';
import { connectNats, createNatsBus, createNatsEventBus, createNatsLeases } from '@ateneo/messaging/nats';
import { type Caller, OperationClient, openPlatform, type Platform, readPlatformConfig } from '@ateneo/service-kit';
import { actor, service } from '@ateneo/service-kit/testing';
import { mongoMissing, type RunningMongo, startMongo } from '../../../libs/workspace/src/mongo.mjs';
import { natsMissing, startNats } from '../../../libs/workspace/src/nats.mjs';
import { startIdentity } from '../src/identity.module.js';

const skip = natsMissing() ?? mongoMissing() ?? false;
const SECRET = 'p0123456789-abcdefghij';
const gateway = service('api-gateway');
const administrator = actor('0198c0de-0000-7000-8000-0000000000a0', ['administrator', null]);

describe('identity in two instances', { skip }, () => {
  let nats: Awaited<ReturnType<typeof startNats>>;
  let mongo: RunningMongo;
  let trusted: Platform['passports'] | undefined;
  const stops: (() => Promise<void>)[] = [];

  /** A process: own folder, own connection; one holds the event store and lends it to the other. */
  async function instance(
    name: string,
    EVENT_STORE_URL: string,
  ): Promise<{ app: INestMicroservice; platform: Platform; stop: () => Promise<void> }> {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-instance-'));
    const alone = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'error' }),
    );
    const link = await connectNats({ url: nats.url, name, timeoutMs: 5_000 });
    const bus = createNatsBus(link);
    const eventBus = createNatsEventBus({ connection: link, bus });
    const leases = await createNatsLeases(link.raw, { instance: name, service: 'identity', sessionMs: 5_000 });
    const config = { ...alone.config, EVENT_STORE_URL, BUS_URL: nats.url, READ_MODELS_URL: mongo.url, KEYS_URL: mongo.url };
    // the secret of one process stands for the keys of each
    const passports = (trusted ??= alone.passports);
    const client = new OperationClient(bus, passports);
    const platform: Platform = Object.assign(Object.create(alone) as Platform, { config, bus, eventBus, leases, client, passports });
    const app = await startIdentity(platform);
    let stopped: Promise<void> | undefined;
    const end = async () => {
      await app.close();
      for (const part of [leases, eventBus, bus, link, alone]) await part.close();
      await rm(folder, { recursive: true, maxRetries: 3 });
    };
    const stop = () => (stopped ??= end());
    stops.push(stop);
    return { app, platform, stop };
  }

  before(async () => {
    [nats, mongo] = await Promise.all([startNats(), startMongo()]);
    Object.assign(process.env, { FIRST_ADMINISTRATOR: 'rettorato@ateneo.example', FIRST_ADMINISTRATOR_SECRET: SECRET });
  });
  after(async () => {
    for (const name of ['FIRST_ADMINISTRATOR', 'FIRST_ADMINISTRATOR_SECRET']) delete process.env[name];
    for (const stop of stops.reverse()) await stop();
    await Promise.all([nats.stop(), mongo.stop()]);
  });

  test('that start at the same instant register one first administrator, and what one is told to keep the other has after its pod is gone [rev:dist-B3] [rev:dist-B5]', async () => {
    const [one, other] = await Promise.all([instance('identity-1', 'sqlite:'), instance('identity-2', 'bus:')]);
    const ask = async <Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller): Promise<Output<Op>> => {
      const reply = await one.platform.client.call(operation, input, caller);
      assert.ok(reply.ok, JSON.stringify(reply));
      return reply.output;
    };
    const registered = async () =>
      (await ask(identity.listPeople, {}, administrator)).people.map(({ email, profiles }) => [email, profiles.map(({ role }) => role)]);
    for (const until = Date.now() + 10_000; (await registered())[0]?.[1]?.length !== 1 && Date.now() < until;) await pause(20);
    assert.deepEqual(await registered(), [['rettorato@ateneo.example', ['administrator']]]);
    const password = 'una frase lunga e mia';
    assert.deepEqual(await ask(identity.setPassword, { secret: SECRET, password }, gateway), { username: 'amministratore' });
    await other.stop();
    const third = await instance('identity-3', 'bus:');
    // the requests of a group are given to either: some reach the new one
    for (let i = 0; i < 6; i++)
      assert.ok((await ask(identity.checkPassword, { username: 'amministratore', password }, gateway)).personId, `try ${i}`);
    await third.stop();
  });
});
