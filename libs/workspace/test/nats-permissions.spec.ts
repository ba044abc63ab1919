import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CONSUMES, OPERATIONS, subjectOf } from '@ateneo/contracts';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { natsMissing, type RunningNats, startNats } from '../src/nats.mjs';
import { GATEWAY, natsPermissions, natsUsers, SERVICES, STAFF_TOOL } from '../src/nats-permissions.js';

const pairs = SERVICES.flatMap((who) => SERVICES.filter((other) => other !== who).map((other) => [who, other] as const));
const subjectIn = (service: string) => `${service}.event.thing-happened.v1.p07`;
const anOperationOf = (service: string) =>
  OPERATIONS.filter(({ name, permission }) => name.startsWith(`${service}.`) && !('callers' in permission))[0]!;

describe('who may say and hear what on the bus', { skip: natsMissing() ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-permissions-'));
  const connections = new Map<string, NatsConnection>();
  const violations = new Map<string, string[]>();
  let server: RunningNats;

  before(async () => {
    const config = join(folder, 'nats.conf');
    writeFileSync(
      config,
      natsPermissions((user) => `"word-of-${user}"`),
    );
    server = await startNats({ config });
    for (const user of natsUsers()) await open(user);
    for (const service of SERVICES)
      await (
        await jetstreamManager(as(service))
      ).streams.add({ name: `events-${service}`, subjects: [`${service}.event.>`], allow_direct: true });
  });
  after(async () => {
    for (const connection of connections.values()) await connection.close();
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  async function open(user: string): Promise<void> {
    const connection = await connect({
      servers: server.url,
      user,
      pass: `word-of-${user}`,
      inboxPrefix: `_INBOX.${user}`,
      reconnect: false,
    });
    const heard: string[] = [];
    void (async () => {
      for await (const status of connection.status()) if (status.type === 'error') heard.push(status.error.message);
    })();
    connections.set(user, connection);
    violations.set(user, heard);
  }
  const as = (user: string): NatsConnection => connections.get(user)!;

  /** What the server refused while `act` ran. */
  async function refused(user: string, act: (connection: NatsConnection) => void): Promise<string[]> {
    const heard = violations.get(user)!;
    heard.length = 0;
    act(as(user));
    await as(user).flush();
    for (const until = Date.now() + 200; heard.length === 0 && Date.now() < until;) await pause(5);
    return [...heard];
  }
  const mayNotSay = async (user: string, subject: string) =>
    assert.match(
      (await refused(user, (connection) => connection.publish(subject, '{}'))).join(),
      /Permissions Violation for Publish/i,
      `${user} → ${subject}`,
    );
  const mayNotHear = async (user: string, subject: string) =>
    assert.match(
      (await refused(user, (connection) => void connection.subscribe(subject, { callback: () => undefined }))).join(),
      /Permissions Violation for Subscription/i,
      `${user} ← ${subject}`,
    );

  test('nobody comes in without a name and its word [issue4:2]', async () => {
    await assert.rejects(connect({ servers: server.url, reconnect: false }), /authorization/i);
    await assert.rejects(connect({ servers: server.url, user: 'logbook', pass: 'word-of-career', reconnect: false }), /authorization/i);
  });

  for (const [who, other] of pairs)
    test(`${who} cannot speak as ${other} nor hear what is asked of it [issue4:2]`, async () => {
      await assert.rejects(jetstream(as(who)).publish(subjectIn(other), '{}', { timeout: 2_000 }), /permission/i);
      for (const subject of [
        `changed.${other}`,
        `stored.${other}`,
        `store.${other}.append`,
        subjectOf(anOperationOf(other)),
        `$KV.leases-${other}.unit.x`,
      ])
        await mayNotSay(who, subject);
      for (const subject of [
        `rpc.${other}.>`,
        `replay.${other}`,
        `store.${other}.>`,
        `${other}.event.>`,
        `_INBOX.${other}.>`,
        `operator.${other}.>`,
      ])
        await mayNotHear(who, subject);
      const manager = await jetstreamManager(as(who), { checkAPI: false });
      for (const act of [
        () => manager.streams.add({ name: `events-${other}`, subjects: [`${other}.event.>`] }),
        () => manager.streams.delete(`events-${other}`),
        () => manager.streams.purge(`events-${other}`),
        () => manager.streams.deleteMessage(`events-${other}`, 1),
        () => manager.streams.delete(`KV_leases-${other}`),
      ])
        await assert.rejects(act(), /permission/i);
    });

  test('the gateway asks, and publishes nothing [issue4:2]', async () => {
    for (const service of SERVICES) {
      await assert.rejects(jetstream(as(GATEWAY)).publish(subjectIn(service), '{}', { timeout: 2_000 }), /permission/i);
      for (const subject of [`changed.${service}`, `stored.${service}`, `store.${service}.append`, `$KV.leases-${service}.unit.x`])
        await mayNotSay(GATEWAY, subject);
      for (const subject of [`rpc.${service}.>`, `replay.${service}`]) await mayNotHear(GATEWAY, subject);
    }
    await mayNotHear(GATEWAY, '>');
    for (const operation of OPERATIONS) {
      const { permission } = operation;
      if ('callers' in permission && !permission.callers.includes(GATEWAY)) await mayNotSay(GATEWAY, subjectOf(operation));
    }
  });

  test('a staff tool reads events and does nothing else [issue4:4]', async () => {
    await jetstream(as('logbook')).publish(subjectIn('logbook'), '{"read":"me"}');
    const consumer = await jetstream(as(STAFF_TOOL)).consumers.get('events-logbook', { filter_subjects: ['logbook.event.>'] });
    const message = await consumer.next({ expires: 2_000 });
    assert.equal(message?.string(), '{"read":"me"}');
    for (const service of SERVICES) {
      await assert.rejects(jetstream(as(STAFF_TOOL)).publish(subjectIn(service), '{}', { timeout: 2_000 }), /permission/i);
      for (const subject of [`changed.${service}`, `replay.${service}`, subjectOf(anOperationOf(service)), `$KV.leases-${service}.x`])
        await mayNotSay(STAFF_TOOL, subject);
      for (const subject of [`rpc.${service}.>`, `${service}.event.>`, `changed.${service}`, `$KV.leases-${service}.>`])
        await mayNotHear(STAFF_TOOL, subject);
    }
    const manager = await jetstreamManager(as(STAFF_TOOL), { checkAPI: false });
    for (const act of [
      () => manager.streams.add({ name: 'mine', subjects: ['mine.>'] }),
      () => manager.streams.update('events-logbook', { max_msgs: 1 }),
      () => manager.streams.purge('events-logbook'),
      () => manager.streams.delete('events-logbook'),
      () => manager.streams.deleteMessage('events-logbook', 1),
      () => new Kvm(as(STAFF_TOOL)).create('mine'),
      () => jetstream(as(STAFF_TOOL)).consumers.get('KV_leases-logbook'),
    ])
      await assert.rejects(act(), /permission/i);
  });

  test('nothing that JetStream answers a staff tool reaches the services [issue4:4]', async () => {
    const { streams } = await jetstreamManager(as('logbook'));
    await jetstream(as('logbook')).publish(subjectIn('logbook'), '{}');
    const before = (await streams.info('events-logbook')).state.last_seq;
    const heard: string[] = [];
    const listening = as(GATEWAY).subscribe('changed.>', { callback: (_error, message) => void heard.push(message.subject) });
    await as(GATEWAY).flush();
    const tool = as(STAFF_TOOL);
    await (
      await jetstreamManager(tool)
    ).consumers.add('events-logbook', { name: 'tool', ack_policy: AckPolicy.None, inactive_threshold: 60_000_000_000 });
    for (const reply of [subjectIn('logbook'), 'changed.logbook'])
      for (const [subject, text] of [
        ['$JS.API.STREAM.INFO.events-logbook', ''],
        ['$JS.API.DIRECT.GET.events-logbook', '{"last_by_subj":"logbook.event.>"}'],
        ['$JS.API.CONSUMER.MSG.NEXT.events-logbook.tool', '{"batch":1}'],
      ] as const)
        tool.publish(subject, text, { reply });
    await tool.flush();
    await pause(200);
    assert.equal((await streams.info('events-logbook')).state.last_seq, before);
    assert.deepEqual(heard, []);
    listening.unsubscribe();
  });

  test('a service that the contracts name may ask, another may not [issue4:2]', async () => {
    const answering = as('identity').subscribe('rpc.identity.names', {
      queue: 'identity',
      callback: (_error, message) => void message.respond('{"ok":true}'),
    });
    await as('identity').flush();
    const answer = await as('logbook').request('rpc.identity.names', '{}', { timeout: 2_000 });
    assert.equal(answer.string(), '{"ok":true}');
    await mayNotSay('logbook', 'rpc.identity.find-actor');
    await mayNotSay(STAFF_TOOL, 'rpc.identity.names');
    answering.unsubscribe();
  });

  for (const service of SERVICES)
    test(`${service} keeps its stream and its leases, and reads what it follows [issue4:2]`, async () => {
      const heard = violations.get(service)!;
      heard.length = 0;
      const manager = await jetstreamManager(as(service));
      await manager.streams.update(`events-${service}`, { max_age: 86_400_000_000_000 });
      await jetstream(as(service)).publish(subjectIn(service), '{}', { msgID: `first-${service}` });
      await manager.streams.getMessage(`events-${service}`, { last_by_subj: subjectIn(service) });
      await manager.direct.getMessage(`events-${service}`, { last_by_subj: subjectIn(service) });
      const leases = await new Kvm(as(service)).create(`leases-${service}`, { markerTTL: 60_000 });
      const revision = await leases.create('unit.x', 'me', '2s');
      const renewed = { ttl: '2s', expect: { lastSubjectSequence: revision } };
      await jetstream(as(service)).publish(`$KV.leases-${service}.unit.x`, 'me', renewed);
      for await (const { key } of await leases.watch()) {
        assert.equal(key, 'unit.x');
        break;
      }
      await leases.delete('unit.x');
      for (const other of CONSUMES[service as keyof typeof CONSUMES]) {
        await jetstream(as(other)).publish(subjectIn(other), '{}');
        const consumer = await jetstream(as(service)).consumers.get(`events-${other}`, { filter_subjects: [`${other}.event.*.*.p07`] });
        assert.ok(await consumer.next({ expires: 2_000 }), other);
        assert.ok(await (await jetstreamManager(as(service))).direct.getMessage(`events-${other}`, { last_by_subj: subjectIn(other) }));
      }
      for (const subject of [`changed.${service}`, `stored.${service}`]) as(service).publish(subject, '{}');
      for (const subject of [`rpc.${service}.>`, `replay.${service}`, `store.${service}.*`, `operator.${service}.me`, 'status-asked'])
        as(service).subscribe(subject, { queue: service, max: 1 });
      await as(service).flush();
      await pause(20);
      assert.deepEqual(heard, []);
    });
});
