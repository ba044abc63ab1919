import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { identity } from '@ateneo/contracts';
import { Browser, newId, type Registered, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';

const RIGHT = 'una frase lunga e mia';

/** A browser at an address of its own, in front of the form that asks for a password. */
class Guest {
  readonly #browser: Browser;

  constructor(
    url: string,
    readonly address: string,
  ) {
    this.#browser = new Browser(url);
  }

  get #headers() {
    return { 'x-forwarded-for': this.address };
  }

  async arrive(): Promise<string> {
    return (await this.#browser.open('/auth/sign-in?return=/home', { headers: this.#headers })).at.href;
  }

  async tries(username: string, password: string, form?: string): Promise<number> {
    return (await this.answer(username, password, form)).status;
  }

  async answer(username: string, password: string, form?: string): Promise<Response> {
    const at = form ?? (await this.arrive());
    return this.#browser.go(at, { form: { username, password }, headers: this.#headers });
  }

  async signsIn(username: string): Promise<string | undefined> {
    const { response } = await this.#browser.open(await this.arrive(), { form: { username, password: RIGHT }, headers: this.#headers });
    assert.notEqual(response.status, 429);
    return ((await (await this.#browser.go('/api/session')).json()) as { person: { id: string } | null }).person?.id;
  }

  async leaves(): Promise<void> {
    assert.equal((await this.#browser.go('/auth/sign-out', { form: {} })).status, 303);
  }

  get device() {
    return this.#browser.cookies.get('ateneo_device');
  }
}

describe('tries at passwords', () => {
  let running: Running;
  let last = 0;
  before(async () => {
    running = await startGatewayWithIdentity({ seed: 'empty', trustedProxies: ['loopback'] });
  });
  after(() => running.close());

  const guest = () => new Guest(running.url, `198.51.100.${++last}`);
  const owner = async (): Promise<Registered> => {
    const registered = await running.register('tutor', newId());
    const { link } = await running.done(identity.inviteToSignIn, { personId: registered.personId });
    const secret = new URL(link).searchParams.get('secret') as string;
    await running.done(identity.setPassword, { secret, password: RIGHT }, { is: 'service', service: 'api-gateway' });
    return registered;
  };
  const statusesOf = async (count: number, username: string): Promise<number[]> => {
    const attacker = guest();
    const form = await attacker.arrive();
    const statuses = [];
    for (let i = 0; i < count; i++) statuses.push(await attacker.tries(username, `guess ${i}`, form));
    return statuses;
  };

  test('40 wrong passwords from one address keep nobody else from the account, neither a device that it knows nor a new one [rev:sec-12]', async () => {
    const { personId, username } = await owner();
    const known = guest();
    assert.equal(await known.signsIn(username), personId);
    await known.leaves();
    const statuses = await statusesOf(40, username);
    assert.ok(statuses.filter((status) => status === 429).length >= 30, String(statuses));
    assert.equal(await known.signsIn(username), personId);
    assert.equal(await guest().signsIn(username), personId);
  });

  test('an attack spread over many addresses is slowed, and the device of the owner is not [rev:sec-12]', async () => {
    const { personId, username } = await owner();
    const known = guest();
    assert.equal(await known.signsIn(username), personId);
    await known.leaves();
    const statuses = [];
    for (let i = 0; i < 30; i++) statuses.push(await guest().tries(username, 'guess'));
    assert.ok(statuses.filter((status) => status === 401).length <= 21, String(statuses));
    assert.equal(statuses.at(-1), 429);
    assert.equal(await known.signsIn(username), personId);
  });

  test('a name that nobody has is answered like one that somebody has [rev:sec-12]', async () => {
    const { username } = await owner();
    assert.deepEqual(await statusesOf(12, 'nobody.at.all'), await statusesOf(12, username));
  });

  test('while more sign in than can be hashed, whoever comes next is told when to come back [tool:15]', async () => {
    const { username } = await owner();
    const gateway = { is: 'service', service: 'api-gateway' } as const;
    let over = false;
    const floods = Array.from({ length: 60 }, async () => {
      for (; !over; await pause(5)) await running.platform.client.call(identity.checkPassword, { username, password: 'guess' }, gateway);
    });
    let answer = await guest().answer(username, RIGHT);
    // a place may be free in the moment in which one comes
    for (let i = 0; i < 10 && answer.status !== 503; i++) answer = await guest().answer(username, RIGHT);
    over = true;
    await Promise.all(floods);
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '2']);
    assert.equal(((await answer.json()) as { code: string }).code, 'too-busy');
  });

  test('the cookie of a known device names nobody, is for the sign-in alone, and no script reads it [rev:sec-12]', async () => {
    const { username, personId } = await owner();
    const known = guest();
    await known.signsIn(username);
    assert.match(known.device?.attributes ?? '', /^Path=\/realms\/ateneo\/sign-in; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    assert.ok(![username, personId].some((text) => known.device?.value.includes(text)));
  });
});
