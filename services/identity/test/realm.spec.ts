import 'reflect-metadata';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestMicroservice } from '@nestjs/common';
import { identity, type Operation, type Output, type RawInput } from '@ateneo/contracts';
import { uuidv7 } from '@ateneo/event-sourcing';
import { type Caller, openPlatform, type Platform, readPlatformConfig } from '@ateneo/service-kit';
import { keycloakMissing } from '../../../libs/workspace/src/keycloak.mjs';
import { type KeycloakRealm, openRealm } from '../../../libs/workspace/src/keycloak-realm.mjs';
import { startIdentity } from '../src/identity.module.js';

const newId = () => uuidv7(Date.now());
const profile = { profileId: newId(), role: 'administrator' as const, schoolId: null, from: '2020-01-01', to: null };
const administrator: Caller = { is: 'actor', actor: { id: newId(), kind: 'person', profiles: [profile], locale: 'it' } };
const WITHIN_MS = 30_000;
const FIRST_SECRET = 'p0123456789-abcdefghij';
const FOLLOW = 'accounts follow the people of identity';

type User = {
  readonly id: string;
  readonly username: string;
  readonly enabled: boolean;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly requiredActions: readonly string[];
  readonly attributes?: { readonly personId?: readonly string[] };
};

describe('the accounts of a real Keycloak, kept in step with the people of identity', { skip: keycloakMissing() }, () => {
  let folder = '';
  let keycloak: KeycloakRealm;
  let platform: Platform;
  let app: INestMicroservice;

  const start = async () => {
    platform = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'silent' }),
    );
    app = await startIdentity(platform);
  };
  const stop = async () => {
    await app?.close();
    await platform?.close();
  };
  before(
    async () => {
      folder = await mkdtemp(join(tmpdir(), 'ateneo-realm-'));
      keycloak = await openRealm({ name: 'ateneo-accounts' });
      const [client] = (await keycloak.administer('GET', '/clients?clientId=ateneo-identity')) as { id: string }[];
      const { value } = (await keycloak.administer('POST', `/clients/${client?.id}/client-secret`)) as { value: string };
      process.env['KEYCLOAK_ADMIN_URL'] = keycloak.adminUrl;
      process.env['KEYCLOAK_ADMIN_SECRET'] = value;
      process.env['FIRST_ADMINISTRATOR'] = 'rettorato@ateneo.example';
      process.env['FIRST_ADMINISTRATOR_SECRET'] = FIRST_SECRET;
      await start();
    },
    { timeout: 240_000 },
  );
  after(
    async () => {
      for (const name of Object.keys(process.env)) if (/^(KEYCLOAK_ADMIN|FIRST_ADMINISTRATOR)/.test(name)) delete process.env[name];
      await stop();
      await keycloak?.stop();
      await rm(folder, { recursive: true });
    },
    { timeout: 30_000 },
  );

  const accountProblems = (what: string) => platform.voice.of('identity').filter((row) => row.part === 'accounts' && row.what === what);
  const done = async <Op extends Operation>(operation: Op, input: RawInput<Op>): Promise<Output<Op>> => {
    const reply = await platform.client.call(operation, input, administrator);
    assert.ok(reply.ok, JSON.stringify(reply));
    return reply.output;
  };
  const register = async (username: string): Promise<string> => {
    const personId = newId();
    const [givenName, familyName] = ['Ada', 'Lovelace'];
    await done(identity.registerPerson, { personId, username, givenName, familyName, email: `${username}@ateneo.example` });
    return personId;
  };
  const grant = async (personId: string): Promise<string> => {
    const profileId = newId();
    await done(identity.grantProfile, { personId, profileId, role: 'tutor', schoolId: newId(), from: '2020-01-01' });
    return profileId;
  };
  const account = async (username: string): Promise<User | undefined> =>
    ((await keycloak.administer('GET', `/users?exact=true&briefRepresentation=false&username=${username}`)) as User[])[0];
  /** The account once `as` holds; fails with what it was last. */
  const becomes = async (username: string, as: (user: User | undefined) => boolean): Promise<User | undefined> => {
    let last = await account(username);
    for (const until = performance.now() + WITHIN_MS; !as(last) && performance.now() < until; last = await account(username))
      await pause(100);
    assert.ok(as(last), `${username} is ${JSON.stringify(last)}`);
    return last;
  };

  test('the first administrator gets one with a password that must be changed at the first sign-in, and only once [rev:dist-B3]', async () => {
    const first = await becomes('amministratore', (user) => user?.enabled === true);
    assert.deepEqual([first?.email, first?.requiredActions], ['rettorato@ateneo.example', ['UPDATE_PASSWORD']]);
    const passwords = async () => {
      const all = (await keycloak.administer('GET', `/users/${first?.id}/credentials`)) as { id: string; type: string }[];
      return all.filter(({ type }) => type === 'password').map(({ id }) => id);
    };
    assert.equal((await passwords()).length, 1);
    const own = { type: 'password', value: 'four words of ours', temporary: false };
    await keycloak.administer('PUT', `/users/${first?.id}/reset-password`, own);
    const changed = await passwords();
    await stop();
    await start();
    await becomes('amministratore', (user) => user?.id === first?.id && user?.requiredActions.length === 0);
    assert.deepEqual(await passwords(), changed);
  });

  test('who is registered gets one, without a password, that is open while a role is held [issue:4.2]', async () => {
    const personId = await register('ada.one');
    const closed = await becomes('ada.one', (user) => user?.enabled === false);
    assert.deepEqual([closed?.firstName, closed?.lastName, closed?.email], ['Ada', 'Lovelace', 'ada.one@ateneo.example']);
    assert.deepEqual(closed?.attributes?.personId, [personId]);
    assert.deepEqual(await keycloak.administer('GET', `/users/${closed?.id}/credentials`), []);
    const profileId = await grant(personId);
    await becomes('ada.one', (user) => user?.enabled === true);
    await done(identity.endProfile, { personId, profileId, to: '2020-12-31' });
    await becomes('ada.one', (user) => user?.enabled === false);
  });

  test('details that change, change there, and only they [issue:4.2]', async () => {
    const personId = await register('ada.two');
    const before = await becomes('ada.two', (user) => user !== undefined);
    const credentials = { type: 'password', value: 'four words of ada', temporary: false };
    await keycloak.administer('PUT', `/users/${before?.id}/reset-password`, credentials);
    await done(identity.changePersonDetails, {
      personId,
      givenName: 'Ada',
      familyName: 'King',
      email: 'king@ateneo.example',
      locale: 'it',
    });
    const after = await becomes('ada.two', (user) => user?.lastName === 'King');
    assert.deepEqual([after?.id, after?.email], [before?.id, 'king@ateneo.example']);
    assert.equal(((await keycloak.administer('GET', `/users/${after?.id}/credentials`)) as unknown[]).length, 1);
  });

  test('an account that is there under the name is taken over; one that is another person’s is not, which is told [issue:4.2] [rev:arch-5]', async () => {
    const there = await account('paolo.rossi');
    const personId = await register('paolo.rossi');
    const taken = await becomes('paolo.rossi', (user) => user?.attributes?.personId?.[0] === personId);
    assert.equal(taken?.id, there?.id);
    const other = newId();
    await keycloak.administer('POST', '/users', { username: 'ada.three', attributes: { personId: [other] }, enabled: true });
    const refusedId = await register('ada.three');
    await register('ada.four');
    await becomes('ada.four', (user) => user !== undefined);
    assert.deepEqual((await account('ada.three'))?.attributes?.personId, [other]);
    const [refused] = accountProblems(`account of ${refusedId}`);
    assert.deepEqual([refused?.goesOn, refused?.reason], [false, 'RealmRefusedError: the user name belongs to another person']);
  });

  test('an erased person’s is removed [issue:4.2]', async () => {
    const personId = await register('ada.five');
    await becomes('ada.five', (user) => user !== undefined);
    await done(identity.erasePerson, { personId, protocol: '0000123/2026' });
    await becomes('ada.five', (user) => user === undefined);
  });

  test('what happened while Keycloak did not answer is told, and made up for [arch:6] [rev:arch-5]', { timeout: 90_000 }, async () => {
    keycloak.hang();
    try {
      await register('ada.six');
      await pause(11_000); // longer than a request waits
      assert.equal(accountProblems(FOLLOW)[0]?.goesOn, true);
    } finally {
      keycloak.wake();
    }
    await becomes('ada.six', (user) => user !== undefined);
    for (const until = performance.now() + WITHIN_MS; accountProblems(FOLLOW)[0]?.goesOn && performance.now() < until;) await pause(100);
    assert.equal(accountProblems(FOLLOW)[0]?.goesOn, false);
  });

  test('a start puts right what was changed there, or went on here without it; whose person is not known is told [issue:4.2] [rev:arch-5]', async () => {
    const seven = await grant(await register('ada.seven')).then(() => becomes('ada.seven', (user) => user?.enabled === true));
    const six = await account('ada.six');
    await stop();
    await keycloak.administer('PUT', `/users/${seven?.id}`, { ...seven, lastName: 'Byron', enabled: false });
    await keycloak.administer('DELETE', `/users/${six?.id}`);
    await start();
    await becomes('ada.seven', (user) => user?.lastName === 'Lovelace' && user.enabled);
    await becomes('ada.six', (user) => user !== undefined);
    assert.ok(await account('giulia.bianchi'));
    assert.match(accountProblems('accounts of nobody')[0]?.reason ?? '', /^UnknownAccounts: \d+ with a personId/);
  });
});
