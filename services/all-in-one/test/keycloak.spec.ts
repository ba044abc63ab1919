import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { keycloakMissing } from '../../../libs/workspace/src/keycloak.mjs';
import { type KeycloakRealm, openRealm } from '../../../libs/workspace/src/keycloak-realm.mjs';
import { Browser, newId, type Registered, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';
import { freePort } from './running-platform.js';

const PASSWORD = 'four words of a tutor';
const REALM = 'ateneo-sign-in';

describe('sign-in with a real Keycloak', { skip: keycloakMissing() }, () => {
  let keycloak: KeycloakRealm;
  let running: Running;
  let tutor: Registered;
  let port = 0;
  before(async () => {
    port = await freePort();
    running = await startGatewayWithIdentity({ environment: { OIDC_ISSUER: `http://localhost:${port}/realms/${REALM}` } });
    tutor = await running.register('tutor', newId());
  });
  after(
    async () => {
      await running?.close();
      await keycloak?.stop();
    },
    { timeout: 30_000 },
  );
  const personOf = async (browser: Browser) =>
    ((await (await browser.go('/api/session')).json()) as { person: { id: string } | null }).person?.id;
  /** The page that says so; the gateway knows within two seconds. */
  const isAway = async (language: string): Promise<string> => {
    const ask = () => new Browser(running.url).go('/auth/sign-in?return=/entries', { headers: { 'accept-language': language } });
    let response = await ask();
    for (const until = performance.now() + 10_000; response.status !== 503 && performance.now() < until; await pause(200))
      response = await ask();
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '30']);
    return response.text();
  };
  /** What Keycloak says to name and password. */
  const begin = async (username: string) => {
    const [browser, realm] = [new Browser(running.url), new Browser(keycloak.url)];
    const { at } = await browser.open('/auth/sign-in?return=/entries');
    const page = await (await realm.go(at.href)).text();
    return { browser, realm, answer: await realm.go(actionOf(page), { form: { username, password: PASSWORD } }) };
  };
  const land = async (browser: Browser, answer: Response): Promise<Browser> => {
    const landed = await browser.open(answer.headers.get('location') as string);
    assert.equal(landed.at.pathname, '/entries');
    return browser;
  };
  const signIn = async (username = tutor.username): Promise<Browser> => {
    const { browser, answer } = await begin(username);
    return land(browser, answer);
  };
  const addUser = (username: string, more: Record<string, unknown> = {}) =>
    keycloak.administer('POST', '/users', {
      username,
      enabled: true,
      firstName: 'Nome',
      lastName: 'Cognome',
      email: `${username}@ateneo.example`,
      emailVerified: true,
      credentials: [{ type: 'password', value: PASSWORD, temporary: false }],
      ...more,
    });

  test('before Keycloak is there, a page says so, in the language of the browser [arch:6]', async () => {
    assert.match(await isAway('en'), /sign-in service of the university does not answer.*return=%2Fentries/s);
    assert.match(await isAway('it'), /Il servizio di accesso dell'università non risponde/);
  });

  test('once it is, a person of identity signs in there, known by the user name', { timeout: 240_000 }, async () => {
    keycloak = await openRealm({ name: REALM, port, publicUrl: running.url });
    await addUser(tutor.username);
    assert.equal(await personOf(await signIn()), tutor.personId);
  });

  test('where the realm calls a person otherwise, the attribute personId says who it is, and only an administrator may write it', async () => {
    await addUser('n.cognome', { attributes: { personId: [tutor.personId] } });
    assert.equal(await personOf(await signIn('n.cognome')), tutor.personId);
    const profile = (await keycloak.administer('GET', '/users/profile')) as {
      attributes: { name: string; permissions: { edit: string[] } }[];
    };
    assert.deepEqual(
      profile.attributes.filter(({ permissions }) => permissions.edit.includes('user')),
      [],
    );
  });

  test('an account issued to a vendor sets up a second factor at its first sign-in and gives it at each [issue:4.2]', async () => {
    await addUser('vendor.one', { groups: ['/vendors'], attributes: { personId: [tutor.personId] } });
    const first = await begin('vendor.one');
    const page = await (await follow(first.realm, first.answer)).text();
    const totpSecret = /name="totpSecret" value="([^"]+)"/.exec(page)?.[1] as string;
    const given = await first.realm.go(actionOf(page), { form: { totp: oneTimeCode(totpSecret), totpSecret, userLabel: '' } });
    assert.equal(await personOf(await land(first.browser, await untilAway(first.realm, given))), tutor.personId);
    const second = await begin('vendor.one');
    assert.equal(second.answer.status, 200);
    assert.match(await second.answer.text(), /name="otp"/);
  });

  test('while Keycloak hangs, who is signed in goes on, who signs out is told what stays open [arch:6]', async () => {
    const [stays, leaves] = [await signIn(), await signIn()];
    keycloak.hang();
    try {
      assert.equal(await personOf(stays), tutor.personId);
      assert.match(await isAway('en'), /Try again/);
      const left = await leaves.open('/auth/sign-out', { form: {} });
      assert.equal(left.at.pathname, '/auth/signed-out');
      assert.match(await left.response.text(), /chiudi il browser/);
      assert.equal(await personOf(leaves), undefined);
    } finally {
      keycloak.wake();
    }
    assert.ok(await signIn());
  });

  test('while Keycloak is stopped, running sessions outlast even a restart of the gateway [arch:6]', async () => {
    const browser = await signIn();
    await keycloak.stop();
    await running.restart();
    assert.equal(await personOf(browser), tutor.personId);
    await isAway('it');
  });
});

const actionOf = (page: string): string => (/action="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&');

/** Follows the realm's own redirects; ends at a page. */
async function follow(realm: Browser, answer: Response): Promise<Response> {
  for (let hops = 0; hops < 5 && answer.headers.has('location'); hops++) answer = await realm.go(answer.headers.get('location') as string);
  return answer;
}

/** Follows the realm's own redirects; ends at the one that leads to the portal. */
async function untilAway(realm: Browser, answer: Response): Promise<Response> {
  const leads = () => answer.headers.get('location') as string;
  for (let hops = 0; hops < 5 && leads().startsWith(realm.url); hops++) answer = await realm.go(leads());
  return answer;
}

/** RFC 6238 with SHA-1, 30 s and 6 digits. */
function oneTimeCode(secret: string): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const at = digest.readUInt8(19) & 0xf;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
