import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AteneoClient, ProblemError, SignInError } from '@ateneo/client';
import { identity, schoolNetwork } from '@ateneo/contracts';
import { administrator, newId, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';

describe('the typed client of a staff tool', () => {
  let running: Running;
  let client: AteneoClient;
  let credentials: { clientId: string; clientSecret: string };

  before(async () => {
    running = await startGatewayWithIdentity({ seed: 'empty' });
    credentials = await running.done(
      identity.createServiceAccount,
      { accountId: newId(), name: 'Data warehouse', schoolId: null },
      administrator,
    );
    client = new AteneoClient({ baseUrl: running.url, credentials });
  });
  after(() => running.close());

  test('signs in with client credentials and reads the feed page by page, each event once [arch:4]', async () => {
    const { personId } = await running.register('tutor', newId());
    const seen: string[] = [];
    for await (const page of client.eventsSince({ type: 'identity.' })) seen.push(...page.events.map(({ id }) => id));
    assert.equal(new Set(seen).size, seen.length);
    const page = await client.events({ type: 'identity.person-registered', limit: 1 });
    assert.equal(page.events.length, 1);
    const again = await client.events({ cursor: page.next, type: 'identity.person-registered' });
    assert.ok(
      again.events.some(({ data }) => (data as { personId: string }).personId === personId) ||
        (page.events[0]?.data as { personId: string }).personId === personId,
    );
  });

  test('a problem names its code, and the fields that are wrong [arch:3]', async () => {
    await assert.rejects(
      client.call(schoolNetwork.openSchool, { schoolId: newId(), code: 'CHIR', name: { it: 'a', en: 'b' }, area: 'surgical', years: 5 }),
      (error) => error instanceof ProblemError && (error.status === 403 || error.status === 503),
    );
    await assert.rejects(
      client.call(identity.listPeople, { page: 0 }),
      (error) => error instanceof ProblemError && error.status === 400 && error.problem.errors?.[0]?.pointer === '/page',
    );
    await assert.rejects(client.call(identity.names, { personIds: [] }), TypeError);
  });

  test('wrong credentials are refused by the realm [arch:3]', async () => {
    const wrong = new AteneoClient({ baseUrl: running.url, credentials: { ...credentials, clientSecret: 'not it' } });
    await assert.rejects(wrong.events(), SignInError);
  });
});
