import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { exportJWK, type JWK, SignJWT } from 'jose';
import { AccessTokens } from '../src/guard/access-tokens.client.js';
import { AUDIENCE, IdentityProvider, REALM_PATH } from '../src/sign-in/identity-provider.client.js';
import { KeysFile } from '../src/sign-in/keys-file.client.js';

describe('the guard on tokens of the embedded realm', () => {
  let [folder, issuer] = ['', ''];
  let file: KeysFile;
  let server: Server;
  let provider: IdentityProvider;
  let token: string;
  let now = Date.now();
  const guard = (ownKeys = () => provider.jwks as never) => new AccessTokens({ issuer, audience: AUDIENCE, ownKeys, now: () => now });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ateneo-guard-'));
    file = new KeysFile(join(folder, 'api-gateway.keys.sqlite'), randomBytes(32));
    server = createServer((request, response) => void provider.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    issuer = `${publicUrl}${REALM_PATH}`;
    const findClient = async (clientId: string) =>
      clientId === 'tool' ? { clientId, checkSecret: async (given: string) => given === 'right' } : undefined;
    provider = new IdentityProvider({ publicUrl, file, findClient, signInsOf: async () => 0, onError: (error) => assert.fail(error) });
    token = await ask('tool', 'right');
  });
  after(async () => {
    server.close();
    file.close();
    await rm(folder, { recursive: true });
  });

  const ask = async (clientId: string, secret: string): Promise<string> => {
    const headers = { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` };
    const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };
  const forged = async (claims: Record<string, unknown>, { key, alg = 'RS256' }: { key?: JWK; alg?: string } = {}) => {
    const [own] = file.signingKeys();
    const at = Math.floor(Date.now() / 1000);
    const content = { typ: 'Bearer', sub: 'a', azp: 'x', iss: issuer, aud: AUDIENCE, iat: at, exp: at + 300, ...claims };
    return new SignJWT(content).setProtectedHeader({ alg, kid: own?.kid as string }).sign((key ?? (own as JWK)) as never);
  };

  test('a service account is told by its client id', async () => {
    assert.deepEqual((await guard().verify(token))?.subject, 'tool');
  });

  test('a wrong secret and an unknown client get no token', async () => {
    assert.equal(await ask('tool', 'wrong'), undefined);
    assert.equal(await ask('nobody', 'right'), undefined);
  });

  test('a tampered twin of a token that is kept is refused', async () => {
    const tokens = guard();
    assert.ok(await tokens.verify(token));
    const [head, body, signature] = token.split('.') as [string, string, string];
    const other = Buffer.from(
      JSON.stringify({ ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), sub: 'somebody-else' }),
    ).toString('base64url');
    assert.equal(await tokens.verify(`${head}.${other}.${signature}`), undefined);
    const last = signature.at(-5) === 'A' ? 'B' : 'A';
    assert.equal(await tokens.verify(`${head}.${body}.${signature.slice(0, -5)}${last}${signature.slice(-4)}`), undefined);
    assert.ok(await tokens.verify(token));
  });

  test('a token has three parts: what follows a good one is not passed over [rev:sec-low]', async () => {
    const tokens = guard();
    for (const tail of ['.anything', '.', '..', '.a.b.c']) assert.equal(await tokens.verify(`${token}${tail}`), undefined, tail);
    assert.equal(tokens.size, 0);
  });

  test('another audience, issuer, type, an expired one and one without expiry are refused', async () => {
    const tokens = guard();
    assert.ok(await tokens.verify(await forged({})));
    for (const claims of [
      { aud: 'another-api' },
      { aud: undefined },
      { iss: 'http://elsewhere/realms/ateneo' },
      { typ: 'ID' },
      { typ: undefined },
      { exp: 1 },
      { exp: undefined },
      { sub: undefined },
    ]) {
      assert.equal(await tokens.verify(await forged(claims)), undefined, JSON.stringify(claims));
    }
  });

  test('a token of another key, without a signature, or no token at all is refused', async () => {
    const tokens = guard();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    assert.equal(await tokens.verify(await forged({}, { key: { ...(await exportJWK(privateKey)), alg: 'RS256' } })), undefined);
    const [head, body] = (await forged({})).split('.') as [string, string];
    assert.equal(await tokens.verify(`${head}.${body}.`), undefined);
    assert.equal(await tokens.verify(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`), undefined);
    for (const text of ['', 'a', 'a.b.c', '..', 'x'.repeat(20_000)]) assert.equal(await tokens.verify(text), undefined);
  });

  test('a realm that signs with ES256 or EdDSA is understood; a token chooses no algorithm that its key has not, and no secret one [issue9:8]', async () => {
    const [curve, edwards, rsa] = [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('ed25519'),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ];
    const publicKeys = [
      { ...(await exportJWK(curve.publicKey)), kid: 'curve', use: 'sig' },
      { ...(await exportJWK(edwards.publicKey)), kid: 'edwards' },
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
      { ...(await exportJWK(rsa.publicKey)), kid: 'seals', use: 'enc' },
    ];
    const tokens = guard(() => ({ keys: publicKeys }) as never);
    const at = Math.floor(now / 1000);
    const signed = (alg: string, kid: string, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT({ typ: 'Bearer', sub: 'a', azp: 'x', iss: issuer, aud: AUDIENCE, iat: at, exp: at + 300 })
        .setProtectedHeader({ alg, kid })
        .sign(key);
    assert.equal((await tokens.verify(await signed('ES256', 'curve', curve.privateKey)))?.subject, 'a');
    assert.equal((await tokens.verify(await signed('EdDSA', 'edwards', edwards.privateKey)))?.subject, 'a');
    assert.equal((await tokens.verify(await signed('RS256', 'rsa', rsa.privateKey)))?.subject, 'a');
    const secret = new TextEncoder().encode(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const refused: [string, string, Parameters<SignJWT['sign']>[0]][] = [
      ['PS256', 'rsa', rsa.privateKey],
      ['RS256', 'seals', rsa.privateKey],
      ['RS256', 'curve', rsa.privateKey],
      ['HS256', 'rsa', secret],
    ];
    for (const [alg, kid, key] of refused) assert.equal(await tokens.verify(await signed(alg, kid, key)), undefined, `${alg} by ${kid}`);
  });

  test('a verified token is kept for at most 60 seconds and never past its expiry', async () => {
    let asked = 0;
    const tokens = guard(() => (asked++, provider.jwks as never));
    const short = await forged({ exp: Math.floor(now / 1000) + 30 });
    assert.ok(await tokens.verify(short));
    assert.equal(tokens.size, 1);
    now += 31_000;
    assert.equal(await tokens.verify(short), undefined);
    assert.equal(tokens.size, 0);
    now += 270_000;
    await tokens.verify(token);
    assert.equal(asked, 2);
  });

  test('kept tokens are dropped when the keys change, and a withdrawn key is no longer trusted', async () => {
    let keys = provider.jwks;
    const tokens = guard(() => keys as never);
    const lasting = await forged({ exp: Math.floor(now / 1000) + 3_600 });
    assert.ok(await tokens.verify(lasting));
    keys = { keys: [] };
    now += 301_000;
    assert.equal(await tokens.verify(lasting), undefined);
    assert.equal(tokens.size, 0);
  });

  test('the tokens kept are bounded, the oldest give way', async () => {
    const tokens = new AccessTokens({ issuer, audience: AUDIENCE, ownKeys: () => provider.jwks as never, most: 20 });
    for (let i = 0; i < 40; i++) assert.ok(await tokens.verify(await forged({ jti: String(i) })));
    assert.equal(tokens.size, 20);
  });

  test('keys are sealed with MASTER_KEY: another one is told, not silently replaced', () => {
    const other = new KeysFile(join(folder, 'api-gateway.keys.sqlite'), randomBytes(32));
    assert.throws(() => other.signingKeys(), /MASTER_KEY/);
    other.close();
  });

  test('an issuer that is no realm is told by the name of its variable', () => {
    assert.throws(
      () => new AccessTokens({ issuer: 'http://localhost/wrong', audience: AUDIENCE }),
      /OIDC_ISSUER holds "http:\/\/localhost\/wrong"/,
    );
  });
});
