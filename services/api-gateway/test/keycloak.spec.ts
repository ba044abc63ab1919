import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keycloakMissing } from '../../../libs/workspace/src/keycloak.mjs';
import { type KeycloakRealm, openRealm } from '../../../libs/workspace/src/keycloak-realm.mjs';
import { AccessTokens } from '../src/guard/access-tokens.client.js';
import { RelyingParty } from '../src/sign-in/relying-party.client.js';

const missing = keycloakMissing();
const publicUrl = 'http://localhost:3000';
const tool = 'account-0198c0de-0000-7000-8000-0000000000a1';

describe('the guard and the sign-in on a real Keycloak', { skip: missing }, () => {
  let keycloak: KeycloakRealm;
  let tokens: AccessTokens;
  before(
    async () => {
      keycloak = await openRealm();
      tokens = new AccessTokens({ issuer: keycloak.issuer, audience: 'ateneo-api' });
    },
    { timeout: 240_000 },
  );
  after(() => keycloak?.stop(), { timeout: 30_000 });

  const ofClient = async (clientId: string): Promise<string> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: 'development-only-secret' });
    const response = await fetch(`${keycloak.issuer}/protocol/openid-connect/token`, { method: 'POST', body });
    return ((await response.json()) as { access_token: string }).access_token;
  };

  test('a service account with the audience is told by its client id', async () => {
    assert.equal((await tokens.verify(await ofClient(tool)))?.subject, tool);
  });

  test('a token of the realm for somebody else is refused: the audience is checked', async () => {
    assert.equal(await tokens.verify(await ofClient('another-tool')), undefined);
  });

  test('a tampered twin is refused while the token itself is kept', async () => {
    const token = await ofClient(tool);
    assert.ok(await tokens.verify(token));
    const [head, body, signature] = token.split('.') as [string, string, string];
    const other = Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), azp: 'x' })).toString(
      'base64url',
    );
    assert.equal(await tokens.verify(`${head}.${other}.${signature}`), undefined);
  });

  test('a person signs in by code and PKCE, is told by the id of the university, and signs out', async () => {
    const party = new RelyingParty({ issuer: keycloak.issuer, reach: () => keycloak.issuer, publicUrl });
    const [verifier, state, nonce] = [party.newVerifier(), 'a-state', 'a-nonce'];
    const page = await fetch(party.authorizationUrl({ state, nonce, verifier, locale: 'it' }));
    const cookie = page.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const action = (/action="([^"]+)"/.exec(await page.text())?.[1] ?? '').replaceAll('&amp;', '&');
    const form = new URLSearchParams({ username: 'giulia.bianchi', password: 'development-only' });
    const landed = await fetch(action, { method: 'POST', body: form, headers: { cookie }, redirect: 'manual' });
    const callback = new URL(landed.headers.get('location') as string);
    assert.equal(`${callback.origin}${callback.pathname}`, `${publicUrl}/auth/callback`);
    assert.equal(callback.searchParams.get('state'), state);
    const code = callback.searchParams.get('code') as string;
    assert.equal(await party.redeem(code, 'another verifier that is long enough to be one, but wrong'), undefined);
    const again = await fetch(party.authorizationUrl({ state, nonce, verifier }), {
      headers: { cookie: [cookie, ...landed.headers.getSetCookie().map((one) => one.split(';')[0])].join('; ') },
      redirect: 'manual',
    });
    const redeemed = await party.redeem(new URL(again.headers.get('location') as string).searchParams.get('code') as string, verifier);
    assert.equal(redeemed?.nonce, nonce);
    const who = await tokens.verify(redeemed?.accessToken as string);
    assert.deepEqual([who?.subject, who?.username], ['0198c0de-0000-7000-8000-000000000001', 'giulia.bianchi']);
    assert.equal(await tokens.verify(redeemed?.idToken as string), undefined);
    const left = await fetch(party.logoutUrl(redeemed?.idToken as string), { redirect: 'manual' });
    assert.equal(left.headers.get('location'), `${publicUrl}/`);
  });

  test('keys are rotated: new tokens are good at once, old ones until they expire [arch:6]', async () => {
    const old = await ofClient(tool);
    const fresh = new AccessTokens({ issuer: keycloak.issuer, audience: 'ateneo-api' });
    assert.ok(await fresh.verify(old));
    await keycloak.administer('POST', '/components', {
      name: 'rotated',
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      config: { priority: ['200'], enabled: ['true'], active: ['true'], algorithm: ['RS256'] },
    });
    const token = await ofClient(tool);
    assert.notEqual(kidOf(token), kidOf(old));
    assert.equal((await fresh.verify(token))?.subject, tool);
    assert.equal((await fresh.verify(old))?.subject, tool);
  });

  test('a realm that hangs: known keys verify, the rest is told within a bound [arch:6]', async () => {
    const token = await ofClient(tool);
    const fresh = new AccessTokens({ issuer: keycloak.issuer, audience: 'ateneo-api' });
    assert.ok(await fresh.verify(await ofClient(tool)));
    const party = () => new RelyingParty({ issuer: keycloak.issuer, reach: () => keycloak.issuer, publicUrl, elsewhere: true });
    keycloak.hang();
    try {
      assert.ok(await fresh.verify(token));
      await assert.rejects(new AccessTokens({ issuer: keycloak.issuer, audience: 'ateneo-api' }).verify(token), away);
      assert.equal(await party().isAway(), true);
      await assert.rejects(party().redeem('a-code', 'a-verifier'), away);
    } finally {
      keycloak.wake();
    }
    assert.equal(await party().isAway(), false);
  });

  test('while the realm is down, known keys still verify [arch:6]', async () => {
    const [token, another] = [await ofClient(tool), await ofClient(tool)];
    const fresh = new AccessTokens({ issuer: keycloak.issuer, audience: 'ateneo-api' });
    assert.ok(await fresh.verify(token));
    await keycloak.stop();
    assert.ok(await fresh.verify(another));
    await assert.rejects(new AccessTokens({ issuer: keycloak.issuer, audience: 'ateneo-api' }).verify(token), away);
  });
});

const away = { name: 'ServerAwayError', code: 'identity-provider-away' };
const kidOf = (token: string): unknown =>
  (JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()) as { kid: unknown }).kid;
