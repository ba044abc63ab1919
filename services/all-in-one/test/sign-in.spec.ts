import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { identity } from '@ateneo/contracts';
import { administrator, Browser, newId, type Registered, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';

const secretOf = (link: string): string => new URL(link).searchParams.get('secret') as string;
const session = async (browser: Browser) =>
  ((await (await browser.go('/api/session')).json()) as { person: { id: string; name: string } | null }).person;

describe('sign-in in the demo', () => {
  let running: Running;
  let tutor: Registered;
  let trainee: Registered;
  before(async () => {
    running = await startGatewayWithIdentity();
    tutor = await running.register('tutor', newId());
    trainee = await running.register('trainee', newId());
  });
  after(() => running.close());
  const signIn = async (browser: Browser, username: string, to = '/home') =>
    browser.open(`/auth/sign-in?as=${username}&return=${encodeURIComponent(to)}`);

  test('one click signs a demo person in through code and PKCE and leads back', async () => {
    const browser = new Browser(running.url);
    const { at, visited } = await signIn(browser, tutor.username, '/trainees?sort=name');
    assert.equal(`${at.pathname}${at.search}`, '/trainees?sort=name');
    const authorization = new URL(visited[0] as string);
    assert.equal(authorization.pathname, '/realms/ateneo/protocol/openid-connect/auth');
    assert.equal(authorization.searchParams.get('code_challenge_method'), 'S256');
    assert.equal((await session(browser))?.id, tutor.personId);
  });

  test('the cookie is HttpOnly, SameSite=Lax, of the whole site, and another one after each sign-in', async () => {
    const browser = new Browser(running.url);
    await signIn(browser, tutor.username);
    const first = browser.cookies.get('ateneo_session');
    assert.equal(first?.attributes, 'Path=/; HttpOnly; SameSite=Lax');
    const stolen = new Browser(running.url);
    stolen.cookies.set('ateneo_session', { ...(first as NonNullable<typeof first>) });
    await signIn(browser, tutor.username);
    assert.notEqual(browser.cookies.get('ateneo_session')?.value, first?.value);
    assert.equal(await session(stolen), null);
  });

  test('another person can be picked in the same browser', async () => {
    const browser = new Browser(running.url);
    await signIn(browser, tutor.username);
    await signIn(browser, trainee.username);
    assert.equal((await session(browser))?.id, trainee.personId);
  });

  test('the sign-in page offers the demo people and works by form', async () => {
    const browser = new Browser(running.url);
    const { response, at } = await browser.open('/auth/sign-in?return=/home', { headers: { 'accept-language': 'en' } });
    const html = await response.text();
    assert.match(html, /lang="(it|en)"/);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.ok(html.includes(`value="${tutor.username}"`));
    const landed = await browser.open(at.href, { form: { as: tutor.username } });
    assert.equal(landed.at.pathname, '/home');
    assert.equal((await session(browser))?.id, tutor.personId);
  });

  for (const to of ['https://evil.example/', '//evil.example/', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)']) {
    test(`a return to ${JSON.stringify(to)} is refused`, async () => {
      const response = await new Browser(running.url).go(`/auth/sign-in?return=${encodeURIComponent(to)}`);
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as { code: string }).code, 'return-not-local');
    });
  }

  test('a code brought from another browser signs nobody in', async () => {
    const [victim, attacker] = [new Browser(running.url), new Browser(running.url)];
    const { visited } = await signIn(attacker, tutor.username);
    const callback = visited.find((one) => one.includes('/auth/callback')) as string;
    assert.equal((await victim.open(callback)).at.search, '?sign-in=expired');
    assert.equal(await session(victim), null);
  });

  test('an unsafe request with the cookie from another site is refused, a bearer needs no origin', async () => {
    const browser = new Browser(running.url);
    await signIn(browser, tutor.username);
    const put = (headers: Record<string, string>) =>
      browser.go('/api/me/language', {
        method: 'PUT',
        body: '{"locale":"en"}',
        headers: { 'content-type': 'application/json', ...headers },
      });
    const refused = await put({ 'sec-fetch-site': 'cross-site' });
    assert.equal(refused.status, 403);
    assert.equal(((await refused.json()) as { code: string }).code, 'cross-site-request');
    assert.equal((await put({})).status, 403);
    assert.equal((await put({ origin: 'https://evil.example' })).status, 403);
    assert.equal((await put({ 'sec-fetch-site': 'same-origin' })).status, 200);
    assert.equal((await put({ origin: running.url })).status, 200);
  });

  test("signing out ends the session and the provider's session", async () => {
    const browser = new Browser(running.url);
    await signIn(browser, tutor.username);
    assert.equal((await browser.go('/auth/sign-out', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
    const left = await browser.go('/auth/sign-out', { form: {} });
    assert.deepEqual([left.status, left.headers.get('location')], [303, '/']);
    assert.equal(await session(browser), null);
    const again = await browser.open('/auth/sign-in?return=/home');
    assert.match(again.at.pathname, /\/realms\/ateneo\/sign-in\//);
  });

  test('keys and sessions survive a restart', async () => {
    const browser = new Browser(running.url);
    await signIn(browser, tutor.username);
    const keys = await (await browser.go('/realms/ateneo/protocol/openid-connect/certs')).json();
    await running.restart();
    assert.equal((await session(browser))?.id, tutor.personId);
    assert.deepEqual(await (await browser.go('/realms/ateneo/protocol/openid-connect/certs')).json(), keys);
  });

  test('no token, key, name or session stands in clear in any file', async () => {
    const browser = new Browser(running.url);
    await signIn(browser, tutor.username);
    const cookie = browser.cookies.get('ateneo_session')?.value as string;
    for (const name of await readdir(running.platform.folder)) {
      if (name === 'files') continue;
      const bytes = await readFile(join(running.platform.folder, name));
      for (const text of [cookie, 'PRIVATE KEY', tutor.username, 'Cognome'])
        assert.equal(bytes.includes(text), false, `${text} stands in ${name}`);
    }
  });
});

describe('sign-in outside the demo', () => {
  let running: Running;
  let director: Registered;
  before(async () => {
    running = await startGatewayWithIdentity({ seed: 'empty' });
    director = await running.register('director', newId());
    const { link } = await running.done(identity.inviteToSignIn, { personId: director.personId });
    const response = await fetch(`${running.url}/api/passwords`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret: secretOf(link), password: 'una frase lunga e mia' }),
    });
    assert.equal(response.status, 200, await response.text());
  });
  after(() => running.close());

  test('nobody is offered, and the password decides', async () => {
    const browser = new Browser(running.url);
    const { response, at } = await browser.open(`/auth/sign-in?as=${director.username}&return=/home`);
    assert.equal((await response.text()).includes('name="as"'), false);
    const wrong = await browser.go(at.href, { form: { username: director.username, password: 'una frase lunga e altrui' } });
    assert.equal(wrong.status, 401);
    assert.match(await wrong.text(), /role="alert"/);
    const landed = await browser.open(at.href, { form: { username: director.username.toUpperCase(), password: 'una frase lunga e mia' } });
    assert.equal(landed.at.pathname, '/home');
    assert.equal((await session(browser))?.id, director.personId);
  });

  test('the link of an invitation leads to a page that sets the password, once', async () => {
    const { personId, username } = await running.register('tutor', newId());
    const { link } = await running.done(identity.inviteToSignIn, { personId });
    const browser = new Browser(running.url);
    const page = await browser.go(link);
    assert.match(await page.text(), /name="password" type="password" autocomplete="new-password"/);
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    const short = await browser.go('/auth/invitation', { form: { secret: secretOf(link), password: 'short' } });
    assert.equal(short.status, 400);
    const saved = await browser.go('/auth/invitation', { form: { secret: secretOf(link), password: 'una frase lunga e mia' } });
    assert.equal(saved.status, 200);
    assert.ok((await saved.text()).includes(username));
    assert.equal(
      (await browser.go('/auth/invitation', { form: { secret: secretOf(link), password: 'una frase lunga e mia' } })).status,
      422,
    );
    const { at } = await browser.open('/auth/sign-in?return=/home');
    await browser.open(at.href, { form: { username, password: 'una frase lunga e mia' } });
    assert.equal((await session(browser))?.id, personId);
  });

  test('passwords cannot be tried without end', async () => {
    const browser = new Browser(running.url);
    const { at } = await browser.open('/auth/sign-in?return=/home');
    const statuses = [];
    for (let i = 0; i < 12; i++)
      statuses.push((await browser.go(at.href, { form: { username: 'nobody', password: `guess ${i}` } })).status);
    assert.equal(statuses.at(-1), 429);
  });

  test('a service account gets a token with its secret, and acts as an integration', async () => {
    const { clientId, clientSecret } = await running.done(
      identity.createServiceAccount,
      { accountId: newId(), name: 'Tool' },
      administrator,
    );
    const token = (secret: string) =>
      fetch(`${running.url}/realms/ateneo/protocol/openid-connect/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    assert.equal((await token('wrong')).status, 401);
    const { access_token: bearer } = (await (await token(clientSecret)).json()) as { access_token: string };
    const answer = await fetch(`${running.url}/api/session`, { headers: { authorization: `Bearer ${bearer}` } });
    const { person } = (await answer.json()) as { person: { id: string; kind: string } };
    assert.deepEqual([person.id, person.kind], [clientId, 'service-account']);
    assert.equal((await fetch(`${running.url}/api/events`, { headers: { authorization: `Bearer ${bearer}` } })).status, 200);
  });
});
