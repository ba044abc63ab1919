import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { INestMicroservice } from '@nestjs/common';
import { logbookEvents, operator } from '@ateneo/contracts';
import { ReportingModule } from '@ateneo/reporting';
import { askInstance, type Caller, ServiceRuntime, startReactions, startService } from '@ateneo/service-kit';
import { actor, Neighbour, service } from '@ateneo/service-kit/testing';
import { Browser, newId, type Registered, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';

type Status = operator.PlatformStatus;
type Parked = Status['instances'][number]['parked'][number];

describe('the operator', () => {
  let running: Running;
  let reporting: INestMicroservice;
  let admin: Browser;
  const neighbours: Neighbour[] = [];
  const entry = logbookEvents.entryRecorded.example as never as Parameters<Neighbour['tell']>[2] & { entryId: string; traineeId: string };

  before(async () => {
    running = await startGatewayWithIdentity();
    for (const name of ['school-network', 'career', 'logbook']) neighbours.push(await Neighbour.open(name, running.platform));
    reporting = await startService('reporting', ReportingModule, running.platform);
    admin = await signedIn(await running.register('administrator', null));
    const logbook = neighbours[2] as Neighbour;
    await logbook.tell(logbookEvents.entryRecorded, entry.entryId, entry as never);
    await logbook.tell(logbookEvents.entryRecorded, entry.entryId, entry as never);
  });
  after(async () => {
    await reporting.close();
    for (const neighbour of neighbours) await neighbour.close();
    await running.close();
  });

  const signedIn = async ({ username }: Registered) => {
    const browser = new Browser(running.url);
    await browser.open(`/auth/sign-in?as=${username}&return=/home`);
    return browser;
  };
  const status = async (): Promise<Status> => {
    const response = await admin.go('/api/operator/status');
    assert.equal(response.status, 200);
    return operator.platformStatus.parse(await response.json());
  };
  const act = async (path: string, body: object, site = 'same-origin') => {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': site };
    const response = await admin.go(`/api/operator/parked/${path}`, { method: 'POST', body: JSON.stringify(body), headers });
    return { status: response.status, body: (await response.json()) as { code?: string; left?: number; errors?: unknown[] } };
  };
  const parked = async (): Promise<Parked> => {
    for (let attempt = 0; attempt < 20; attempt++) {
      const found = (await status()).instances.find(({ service }) => service === 'reporting')?.parked[0];
      if (found?.waiting === 2) return found;
    }
    return assert.fail('nothing was parked');
  };

  test('sees every process, what is absent, how far projections are and what waits aside [issue4:5]', async () => {
    const { reason, key, why, projection } = await parked();
    const { instances, absent, eventTypes } = await status();
    assert.deepEqual(
      instances.map(({ service, answers, ready }) => [service, answers, ready]),
      [
        ['api-gateway', true, true],
        ['identity', true, true],
        ['reporting', true, true],
      ],
    );
    assert.deepEqual(absent, ['school-network', 'career', 'logbook']);
    assert.ok(eventTypes.includes('logbook.entry-recorded.v1'));
    assert.deepEqual([key, why], [entry.traineeId, 'not-known-yet']);
    assert.match(reason, /\S/);
    const folding = instances[2]?.projections.find((one) => one.projection === projection);
    assert.equal(folding?.parked, 2);
    assert.ok(folding?.origins.some(({ origin, events }) => origin === 'logbook' && events === 0));
    assert.deepEqual(instances[1]?.publisher, { mappingVersion: 1, events: 0, reason: null });
  });

  test('an instance that ended is told of as one that does not answer [issue4:5]', async () => {
    const { bus } = running.platform;
    const [told] = (await status()).instances;
    const stop = bus.onBroadcast('status-asked', (message) =>
      bus.broadcast(`status-told.${(message as { id: string }).id}`, { ...told, service: 'career', instance: 'gone' }),
    );
    assert.ok((await status()).instances.some(({ instance, answers }) => instance === 'gone' && answers));
    stop();
    const after = await status();
    assert.ok(after.instances.some(({ instance, answers }) => instance === 'gone' && !answers));
    assert.ok(after.absent.includes('career'));
  });

  test('only an administrator of the university, from a page of this site [arch:3]', async () => {
    const tutor = await signedIn(await running.register('tutor', newId()));
    assert.equal((await tutor.go('/api/operator/status')).status, 403);
    assert.equal((await fetch(`${running.url}/api/operator/status`)).status, 401);
    const { projection, key } = await parked();
    assert.deepEqual((await act('retry', { service: 'reporting', projection, key }, 'cross-site')).body.code, 'cross-site-request');
  });

  test('on the bus nobody acts without the passport of an administrator [issue4:2]', async () => {
    const { projection, key } = await parked();
    const at = { service: 'reporting', instance: running.platform.leases.instance };
    const asks = async (caller: Caller) => {
      const reply = await askInstance(running.platform, at, { projection, key }, caller, newId());
      return reply.ok ? 'done' : reply.problem.code;
    };
    assert.equal(await asks(service('career')), 'forbidden');
    assert.equal(await asks(actor(newId(), ['tutor', null])), 'forbidden');
    assert.equal(await asks(actor(newId(), ['administrator', newId()])), 'forbidden');
    assert.equal(await asks(actor(newId(), ['administrator', null])), 'done');
    const forged = { i: JSON.stringify({ projection, key }), p: '{"is":"service"}', x: Date.now() + 1_000, s: 'AAAA', r: newId() };
    assert.deepEqual(await running.platform.bus.request(`operator.reporting.${at.instance}`, forged), {
      ok: false,
      problem: { status: 401, code: 'passport-not-valid' },
    });
  });

  test('tries again what waits, and gives up with a reason the very event that was looked at [arch:4]', async () => {
    const { projection, key, origin, position } = await parked();
    const what = { service: 'reporting', projection, key };
    const skip = { ...what, origin, position, reason: 'iscrizione mai esistita' };
    assert.deepEqual(await act('retry', what), { status: 200, body: { left: 2 } });
    assert.equal((await act('retry', { ...what, key: newId() })).body.code, 'parked-event-not-found');
    assert.equal((await act('retry', { ...what, service: 'nobody' })).status, 503);
    for (const reason of [undefined, '  ']) assert.equal((await act('skip', { ...skip, reason })).status, 400);
    assert.equal((await act('skip', { ...skip, position: position + 1 })).body.code, 'changed-meanwhile');
    assert.deepEqual(await act('skip', skip), { status: 200, body: { left: 1 } });
    assert.equal((await act('skip', skip)).body.code, 'changed-meanwhile');
    const next = (await status()).instances.find(({ service }) => service === 'reporting')?.parked[0];
    assert.deepEqual(await act('skip', { ...skip, position: next?.position }), { status: 200, body: { left: 0 } });
    assert.equal((await act('skip', skip)).status, 404);
  });

  test('sees what a reaction gave up, lets it act after all or gives it up for a reason [rev:arch-4]', async () => {
    let broken = true;
    const acted: number[] = [];
    const react = async ({ position }: { position: number }) => {
      if (broken) throw new Error('no pen');
      acted.push(position);
    };
    const name = 'when-entry-recorded-then-note-it';
    const runtime = reporting.get(ServiceRuntime, { strict: false });
    const stop = await startReactions(runtime, [{ name, public: [logbookEvents.entryRecorded.type], react }], {});
    const told = async () => (await status()).instances.find(({ service }) => service === 'reporting');
    const metric = /^ateneo_parked_reactions\{service="reporting",reaction="when-entry-recorded-then-note-it"\} 2$/m;
    for (let n = 0; n < 60 && (await told())?.parkedReactions.length !== 2; n += 1)
      await new Promise((resolve) => setTimeout(resolve, 250));
    const { parkedReactions = [], problems = [] } = (await told()) ?? {};
    assert.deepEqual(
      parkedReactions.map(({ reaction, origin, type, reason }) => [reaction, origin, type, reason]),
      [0, 1].map(() => [name, 'logbook', logbookEvents.entryRecorded.type, 'Error: no pen']),
    );
    assert.ok(problems.some(({ part, what, goesOn }) => part === 'reaction' && what.startsWith(`${name} gave up`) && !goesOn));
    assert.match(await (await fetch(`${running.url}/metrics`)).text(), metric);
    const [first, second] = parkedReactions.map(({ reaction, origin, position }) => ({ service: 'reporting', reaction, origin, position }));
    const onReaction = (path: string, body: object) => act(`../reactions/${path}`, body);
    assert.deepEqual(await onReaction('retry', first!), { status: 200, body: { left: 1 } });
    broken = false;
    assert.deepEqual(await onReaction('retry', first!), { status: 200, body: { left: 0 } });
    assert.equal((await onReaction('give-up', { ...second, reason: ' ' })).status, 400);
    assert.deepEqual(await onReaction('give-up', { ...second, reason: 'fatto a mano' }), { status: 200, body: { left: 0 } });
    assert.equal((await onReaction('give-up', { ...second, reason: 'fatto a mano' })).body.code, 'parked-event-not-found');
    assert.deepEqual([acted, (await told())?.parkedReactions], [[first?.position], []]);
    await stop();
  });

  test('metrics have one name for all services, and say of which they are [arch:6]', async () => {
    const text = await (await fetch(`${running.url}/metrics`)).text();
    for (const sample of [
      /^ateneo_projection_lag_events\{service="reporting",projection="trainee-counters",origin="logbook",partition="all"\} 0$/m,
      /^ateneo_projection_lag_seconds\{service="identity",projection="[\w-]+",origin="\S+",partition="all"\} 0$/m,
      /^ateneo_parked_events\{service="reporting",projection="trainee-counters"\} 0$/m,
      /^ateneo_publisher_lag_events\{service="identity"\} 0$/m,
      /^ateneo_operation_duration_seconds_count\{.*service="identity",operation="identity.find-actor",outcome="ok".*\} \d+$/m,
      /^ateneo_data_disk_free_bytes\{service="ateneo"\} [1-9]\S*$/m,
      /^process_resident_memory_bytes\{service="ateneo"\} \d+$/m,
    ])
      assert.match(text, sample);
  });
});
