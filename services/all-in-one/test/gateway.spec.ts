import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { identity, logbook, subjectOf } from '@ateneo/contracts';
import { administrator, Browser, newId, type Registered, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';

type ProblemBody = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  reason?: string;
  correlationId: string;
  errors?: { pointer: string; code: string }[];
};

describe('the gateway', () => {
  let running: Running;
  let admin: Registered;
  let browser: Browser;
  const schoolId = newId();

  before(async () => {
    running = await startGatewayWithIdentity();
    admin = await running.register('administrator', null);
    browser = await signedIn(admin);
  });
  after(() => running.close());

  const signedIn = async ({ username }: Registered) => {
    const fresh = new Browser(running.url);
    await fresh.open(`/auth/sign-in?as=${username}&return=/home`);
    return fresh;
  };
  const send = (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    method = 'POST',
    by = browser,
  ) => by.go(path, { method, body, headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers } });
  const problem = async (response: Response, status: number, code: string): Promise<ProblemBody> => {
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
    const body = JSON.parse(text) as ProblemBody;
    assert.equal(body.code, code);
    return body;
  };
  const aPerson = () => ({ personId: newId(), username: `p${newId()}`, givenName: 'Ada', familyName: 'Neri', email: 'ada@ateneo.example' });
  const bearer = async (school: string | null) => {
    const { clientId, clientSecret } = await running.done(identity.createServiceAccount, {
      accountId: newId(),
      name: 'Tool',
      schoolId: school,
    });
    const headers = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
    const answer = await fetch(`${running.url}/realms/ateneo/protocol/openid-connect/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return { authorization: `Bearer ${((await answer.json()) as { access_token: string }).access_token}` };
  };
  /** What a raw connection answers before it is closed. */
  const raw = (text: string | ((write: (part: string) => boolean) => void)) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
      let answer = '';
      socket.on('data', (bytes: Buffer) => (answer += bytes.toString()));
      socket.on('close', () => resolve(answer));
      socket.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
      );
      socket.on('connect', () => (typeof text === 'string' ? socket.write(text) : text((part) => socket.write(part))));
    });

  describe('mounts the contracts', () => {
    test('a command goes in as JSON and its position comes out in body and header [arch:4]', async () => {
      const response = await send('/api/people', JSON.stringify(aPerson()), { 'idempotency-key': newId() });
      const { token } = (await response.json()) as { token: string };
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('x-position'), token);
      const people = await browser.go(`/api/people?search=Neri&after=${token}`);
      assert.equal(((await people.json()) as { total: number }).total >= 1, true);
    });

    test('the Idempotency-Key makes a repeat harmless and tells another content apart [arch:4]', async () => {
      const [person, key] = [aPerson(), newId()];
      const first = await (await send('/api/people', JSON.stringify(person), { 'idempotency-key': key })).json();
      assert.deepEqual(await (await send('/api/people', JSON.stringify(person), { 'idempotency-key': key })).json(), first);
      await problem(
        await send('/api/people', JSON.stringify({ ...person, email: 'other@ateneo.example' }), { 'idempotency-key': key }),
        422,
        'idempotency-key-reused',
      );
      await problem(
        await send('/api/people', JSON.stringify(person), { 'idempotency-key': 'not a uuid' }),
        400,
        'idempotency-key-not-valid',
      );
    });

    test('an Idempotency-Key is the same in upper and in lower case [rev:sec-15]', async () => {
      const [person, key] = [aPerson(), newId()];
      assert.equal((await send('/api/people', JSON.stringify(person), { 'idempotency-key': key.toUpperCase() })).status, 200);
      const other = JSON.stringify({ ...person, email: 'other@ateneo.example' });
      await problem(await send('/api/people', other, { 'idempotency-key': key }), 422, 'idempotency-key-reused');
    });

    test('each wrong field is named with its pointer and rule', async () => {
      const { errors } = await problem(
        await send('/api/people', JSON.stringify({ ...aPerson(), email: 'nowhere', givenName: undefined })),
        400,
        'invalid-input',
      );
      assert.deepEqual(errors?.map(({ pointer, code }) => [pointer, code]).sort(), [
        ['/email', 'format-email'],
        ['/givenName', 'required'],
      ]);
    });

    test('a refusal is a problem document in the language asked for, with the id of the request', async () => {
      const missing = `/api/people/${newId()}/erasure`;
      const italian = await problem(
        await send(missing, '{"protocol":"0000123/2026"}', { 'accept-language': 'it', 'x-correlation-id': 'my-request-0001' }),
        404,
        'person-not-found',
      );
      const english = await problem(
        await send(missing, '{"protocol":"0000123/2026"}', { 'accept-language': 'en-GB,en;q=0.9' }),
        404,
        'person-not-found',
      );
      assert.deepEqual([italian.title, english.title, italian.correlationId], ['Non trovato', 'Not found', 'my-request-0001']);
    });

    test('a request without a correlation id gets one of its own, in the header and in what it stores [rev:sec-2]', async () => {
      const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
      const answers = await Promise.all([1, 2].map(() => browser.go('/api/people')));
      const ids = answers.map(({ headers }) => headers.get('x-correlation-id') ?? '');
      for (const id of ids) assert.match(id, UUID);
      assert.notEqual(ids[0], ids[1]);
      const person = aPerson();
      const own = (await send('/api/people', JSON.stringify(person))).headers.get('x-correlation-id') ?? '';
      assert.match(own, UUID);
      const db = new DatabaseSync(`${running.platform.folder}/identity.events.sqlite`, { readOnly: true });
      const stored = db
        .prepare('SELECT meta FROM events JOIN streams ON streams.id = stream_id WHERE name = ?')
        .all(`identityPerson-${person.personId}`);
      db.close();
      assert.deepEqual(
        stored.map(({ meta }) => String(meta).includes(own)),
        [true],
      );
    });

    test('what stands in the path is not overruled by the body', async () => {
      const { personId } = await running.register('tutor', schoolId);
      await problem(
        await send(`/api/people/${newId()}/erasure`, JSON.stringify({ protocol: '0000001/2026', personId })),
        404,
        'person-not-found',
      );
    });

    test('without sign-in only public operations answer [arch:3]', async () => {
      const nobody = new Browser(running.url);
      const response = await nobody.go('/api/people');
      assert.equal(response.headers.get('www-authenticate'), 'Bearer');
      await problem(response, 401, 'sign-in-needed');
      assert.equal((await nobody.go('/api/demo-people')).status, 200);
      assert.deepEqual(await (await nobody.go('/api/session')).json(), { person: null });
    });

    test('a role that may not is told so [res:C]', async () => {
      await problem(
        await send('/api/people', JSON.stringify(aPerson()), {}, 'POST', await signedIn(await running.register('trainee', schoolId))),
        403,
        'forbidden',
      );
    });

    test('operations between services are not mounted [arch:3]', async () => {
      await problem(await send('/api/identity/find-actor', '{"subject":"x"}'), 404, 'route-not-found');
    });

    test('a service that does not answer is a problem, not a failure', async () => {
      await problem(await browser.go(`/api/trainees/${newId()}/counters`), 503, 'service-unavailable');
    });

    test('the interface describes itself', async () => {
      const document = (await (await browser.go('/openapi.json')).json()) as { openapi: string; paths: object };
      assert.match(document.openapi, /^3\.1/);
      assert.ok(Object.keys(document.paths).includes('/api/people'));
      const events = (await (await browser.go('/asyncapi.json')).json()) as { asyncapi: string; channels: object };
      assert.match(events.asyncapi, /^3\./);
      assert.ok(Object.keys(events.channels).includes('identity.person-registered.v1'));
      assert.equal((await browser.go('/health/ready')).status, 200);
      assert.match(await (await browser.go('/metrics')).text(), /ateneo_operation_duration_seconds/);
    });
  });

  describe('refuses hostile input within bounds', () => {
    test('malformed JSON, naming the position', async () => {
      assert.match((await problem(await send('/api/people', '{"personId":}'), 400, 'malformed-json')).reason ?? '', /position 12$/);
    });
    test('JSON nested too deeply', async () => {
      await problem(await send('/api/people', `${'['.repeat(100_000)}${']'.repeat(100_000)}`), 400, 'json-too-deep');
    });
    for (const body of ['{"__proto__":{"a":1}}', '{"a":{"\\u005f_proto__":1}}', '{"constructor":{"prototype":{}}}']) {
      test(`a key that reaches for prototypes: ${body}`, async () => {
        await problem(await send('/api/people', body), 400, 'forbidden-key');
      });
    }
    test('a body over 512 KiB', async () => {
      await problem(await send('/api/people', JSON.stringify({ a: 'x'.repeat(600_000) })), 413, 'body-too-large');
    });
    test('another content type', async () => {
      await problem(await send('/api/people', '<a/>', { 'content-type': 'text/xml' }), 415, 'unsupported-content-type');
      await problem(await send('/api/people', 'a,b', { 'content-type': 'text/csv' }), 415, 'unsupported-content-type');
    });
    test('JSON in another charset than UTF-8 [rev:sec-low]', async () => {
      const charset = (name: string) => ({ 'content-type': `application/json; charset=${name}` });
      await problem(await send('/api/people', '{}', charset('utf-16')), 415, 'unsupported-content-type');
      for (const name of ['utf-8', 'UTF-8', '"utf-8"']) await problem(await send('/api/people', '{}', charset(name)), 400, 'invalid-input');
    });
    test('a body that is no object', async () => {
      await problem(await send('/api/people', '[]'), 400, 'invalid-input');
      await problem(await send('/api/people', 'null'), 400, 'invalid-input');
    });
    test('a method that the address does not take, naming those it takes', async () => {
      const response = await send('/api/people', '{}', {}, 'PATCH');
      assert.equal(response.headers.get('allow'), 'GET, POST');
      await problem(response, 405, 'method-not-allowed');
    });
    test('an unknown address', async () => {
      await problem(await browser.go('/api/nothing-here'), 404, 'route-not-found');
    });
    test('a bearer that is no token', async () => {
      await problem(await fetch(`${running.url}/api/people`, { headers: { authorization: 'Bearer a.b.c' } }), 401, 'token-not-valid');
      await problem(await fetch(`${running.url}/api/people`, { headers: { authorization: 'Basic abc' } }), 401, 'token-not-valid');
    });
    test('headers without end', async () => {
      assert.match(await raw(`GET /api/session HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(64_000)}\r\n\r\n`), /^HTTP\/1.1 431/);
    });
    test('a body that is written slowly', async () => {
      assert.match(
        await raw('POST /api/people HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a"'),
        /^HTTP\/1.1 408|^$/,
      );
    });
    test('headers that are written slowly', async () => {
      assert.match(await raw('GET /api/session HTTP/1.1\r\nHost: x\r\nX-'), /^HTTP\/1.1 408|^$/);
    });
    test('an import over 20 MiB, and one that is no CSV', async () => {
      const path = `/api/logbook/imports?importId=${newId()}&schoolId=${schoolId}`;
      await problem(await send(path, '{}', { 'content-type': 'application/json' }), 415, 'unsupported-content-type');
      await problem(await send(path, new Uint8Array(20 * 1024 * 1024 + 1), { 'content-type': 'text/csv' }), 413, 'body-too-large');
    });
    test('verification codes cannot be tried without end', async () => {
      const statuses = [];
      for (let i = 0; i < 40; i++) statuses.push((await fetch(`${running.url}/api/verification?code=guess-${i}`)).status);
      assert.equal(statuses.at(-1), 429);
    });
  });

  describe('publishes the event feed', () => {
    type Page = {
      events: { id: string; type: string; subject: string; specversion: string; position: number; time: string }[];
      next: string;
      more: boolean;
    };
    const read = async (headers: Record<string, string>, query = ''): Promise<Page> => {
      const response = await fetch(`${running.url}/api/events?limit=3${query}`, { headers });
      assert.equal(response.status, 200);
      return (await response.json()) as Page;
    };

    test('in pages from an opaque cursor, each event once and in order', async () => {
      const tool = await bearer(null);
      const all: Page['events'] = [];
      for (let page = await read(tool); page.events.length > 0; page = await read(tool, `&cursor=${page.next}`)) all.push(...page.events);
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
      assert.ok(all.length > 5);
      assert.deepEqual(
        all.map(({ position }) => position),
        all.map(({ position }) => position).sort((a, b) => a - b),
      );
      assert.ok(
        all.every(
          ({ specversion, type, subject }) =>
            specversion === '1.0' && type.startsWith('identity.') && subject.startsWith('identityPerson-'),
        ),
      );
      const granted = await read(tool, '&type=identity.profile-');
      assert.ok(granted.events.every(({ type }) => type === 'identity.profile-granted.v1'));
      const one = await read(tool, `&subject=identityPerson-${admin.personId}`);
      assert.deepEqual(
        one.events.map(({ subject }) => subject),
        [`identityPerson-${admin.personId}`, `identityPerson-${admin.personId}`],
      );
    });

    test('identity is for the whole university only; without a profile there is nothing [res:E2.9]', async () => {
      assert.deepEqual((await read(await bearer(schoolId))).events, []);
      await problem(await fetch(`${running.url}/api/events`), 401, 'sign-in-needed');
    });

    test('a cursor that a client made up is refused', async () => {
      await problem(await fetch(`${running.url}/api/events?cursor=nonsense`, { headers: await bearer(null) }), 400, 'cursor-not-valid');
    });

    test('as server-sent events that resume where they were', async () => {
      const tool = await bearer(null);
      const listen = async (until: (text: string) => boolean, headers: Record<string, string> = {}) => {
        const stop = new AbortController();
        const response = await fetch(`${running.url}/api/events`, {
          headers: { ...tool, accept: 'text/event-stream', ...headers },
          signal: stop.signal,
        });
        let text = '';
        for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
          text += Buffer.from(chunk).toString();
          if (until(text)) break;
        }
        stop.abort();
        return text;
      };
      const text = await listen((so) => /^id: /m.test(so));
      const cursor = [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] as string;
      const waiting = listen((so) => so.includes('data: '), { 'last-event-id': cursor });
      const { personId } = await running.register('tutor', schoolId);
      const resumed = await waiting;
      const first = JSON.parse(/^data: (.+)$/m.exec(resumed)?.[1] as string) as { subject: string };
      assert.equal(first.subject, `identityPerson-${personId}`);
    });
  });

  test('an open stream does not hold up the end of the process', async () => {
    const headers = { ...(await bearer(null)), accept: 'text/event-stream' };
    const response = await fetch(`${running.url}/api/events`, { headers });
    const reading = response.text();
    await running.restart();
    assert.match(await reading, /^retry: /);
    browser = await signedIn(admin);
  });

  describe('tells pages live', () => {
    test('only what the page may ask for', async () => {
      const trainee = await signedIn(await running.register('trainee', schoolId));
      await problem(await trainee.go('/api/live?keys=secrets'), 400, 'keys-not-valid');
      await problem(await new Browser(running.url).go(`/api/live?keys=counters:${newId()}`), 401, 'sign-in-needed');
      await problem(await trainee.go(`/api/live?keys=counters:${newId()}`), 503, 'service-unavailable');
    });
  });

  test('the file of an import that its sender may not make is not taken in, whoever answers for imports [rev:sec-low]', async () => {
    const trainee = await signedIn(await running.register('trainee', schoolId));
    const response = await trainee.go(`/api/logbook/imports?importId=${newId()}&schoolId=${schoolId}`, {
      method: 'POST',
      body: 'external_id\n1\n',
      headers: { 'content-type': 'text/csv', 'sec-fetch-site': 'same-origin' },
    });
    await problem(response, 403, 'forbidden');
  });

  test('an import refused leaves no file behind', async () => {
    const response = await send(`/api/logbook/imports?importId=${newId()}&schoolId=${schoolId}`, 'external_id\n1\n', {
      'content-type': 'text/csv',
    });
    await problem(response, 503, 'service-unavailable');
    assert.deepEqual(await readdir(`${running.platform.folder}/files`), []);
  });

  test('an import of which nobody can say whether it was begun keeps its file; one that was refused does not [issue8:4]', async () => {
    const files = () => readdir(`${running.platform.folder}/files`);
    const upload = () =>
      send(`/api/logbook/imports?importId=${newId()}&schoolId=${schoolId}`, 'external_id\n1\n', {
        'content-type': 'text/csv',
        'idempotency-key': newId(),
      });
    const kept: number[] = [];
    for (const [answer, status] of [
      [() => ({ ok: false, problem: { status: 409, code: 'id-already-used' } }), 409],
      [() => new Promise<never>(() => undefined), 504],
      [() => Promise.reject(new Error('broken after it was stored')), 500],
    ] as const) {
      const stop = running.platform.bus.serve(subjectOf(logbook.startImport), 'logbook', answer);
      const before = (await files()).length;
      assert.equal((await upload()).status, status);
      kept.push((await files()).length - before);
      stop();
    }
    assert.deepEqual(kept, [0, 1, 1]);
  });

  test('what reaches no route is answered as a problem too: bad addresses, odd methods, heads too large [rev:sec-low]', async () => {
    await problem(await browser.go('/nothing.txt'), 404, 'route-not-found');
    const posted = await send('/home', '{}');
    await problem(posted, 405, 'method-not-allowed');
    assert.equal(posted.headers.get('allow'), 'GET, HEAD');
    const broken: readonly (readonly [string, number, string])[] = [
      ['GET /% HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 400, 'invalid-request'],
      ['PROPFIND /home HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 405, 'method-not-allowed'],
      [`GET / HTTP/1.1\r\nhost: a\r\nx-long: ${'a'.repeat(17_000)}\r\n\r\n`, 431, 'invalid-request'],
      ['no http at all\r\n\r\n', 400, 'invalid-request'],
    ];
    for (const [request, status, code] of broken) {
      const answer = await raw(request);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      assert.match(head, new RegExp(`^HTTP/1.1 ${status} `), request.slice(0, 40));
      assert.match(head, /content-type: application\/problem\+json/i);
      assert.equal((JSON.parse(body) as ProblemBody).code, code);
    }
  });

  test('figures are for the network the platform stands in, not for who comes through a proxy [rev:sec-low]', async () => {
    assert.equal((await browser.go('/metrics')).status, 200);
    for (const header of ['x-forwarded-for', 'forwarded'])
      await problem(await browser.go('/metrics', { headers: { [header]: 'for=198.51.100.7' } }), 404, 'route-not-found');
  });

  test('a person whose profile ended may no longer, without signing in again', async () => {
    const person = await running.register('administrator', null);
    const by = await signedIn(person);
    assert.equal((await by.go('/api/people')).status, 200);
    await running.done(identity.erasePerson, { personId: person.personId, protocol: '0000001/2026' }, administrator);
    for (let i = 0; i < 50 && (await by.go('/api/people')).status !== 401; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    await problem(await by.go('/api/people'), 401, 'sign-in-needed');
  });
});
