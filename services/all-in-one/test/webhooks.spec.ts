import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { identity } from '@ateneo/contracts';
import { cloudEvent } from '@ateneo/contracts/asyncapi';
import { newId, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';

type View = { webhookId: string; clientId: string; state: string; waiting: number; deadLetters: number; lagEvents: number; url: string };
type Answered = { status: number; body: Record<string, unknown> & { code?: string; webhook: View; secret: string; reason?: string } };
type Call = (method: string, path: string, body?: object) => Promise<Answered>;
type Received = { headers: IncomingMessage['headers']; event: Record<string, unknown> };

describe('webhooks over HTTP [issue 4 §4]', () => {
  let running: Running;
  let tool: Call;
  let clientId: string;
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, event: JSON.parse(body) as Record<string, unknown> });
      response.writeHead(204).end();
    });
  });
  let url: string;

  before(async () => {
    running = await startGatewayWithIdentity({ seed: 'empty', webhooksAllowPrivate: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    ({ call: tool, clientId } = await account(running, null));
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await running.close();
  });

  const account = async (at: Running, schoolId: string | null) => {
    const credentials = await at.done(identity.createServiceAccount, { accountId: newId(), name: 'Tool', schoolId });
    const answer = await fetch(`${at.url}/realms/ateneo/protocol/openid-connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const call: Call = async (method, path, body) => {
      const response = await fetch(`${at.url}/api/webhooks${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        body: body && JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Answered['body'] };
    };
    return { call, clientId: credentials.clientId };
  };
  const registered = async (by: Call, more: object = {}) => {
    const webhookId = newId();
    const answered = await by('POST', '', { webhookId, url, types: ['identity.'], ...more });
    assert.equal(answered.status, 201, JSON.stringify(answered.body));
    return { webhookId, ...answered.body };
  };
  const refused = async (answered: Promise<Answered>, status: number, code: string) => {
    const { status: given, body } = await answered;
    assert.deepEqual([given, body.code], [status, code], JSON.stringify(body));
    return body;
  };
  const arrived = async (check: (one: Received) => boolean) => {
    for (const until = Date.now() + 10_000; ; await pause(10)) {
      const found = received.find(check);
      if (found) return found;
      assert.ok(Date.now() < until, 'never arrived');
    }
  };

  test('a service account registers its own; events arrive as CloudEvents that the schema describes', async () => {
    const { webhookId, webhook, secret } = await registered(tool);
    assert.match(secret, /^whsec_/);
    assert.deepEqual([webhook.webhookId, webhook.clientId, webhook.state, webhook.waiting], [webhookId, clientId, 'active', 0]);
    const { personId } = await running.register('tutor', newId());
    const { event, headers } = await arrived((one) => one.event['subject'] === `identityPerson-${personId}`);
    assert.deepEqual(cloudEvent.strict().parse(event), event);
    assert.equal(headers['webhook-id'], event['id']);
    const { body } = await tool('GET', `/${webhookId}/deliveries?state=delivered`);
    assert.ok((body['deliveries'] as { eventId: string }[]).some(({ eventId }) => eventId === event['id']));
    assert.equal((await tool('DELETE', `/${webhookId}`)).status, 200);
    await refused(tool('GET', `/${webhookId}`), 404, 'webhook-not-found');
  });

  test('another account finds nothing of it, and registers for itself alone', async () => {
    const { webhookId } = await registered(tool);
    const { call: other } = await account(running, null);
    assert.deepEqual((await other('GET', '')).body['webhooks'], []);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/deliveries'],
      ['POST', '/redelivery'],
      ['POST', '/secret'],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/test'],
    ] as const)
      await refused(other(method, `/${webhookId}${path}`), 404, 'webhook-not-found');
    await refused(other('POST', '', { webhookId: newId(), url, types: ['identity.'], clientId }), 403, 'forbidden');
    await tool('DELETE', `/${webhookId}`);
  });

  test('nobody without sign-in', async () => {
    assert.equal((await fetch(`${running.url}/api/webhooks`)).status, 401);
  });

  test('what is asked for wrongly is told by its field or rule', async () => {
    const asked = (more: object) => tool('POST', '', { webhookId: newId(), url, types: ['identity.'], ...more });
    await refused(asked({ types: ['nothing.'] }), 422, 'event-type-not-known');
    await refused(asked({ types: [] }), 400, 'invalid-input');
    await refused(asked({ webhookId: 'x' }), 400, 'invalid-input');
    await refused(asked({ url: 'ftp://tool.example/' }), 422, 'webhook-target-refused');
    await refused(asked({ types: ['logbook.'] }), 503, 'service-unavailable');
    const { webhookId } = await registered(tool);
    await refused(asked({ webhookId }), 409, 'id-already-used');
    await refused(tool('POST', `/${webhookId}/deliveries/${newId()}/redelivery`), 404, 'dead-letter-not-found');
    await tool('DELETE', `/${webhookId}`);
  });

  test('pause, resume, rotate, test; and the gateway may end and start in between', async () => {
    const { webhookId, secret } = await registered(tool);
    assert.equal((await tool('POST', `/${webhookId}/pause`)).body['state'], 'paused');
    const { personId } = await running.register('tutor', newId());
    await running.restart();
    assert.equal((await tool('GET', `/${webhookId}`)).body['state'], 'paused');
    const rotated = await tool('POST', `/${webhookId}/secret`);
    assert.notEqual(rotated.body.secret, secret);
    assert.equal((await tool('POST', `/${webhookId}/resume`)).body['state'], 'active');
    const { headers } = await arrived((one) => one.event['subject'] === `identityPerson-${personId}`);
    assert.equal(String(headers['webhook-signature']).split(' ').length, 2);
    assert.deepEqual((await tool('POST', `/${webhookId}/test`)).body, { delivered: true, status: 204, reason: 'delivered' });
    assert.equal(received.at(-1)?.event['type'], 'ateneo.webhook-tested.v1');
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    assert.match(metrics, new RegExp(`ateneo_webhook_dead_letters\\{[^}]*webhook="${webhookId}"[^}]*\\} 0`));
    assert.match(metrics, new RegExp(`ateneo_webhook_lag_events\\{[^}]*webhook="${webhookId}"[^}]*\\} \\d`));
    await tool('DELETE', `/${webhookId}`);
  });

  test('an account that is revoked is sent nothing more', async () => {
    const { webhookId } = await registered(tool);
    await running.done(identity.revokeServiceAccount, { accountId: clientId.replace('account-', '') });
    const { personId } = await running.register('tutor', newId());
    await pause(1_500);
    assert.equal(
      received.some(({ event }) => event['subject'] === `identityPerson-${personId}`),
      false,
    );
    await refused(tool('GET', `/${webhookId}`), 401, 'account-not-known');
  });

  test('outside tests and demo an address of this machine is refused', async () => {
    const strict = await startGatewayWithIdentity({ seed: 'empty' });
    try {
      const { call } = await account(strict, null);
      const given = { webhookId: newId(), types: ['identity.'] };
      assert.equal((await refused(call('POST', '', { ...given, url }), 422, 'webhook-target-refused')).reason, 'https-needed');
      const local = refused(call('POST', '', { ...given, url: 'https://127.0.0.1/' }), 422, 'webhook-target-refused');
      assert.equal((await local).reason, 'address-not-public');
    } finally {
      await strict.close();
    }
  });
});
