import 'reflect-metadata';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { INestMicroservice } from '@nestjs/common';
import { identity } from '@ateneo/contracts';
import { IdentityModule } from '@ateneo/identity';
import { type Caller, openPlatform, type Platform, readPlatformConfig, startService } from '@ateneo/service-kit';
import { actor, service } from '@ateneo/service-kit/testing';
import { makeSigningKeys, TRUST_FILE } from '../../../libs/workspace/src/keys/signing-keys.js';
import { natsMissing, type RunningNats, startNats } from '../../../libs/workspace/src/nats.mjs';
import { natsPermissions } from '../../../libs/workspace/src/nats-permissions.js';

/** Three processes' platforms on one server, each with its own key and its own user of the bus. */
describe('processes on NATS', { skip: natsMissing() ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-processes-'));
  const names = ['identity', 'career', 'api-gateway'] as const;
  const platforms = new Map<string, Platform>();
  let server: RunningNats;
  let running: INestMicroservice;

  before(async () => {
    writeFileSync(
      join(folder, 'nats.conf'),
      natsPermissions((user) => `"word-of-${user}"`),
    );
    makeSigningKeys(folder, names);
    server = await startNats({ config: join(folder, 'nats.conf') });
    for (const name of names) platforms.set(name, await openPlatform(configOf(name), { service: name }));
    running = await startService('identity', IdentityModule, platforms.get('identity')!);
  });
  after(async () => {
    await running?.close();
    for (const platform of [...platforms.values()].reverse()) await platform.close();
    await server?.stop();
    rmSync(folder, { recursive: true, maxRetries: 3 });
  });

  const configOf = (name: string) =>
    readPlatformConfig({
      DATA_DIR: join(folder, name),
      SEED: 'empty',
      MASTER_KEY: 'ab'.repeat(32),
      LOG_LEVEL: 'silent',
      INSTANCE: name,
      BUS_URL: server.url.replace('//', `//${name}:word-of-${name}@`),
      SIGNING_KEY: `file:${join(folder, `${name}.key.pem`)}`,
      TRUSTED_KEYS: `file:${join(folder, TRUST_FILE)}`,
    });
  const administrator = actor('01980000-0000-7000-8000-000000000001', ['administrator', null]);
  const asks = async (process: (typeof names)[number], caller: Caller) => {
    const reply = await platforms.get(process)!.client.call(identity.names, { personIds: [] }, caller);
    return reply.ok ? 'done' : reply.problem.code;
  };

  test('a service asks in its own name what the contracts let it ask [arch:3]', async () =>
    assert.equal(await asks('career', service('career')), 'done'));

  test('a process on the bus can invent no actor and no other service [issue4:2]', async () => {
    for (const caller of [administrator, service('logbook'), service('api-gateway')])
      assert.equal(await asks('career', caller), 'passport-not-valid', JSON.stringify(caller));
  });

  test('the gateway asks in the name of an actor; what is for services alone it does not even get through [issue4:2]', async () => {
    const gateway = platforms.get('api-gateway')!;
    const listed = await gateway.client.call(identity.listPeople, {}, administrator);
    assert.ok(listed.ok, JSON.stringify(listed));
    assert.notEqual(await asks('api-gateway', administrator), 'done');
  });
});
