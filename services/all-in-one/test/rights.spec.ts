import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { identity, type Role } from '@ateneo/contracts';
import { Browser, newId, type Registered, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';

/** A stream of server-sent events that is read all the time. */
class Reader {
  readonly #stop = new AbortController();
  text = '';
  ended = false;
  readonly #reading: Promise<void>;

  private constructor(readonly response: Response) {
    this.#reading = this.#read();
  }

  static async open(go: (signal: AbortSignal) => Promise<Response>): Promise<Reader> {
    const stop = new AbortController();
    const reader = new Reader(await go(stop.signal));
    reader.#stop.signal.addEventListener('abort', () => stop.abort());
    return reader;
  }

  async until(met: (text: string) => boolean): Promise<void> {
    while (!met(this.text) && !this.ended) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(met(this.text), this.text);
  }

  async end(): Promise<string> {
    await this.#reading;
    return this.text;
  }

  close(): void {
    this.#stop.abort();
  }

  async #read(): Promise<void> {
    try {
      for await (const chunk of this.response.body as unknown as AsyncIterable<Uint8Array>) this.text += Buffer.from(chunk).toString();
    } catch (error) {
      assert.ok(this.#stop.signal.aborted, String(error));
    } finally {
      this.ended = true;
    }
  }
}

const problemOf = (text: string): string | undefined => /^event: problem\ndata: \{"code":"([\w-]+)"\}$/m.exec(text)?.[1];
const secretOf = (link: string): string => new URL(link).searchParams.get('secret') as string;

describe('rights that were taken away', () => {
  let running: Running;
  const schoolId = newId();
  before(async () => {
    running = await startGatewayWithIdentity();
  });
  after(() => running.close());

  const signedIn = async ({ username }: Pick<Registered, 'username'>): Promise<Browser> => {
    const browser = new Browser(running.url);
    await browser.open(`/auth/sign-in?as=${username}&return=/home`);
    return browser;
  };
  const feed = (go: (path: string, init: RequestInit) => Promise<Response>): Promise<Reader> =>
    Reader.open((signal) => go('/api/events', { headers: { accept: 'text/event-stream' }, signal }));
  const follow = (browser: Browser): Promise<Reader> => feed((path, init) => browser.go(path, init));
  const grant = async (personId: string, role: Role, at: string | null): Promise<string> => {
    const profileId = newId();
    await running.done(identity.grantProfile, { personId, profileId, role, schoolId: at, from: '2020-01-01' });
    return profileId;
  };
  const take = (personId: string, profileId: string) => running.done(identity.endProfile, { personId, profileId, to: '2020-01-02' });
  const session = async (browser: Browser) =>
    ((await (await browser.go('/api/session')).json()) as { person: { id: string } | null }).person;
  const account = async (school: string | null) => {
    const accountId = newId();
    const { clientId, clientSecret } = await running.done(identity.createServiceAccount, { accountId, name: 'Tool', schoolId: school });
    const answer = await fetch(`${running.url}/realms/ateneo/protocol/openid-connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const go = (path: string, init: RequestInit = {}) =>
      fetch(`${running.url}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
    return { accountId, go };
  };

  test('a feed narrows and widens with the profiles of its reader, while it is open [rev:sec-3]', async () => {
    const person = await running.register('director', schoolId);
    const wide = await grant(person.personId, 'university-secretariat', null);
    const reader = await follow(await signedIn(person));
    await reader.until((text) => text.includes(person.personId));
    await take(person.personId, wide);
    const before = reader.text.length;
    const unseen = await running.register('tutor', schoolId);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    assert.equal(reader.text.slice(before).includes(unseen.personId), false);
    await grant(person.personId, 'university-secretariat', null);
    const seen = await running.register('tutor', schoolId);
    await reader.until((text) => text.includes(seen.personId));
    assert.equal(reader.text.includes(unseen.personId), false);
    assert.equal(problemOf(reader.text), undefined);
    reader.close();
  });

  test('a feed ends with a problem once its reader has no profile any more [rev:sec-3]', async () => {
    const person = await running.register('trainee', schoolId);
    const mine = await running.done(identity.findActor, { subject: person.personId }, { is: 'service', service: 'api-gateway' });
    const reader = await follow(await signedIn(person));
    await reader.until((text) => text.startsWith('retry:'));
    await take(person.personId, mine.actor?.profiles[0]?.profileId as string);
    assert.equal(problemOf(await reader.end()), 'forbidden');
  });

  test('it ends as well where the word of the change was lost [rev:sec-3]', async () => {
    const person = await running.register('trainee', schoolId);
    const mine = await running.done(identity.findActor, { subject: person.personId }, { is: 'service', service: 'api-gateway' });
    const reader = await follow(await signedIn(person));
    const { bus } = running.platform;
    const broadcast = bus.broadcast.bind(bus);
    bus.broadcast = () => undefined;
    try {
      await take(person.personId, mine.actor?.profiles[0]?.profileId as string);
      assert.equal(problemOf(await reader.end()), 'forbidden');
    } finally {
      bus.broadcast = broadcast;
    }
  });

  test('signing out ends the streams of that session, not those of another one [rev:sec-3]', async () => {
    const person = await running.register('director', schoolId);
    const [leaving, staying] = [await signedIn(person), await signedIn(person)];
    const [ending, going] = [await follow(leaving), await follow(staying)];
    await leaving.go('/auth/sign-out', { form: {} });
    assert.equal(problemOf(await ending.end()), 'sign-in-needed');
    assert.equal(going.ended, false);
    going.close();
  });

  test("signing out ends the provider's session from here, though the browser goes nowhere [rev:sec-low]", async () => {
    const browser = await signedIn(await running.register('director', schoolId));
    assert.equal((await browser.go('/auth/sign-out', { form: {} })).headers.get('location'), '/');
    assert.match((await browser.open('/auth/sign-in?return=/home')).at.pathname, /\/realms\/ateneo\/sign-in\//);
  });

  test('an erased person has neither session nor stream nor sign-in left [rev:sec-13]', async () => {
    const person = await running.register('director', schoolId);
    const browser = await signedIn(person);
    const reader = await follow(browser);
    await running.done(identity.erasePerson, { personId: person.personId, protocol: '0000001/2026' });
    assert.equal(problemOf(await reader.end()), 'sign-in-needed');
    assert.equal(await session(browser), null);
    assert.match((await browser.open('/auth/sign-in?return=/home')).at.pathname, /\/realms\/ateneo\/sign-in\//);
  });

  test('a changed password ends every session of the person, the one at the provider too, and of nobody else [rev:sec-13]', async () => {
    const [person, other] = [await running.register('director', schoolId), await running.register('director', schoolId)];
    const [thief, bystander] = [await signedIn(person), await signedIn(other)];
    const reader = await follow(thief);
    const choose = async (password: string) => {
      const { link } = await running.done(identity.inviteToSignIn, { personId: person.personId });
      const saved = await new Browser(running.url).go('/auth/invitation', { form: { secret: secretOf(link), password } });
      assert.equal(saved.status, 200);
    };
    await choose('una frase lunga e mia');
    assert.equal(problemOf(await reader.end()), 'sign-in-needed');
    assert.equal(await session(thief), null);
    assert.match((await thief.open('/auth/sign-in?return=/home')).at.pathname, /\/realms\/ateneo\/sign-in\//);
    assert.equal((await session(bystander))?.id, other.personId);
    const again = await signedIn(person);
    assert.equal((await session(again))?.id, person.personId);
    await choose('un’altra frase lunga e mia');
    assert.equal(await session(again), null);
  });

  test('a service account is over as it is revoked: its token and its stream [rev:sec-low]', async () => {
    const { accountId, go } = await account(null);
    assert.equal((await go('/api/events')).status, 200);
    const reader = await feed(go);
    await running.done(identity.revokeServiceAccount, { accountId });
    assert.equal((await go('/api/events')).status, 401);
    assert.equal(problemOf(await reader.end()), 'account-not-known');
  });

  test('a code that comes twice voids the token that it gave first [rev:sec-low]', async () => {
    const browser = await signedIn(await running.register('director', schoolId));
    const verifier = randomBytes(48).toString('base64url');
    const realm = '/realms/ateneo/protocol/openid-connect';
    const parameters = {
      client_id: 'ateneo-portal',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${running.url}/auth/callback`,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    const sent = await browser.go(`${realm}/auth?${new URLSearchParams(parameters)}`);
    const code = new URL(sent.headers.get('location') as string).searchParams.get('code') as string;
    const redeem = () =>
      fetch(`${running.url}${realm}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'ateneo-portal',
          redirect_uri: parameters.redirect_uri,
          code_verifier: verifier,
          code,
        }),
      });
    const { access_token: token } = (await (await redeem()).json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await fetch(`${running.url}/api/events`, { headers })).status, 200);
    assert.equal((await redeem()).status, 400);
    assert.equal((await fetch(`${running.url}/api/events`, { headers })).status, 401);
  });

  test('one account has a few streams at a time, the other places stay for others [rev:sec-16]', async () => {
    const greedy = await signedIn(await running.register('trainee', schoolId));
    const readers = await Promise.all(Array.from({ length: 4 }, () => follow(greedy)));
    const refused = await greedy.go('/api/events', { headers: { accept: 'text/event-stream' } });
    assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [429, 'too-many-requests']);
    assert.ok(refused.headers.has('retry-after'));
    assert.equal((await greedy.go('/api/events')).status, 200);
    const other = await follow(await signedIn(await running.register('trainee', schoolId)));
    assert.equal(other.response.status, 200);
    readers[0]?.close();
    for (let status = 429; status === 429;) {
      const next = await follow(greedy);
      status = next.response.status;
      next.close();
    }
    for (const reader of [...readers, other]) reader.close();
  });

  test('the cursor and the events of a trainee do not tell how much others do [rev:sec-low]', async () => {
    const trainee = await signedIn(await running.register('trainee', schoolId));
    const read = async (query = '') => {
      const answer = await trainee.go(`/api/events${query}`);
      assert.equal(answer.status, 200);
      return (await answer.json()) as { next: string; events: object[] };
    };
    const { next } = await read();
    const clear = Buffer.from(next, 'base64url').toString('latin1');
    assert.equal(/identity|\[\[/.test(clear), false, clear);
    assert.ok((await read(`?cursor=${next}`)).next);
    const altered = await trainee.go(`/api/events?cursor=${next.slice(0, -4)}AAAA`);
    assert.equal(altered.status, 400);
  });

  for (const keys of ['__proto__:x', 'constructor', 'toString', 'hasOwnProperty:y'])
    test(`a page cannot follow ${keys} [rev:sec-low]`, async () => {
      const answer = await (await signedIn(await running.register('trainee', schoolId))).go(`/api/live?keys=${keys}`);
      assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [400, 'keys-not-valid']);
    });
});
