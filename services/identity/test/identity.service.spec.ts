import 'reflect-metadata';
import assert from 'node:assert/strict';
import { randomBytes, scryptSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { INestMicroservice } from '@nestjs/common';
import { identity, NAME_HOLDERS, type Operation, type Output, type RawInput } from '@ateneo/contracts';
import { uuidv7 } from '@ateneo/event-sourcing';
import { positionToken } from '@ateneo/messaging';
import { type Actor, type Caller, openPlatform, type Platform, readPlatformConfig, ServiceRuntime } from '@ateneo/service-kit';
import { inviteFirstAdministrator, startIdentity } from '../src/identity.module.js';

const secretOf = (link: string): string => new URL(link).searchParams.get('secret') as string;
/** As secrets were kept before argon2id: `salt.hash`. */
const oldHash = (secret: string): string => {
  const salt = randomBytes(16);
  return [salt, scryptSync(secret, salt, 32, { N: 16_384, r: 8, p: 1 })].map((part) => part.toString('base64url')).join('.');
};
const newId = () => uuidv7(Date.now());
const profile = (role: Actor['profiles'][number]['role'], schoolId: string | null): Actor['profiles'][number] => ({
  profileId: newId(),
  role,
  schoolId,
  from: '2020-01-01',
  to: null,
});
const administrator: Caller = {
  is: 'actor',
  actor: { id: newId(), kind: 'person', profiles: [profile('administrator', null)], locale: 'it' },
};
const gateway: Caller = { is: 'service', service: 'api-gateway' };
const as = (id: string): Caller => ({ is: 'actor', actor: { id, kind: 'person', profiles: [profile('trainee', newId())], locale: 'it' } });
const MASTER_KEY = 'ab'.repeat(32);

describe('identity, spoken to through its operations', () => {
  let folder: string;
  let platform: Platform;
  let app: INestMicroservice;

  const start = async () => {
    platform = await openPlatform(readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY, LOG_LEVEL: 'error' }));
    app = await startIdentity(platform);
  };
  const stop = async () => {
    await app.close();
    await platform.close();
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ateneo-identity-'));
    await start();
  });
  after(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  const ask = <Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller = administrator, commandId?: string) =>
    platform.client.call(operation, input, caller, { commandId });
  const done = async <Op extends Operation>(
    operation: Op,
    input: RawInput<Op>,
    caller: Caller = administrator,
    commandId?: string,
  ): Promise<Output<Op>> => {
    const reply = await ask(operation, input, caller, commandId);
    assert.ok(reply.ok, JSON.stringify(reply));
    return reply.output;
  };
  const refused = async <Op extends Operation>(operation: Op, input: RawInput<Op>, code: string, caller: Caller = administrator) => {
    const reply = await ask(operation, input, caller);
    assert.equal(reply.ok ? 'ok' : reply.problem.code, code);
  };
  let count = 0;
  const register = async (givenName = 'Giulia', familyName = 'Bianchi') => {
    const personId = newId();
    const username = `person.${++count}`;
    const { token } = await done(identity.registerPerson, {
      personId,
      username,
      givenName,
      familyName,
      email: `${username}@ateneo.example`,
    });
    return { personId, username, token };
  };
  const setPassword = async (personId: string, password: string) => {
    const { link } = await done(identity.inviteToSignIn, { personId });
    return done(identity.setPassword, { secret: secretOf(link), password }, gateway);
  };

  test('a person registered is found by name, by role and by user name', async () => {
    const { personId, username, token } = await register('Niccolò', 'Dell’Òrto');
    await done(identity.grantProfile, { personId, profileId: newId(), role: 'tutor', schoolId: newId(), from: '2026-01-01' });
    const { people } = await done(identity.listPeople, { search: 'niccolo dell’orto', after: token });
    assert.deepEqual(
      people.map((one) => one.personId),
      [personId],
    );
    const { actor } = await done(identity.findActor, { subject: username }, gateway);
    assert.equal(actor?.id, personId);
    assert.deepEqual(
      actor?.profiles.map(({ role }) => role),
      ['tutor'],
    );
  });

  test('two people cannot have one user name', async () => {
    const { username } = await register();
    await refused(
      identity.registerPerson,
      { personId: newId(), username, givenName: 'Altra', familyName: 'Persona', email: 'altra@ateneo.example' },
      'username-taken',
    );
  });

  test('a user name whose registration was refused stays free', async () => {
    const { personId } = await register();
    await refused(
      identity.registerPerson,
      { personId, username: 'name.of.nobody', givenName: 'X', familyName: 'Y', email: 'x@ateneo.example' },
      'id-already-used',
    );
    await done(identity.registerPerson, {
      personId: newId(),
      username: 'name.of.nobody',
      givenName: 'X',
      familyName: 'Y',
      email: 'x@ateneo.example',
    });
  });

  test('the same command sent again gives the first answer [arch:4]', async () => {
    const [personId, commandId] = [newId(), newId()];
    const input = { personId, username: 'sent.twice', givenName: 'A', familyName: 'B', email: 'a@ateneo.example' };
    assert.deepEqual(
      await done(identity.registerPerson, input, administrator, commandId),
      await done(identity.registerPerson, input, administrator, commandId),
    );
  });

  test('only an administrator registers people [res:C]', async () => {
    await refused(identity.registerPerson, identity.registerPerson.example, 'forbidden', as(newId()));
  });

  test('only the gateway may ask who acts, check passwords and look for clients [arch:3]', async () => {
    await refused(identity.findActor, { subject: newId() }, 'forbidden', administrator);
    await refused(identity.checkPassword, { username: 'a', password: 'b' }, 'forbidden', { is: 'service', service: 'logbook' });
    await refused(identity.findClient, { clientId: 'a' }, 'forbidden', administrator);
    await refused(identity.checkClientSecret, { clientId: 'a', clientSecret: 'b' }, 'forbidden', administrator);
  });

  test('profiles that have ended or not begun are not held [res:C]', async () => {
    const { personId } = await register();
    const schoolId = newId();
    await done(identity.grantProfile, { personId, profileId: newId(), role: 'tutor', schoolId, from: '2020-01-01', to: '2020-12-31' });
    await done(identity.grantProfile, { personId, profileId: newId(), role: 'director', schoolId, from: '2099-01-01' });
    assert.deepEqual((await done(identity.findActor, { subject: personId }, gateway)).actor?.profiles, []);
  });

  test('the signed-in person sees own name and chooses the language', async () => {
    const { personId } = await register('Anna', 'Verdi');
    await done(identity.changeMyLanguage, { locale: 'en' }, as(personId));
    const me = await done(identity.showMe, {}, as(personId));
    assert.deepEqual([me.givenName, me.familyName, me.locale], ['Anna', 'Verdi', 'en']);
  });

  test('an invitation sets a password once', async () => {
    const { personId, username } = await register();
    const { link } = await done(identity.inviteToSignIn, { personId });
    const secret = secretOf(link);
    assert.equal((await done(identity.setPassword, { secret, password: 'una frase lunga e mia' }, gateway)).username, username);
    await refused(identity.setPassword, { secret, password: 'un’altra frase lunga' }, 'invitation-not-valid', gateway);
    assert.equal((await done(identity.checkPassword, { username, password: 'una frase lunga e mia' }, gateway)).personId, personId);
    assert.equal((await done(identity.checkPassword, { username, password: 'una frase lunga e altrui' }, gateway)).personId, null);
    assert.equal((await done(identity.checkPassword, { username: 'nobody', password: 'una frase lunga e mia' }, gateway)).personId, null);
  });

  test('an invitation is valid for 30 minutes and only the last one', async () => {
    const { personId } = await register();
    const first = secretOf((await done(identity.inviteToSignIn, { personId })).link);
    const second = secretOf((await done(identity.inviteToSignIn, { personId })).link);
    await refused(identity.setPassword, { secret: first, password: 'una frase lunga e mia' }, 'invitation-not-valid', gateway);
    platform.clock.set(Date.now() + 31 * 60_000);
    await refused(identity.setPassword, { secret: second, password: 'una frase lunga e mia' }, 'invitation-not-valid', gateway);
    platform.clock.release();
  });

  test('a service account acts as an integration until it is revoked', async () => {
    const [accountId, schoolId] = [newId(), newId()];
    const { clientId, clientSecret } = await done(identity.createServiceAccount, { accountId, name: 'Data warehouse', schoolId });
    assert.deepEqual((await done(identity.findClient, { clientId }, gateway)).account, { accountId, name: 'Data warehouse' });
    assert.equal((await done(identity.checkClientSecret, { clientId, clientSecret }, gateway)).right, true);
    assert.equal((await done(identity.checkClientSecret, { clientId, clientSecret: `${clientSecret}x` }, gateway)).right, false);
    const { actor } = await done(identity.findActor, { subject: clientId }, gateway);
    assert.deepEqual([actor?.kind, actor?.profiles[0]?.role, actor?.profiles[0]?.schoolId], ['service-account', 'integration', schoolId]);
    await done(identity.revokeServiceAccount, { accountId });
    assert.equal((await done(identity.checkClientSecret, { clientId, clientSecret }, gateway)).right, false);
    assert.equal((await done(identity.findClient, { clientId }, gateway)).account, null);
    assert.equal((await done(identity.findActor, { subject: clientId }, gateway)).actor, null);
  });

  const row = (table: 'password' | 'account_secret', key: string): string => {
    const database = new DatabaseSync(join(folder, 'identity.keys.sqlite'));
    const column = table === 'password' ? 'person' : 'account';
    const { hash } = database.prepare(`SELECT hash FROM ${table} WHERE ${column} = ?`).get(key) as { hash: string };
    database.close();
    return hash;
  };
  const storeOld = (table: 'password' | 'account_secret', key: string, secret: string): void => {
    const database = new DatabaseSync(join(folder, 'identity.keys.sqlite'));
    const column = table === 'password' ? 'person' : 'account';
    database.prepare(`UPDATE ${table} SET hash = ? WHERE ${column} = ?`).run(oldHash(secret), key);
    database.close();
  };
  const ARGON = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/;

  test('a password is kept as argon2id, with what it cost beside it [tool:15]', async () => {
    const { personId } = await register();
    await setPassword(personId, 'una frase lunga e mia');
    assert.match(row('password', personId), ARGON);
  });

  test('a password kept in the old form is good, is kept in the new one from then on, and no session ends by that [tool:15]', async () => {
    const { personId, username } = await register();
    await setPassword(personId, 'una frase lunga e mia');
    storeOld('password', personId, 'una frase lunga e mia');
    const { signIns } = await done(identity.findActor, { subject: personId }, gateway);
    const check = async (password: string) => (await done(identity.checkPassword, { username, password }, gateway)).personId;
    assert.equal(await check('una frase lunga e altrui'), null);
    assert.doesNotMatch(row('password', personId), ARGON);
    assert.equal(await check('una frase lunga e mia'), personId);
    assert.match(row('password', personId), ARGON);
    assert.equal(await check('una frase lunga e mia'), personId);
    assert.equal((await done(identity.findActor, { subject: personId }, gateway)).signIns, signIns);
  });

  test('the secret of a service account is kept as a keyed hash; one kept in the old form is good, and kept so from then on [tool:15]', async () => {
    const accountId = newId();
    const { clientId, clientSecret } = await done(identity.createServiceAccount, { accountId, name: 'Tool' });
    const kept = row('account_secret', accountId);
    assert.match(kept, /^\$hmac-sha256\$[\w-]{43}$/);
    storeOld('account_secret', accountId, clientSecret);
    const check = async (secret: string) => (await done(identity.checkClientSecret, { clientId, clientSecret: secret }, gateway)).right;
    assert.equal(await check('wrong'), false);
    assert.equal(await check(clientSecret), true);
    assert.equal(row('account_secret', accountId), kept);
    assert.equal(await check(clientSecret), true);
  });

  test('a flood of sign-ins is told to come again, uses up no invitation, and is over when it is over [tool:15]', async () => {
    const { personId, username } = await register();
    const { link } = await done(identity.inviteToSignIn, { personId });
    const secret = secretOf(link);
    const flood = Array.from({ length: 200 }, () => ask(identity.checkPassword, { username, password: 'guess' }, gateway));
    const meanwhile = await ask(identity.setPassword, { secret, password: 'una frase lunga e mia' }, gateway);
    assert.deepEqual(meanwhile, { ok: false, problem: { status: 503, code: 'too-busy', details: { retryAfter: 2 } } });
    const replies = await Promise.all(flood);
    for (const reply of replies) assert.equal(reply.ok ? reply.output.personId : reply.problem.code, reply.ok ? null : 'too-busy');
    assert.ok(replies.filter((reply) => reply.ok).length >= 30);
    await done(identity.setPassword, { secret, password: 'una frase lunga e mia' }, gateway);
    assert.equal((await done(identity.checkPassword, { username, password: 'una frase lunga e mia' }, gateway)).personId, personId);
  });

  test('an erased person has no name, no sign-in and no role, and a key is never made again [res:C1.8]', async () => {
    const { personId, username } = await register('Rosalba', 'Cancellanda');
    await setPassword(personId, 'una frase lunga e mia');
    const { token } = await done(identity.erasePerson, { personId, protocol: '0000123/2026' });
    assert.equal((await done(identity.findActor, { subject: personId }, gateway)).actor, null);
    assert.equal((await done(identity.checkPassword, { username, password: 'una frase lunga e mia' }, gateway)).personId, null);
    assert.deepEqual((await done(identity.names, { personIds: [personId] }, { is: 'service', service: 'logbook' })).people, {
      [personId]: null,
    });
    assert.equal((await done(identity.listPeople, { search: 'Cancellanda', after: token })).total, 0);
    await refused(
      identity.changePersonDetails,
      { personId, givenName: 'Rosalba', familyName: 'Cancellanda', email: 'r@ateneo.example' },
      'person-erased',
    );
    await done(identity.erasePerson, { personId, protocol: '0000123/2026' });
  });

  test('an erasure is complete when every service that keeps names has answered [arch:4]', async () => {
    const { personId } = await register();
    await refused(identity.confirmForgotten, { personId, service: 'logbook' }, 'person-not-erased', { is: 'service', service: 'logbook' });
    await done(identity.erasePerson, { personId, protocol: '0000124/2026' });
    const answers = [];
    for (const service of NAME_HOLDERS)
      answers.push(await done(identity.confirmForgotten, { personId, service }, { is: 'service', service }));
    assert.ok(answers.at(-1)?.token);
    assert.equal(answers.at(-2)?.token, answers.at(0)?.token);
  });

  test('no name, address or user name stands in clear in any file [arch:4]', async () => {
    await register('Gioconda', 'Introvabile');
    await setPassword((await register('Gioconda', 'Introvabile')).personId, 'parola segretissima');
    for (const name of await readdir(folder)) {
      const bytes = await readFile(join(folder, name));
      for (const text of ['Gioconda', 'Introvabile', `person.${count}`, 'parola segretissima']) {
        assert.equal(bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')), false, `${text} stands in ${name}`);
      }
    }
  });

  test('a folder started empty gives one link for the first administrator until a password is set, also after a restart', async () => {
    const first = await inviteFirstAdministrator(app);
    assert.match(first ?? '', /^http:\/\/localhost:3000\/auth\/invitation\?secret=/);
    await stop();
    await start();
    const link = await inviteFirstAdministrator(app);
    const { username } = await done(identity.setPassword, { secret: secretOf(link ?? ''), password: 'una frase lunga e mia' }, gateway);
    const { personId } = await done(identity.checkPassword, { username, password: 'una frase lunga e mia' }, gateway);
    assert.deepEqual(
      (await done(identity.findActor, { subject: personId as string }, gateway)).actor?.profiles.map(({ role, schoolId }) => [
        role,
        schoolId,
      ]),
      [['administrator', null]],
    );
    assert.equal(await inviteFirstAdministrator(app), undefined);
  });

  test('outside the demo nobody is offered to sign in as', async () => {
    assert.deepEqual(await done(identity.listDemoPeople, {}, gateway), { people: [] });
  });
});

describe('an installation that nobody administers', () => {
  const EMAIL = 'rettorato@ateneo.example';
  const SECRET = 'p0123456789-abcdefghij';
  let folder: string;
  let platform: Platform;
  let app: INestMicroservice;

  const start = async (environment: Readonly<Record<string, string>>, first: Readonly<Record<string, string>>) => {
    Object.assign(process.env, first);
    try {
      platform = await openPlatform(
        readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY, LOG_LEVEL: 'silent', ...environment }),
      );
      app = await startIdentity(platform);
    } finally {
      for (const name of Object.keys(first)) delete process.env[name];
    }
  };
  const stop = async () => {
    await app.close();
    await platform.close();
  };
  const people = async () => {
    const { store } = app.get(ServiceRuntime, { strict: false });
    const after = positionToken({ service: 'identity', epoch: store.epoch, partition: 0, position: await store.head() });
    const reply = await platform.client.call(identity.listPeople, { after }, administrator);
    assert.ok(reply.ok);
    return (reply.output as Output<typeof identity.listPeople>).people;
  };
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ateneo-first-'))));
  afterEach(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  test('registers the one that FIRST_ADMINISTRATOR names, once, and lets in whoever has the secret, once [rev:dist-B3]', async () => {
    const first = { FIRST_ADMINISTRATOR: EMAIL, FIRST_ADMINISTRATOR_SECRET: SECRET };
    await start({}, first);
    await stop();
    await start({}, first);
    assert.deepEqual(
      (await people()).map(({ email, profiles }) => [email, profiles.map(({ role }) => role)]),
      [[EMAIL, ['administrator']]],
    );
    const setPassword = () => platform.client.call(identity.setPassword, { secret: SECRET, password: 'una frase lunga e mia' }, gateway);
    assert.deepEqual(await setPassword(), { ok: true, output: { username: 'amministratore' } });
    assert.equal((await setPassword()).ok, false);
    await stop();
    await start({}, first);
    assert.equal((await setPassword()).ok, false, 'the secret is void after a restart too');
    assert.equal((await people()).length, 1);
  });

  test('registers nobody where somebody administers already [rev:dist-B3]', async () => {
    await start({}, {});
    const personId = newId();
    const names = { username: 'rettrice', givenName: 'Ada', familyName: 'Rossi', email: 'ada@ateneo.example' };
    await platform.client.call(identity.registerPerson, { personId, ...names }, administrator);
    const granted = { personId, profileId: newId(), role: 'administrator' as const, schoolId: null, from: '2020-01-01' };
    assert.ok((await platform.client.call(identity.grantProfile, granted, administrator)).ok);
    await stop();
    await start({}, { FIRST_ADMINISTRATOR: EMAIL, FIRST_ADMINISTRATOR_SECRET: SECRET });
    assert.deepEqual(
      (await people()).map(({ email }) => email),
      ['ada@ateneo.example'],
    );
    assert.equal(await inviteFirstAdministrator(app), undefined);
  });

  test('where a realm elsewhere keeps passwords there is no link to set one here [rev:dist-B3]', async () => {
    await start({ OIDC_ISSUER: 'https://sso.ateneo.example/realms/ateneo' }, { FIRST_ADMINISTRATOR: EMAIL });
    assert.equal((await people()).length, 1);
    assert.equal(await inviteFirstAdministrator(app), undefined);
  });

  test('the erasure of the first administrator is no reason to register another, or not to start [rev:dist-B3]', async () => {
    const first = { FIRST_ADMINISTRATOR: EMAIL, FIRST_ADMINISTRATOR_SECRET: SECRET };
    await start({}, first);
    const [one] = await people();
    const erased = await platform.client.call(
      identity.erasePerson,
      { personId: one?.personId ?? '', protocol: '0000123/2026' },
      administrator,
    );
    assert.ok(erased.ok);
    await stop();
    await start({}, first);
    assert.deepEqual(
      (await people()).map(({ erased }) => erased),
      [true],
    );
    assert.equal(await inviteFirstAdministrator(app), undefined);
  });
});
