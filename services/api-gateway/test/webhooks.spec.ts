import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import { identityEvents, logbookEvents } from '@ateneo/contracts';
import type { Problem } from '@ateneo/event-sourcing';
import type { PublicEvent } from '@ateneo/messaging';
import type { Caller } from '@ateneo/service-kit';
import { mongo } from 'mongoose';
import { onMongo } from '../../../libs/event-sourcing/conformance/on-mongo.conformance.js';
import { type Neighbour, TestPlatform } from '@ateneo/service-kit/testing';
import { type FeedCursor, writeCursor } from '../src/events/feed-cursor.rules.js';
import { Feed } from '../src/events/feed.client.js';
import { type Retry } from '../src/webhooks/retry.rules.js';
import { Targets } from '../src/webhooks/targets.client.js';
import { openMongoWebhookTable } from '../src/webhooks/mongo-webhook-table.client.js';
import { SqliteWebhookTable } from '../src/webhooks/sqlite-webhook-table.client.js';
import { Webhooks } from '../src/webhooks/webhooks.client.js';
import type { WebhookTable } from '../src/webhooks/webhook-table.client.js';
import { answer, Receiver, type Received, verified } from './receiver.js';

const QUICK: Retry = { firstMs: 40, factor: 1, mostMs: 40, giveUpMs: 600_000 };
const SCHOOL = '0198c0de-0000-7000-8000-000000000010';
const tool = (schoolId: string | null): Caller => ({
  is: 'actor',
  actor: {
    id: 'account-tool',
    kind: 'service-account',
    locale: 'it',
    profiles: [{ profileId: SCHOOL, role: 'integration', schoolId, from: '2020-01-01', to: null }],
  },
});
const eventOf = ({ body }: Received): PublicEvent => JSON.parse(body) as PublicEvent;
const subjectOf = (received: Received): string => eventOf(received).subject.replace(/^told-/, '');

/** Where webhooks are kept, anew for each name; `stored`: the bytes of all that is kept under it. */
type Kept = {
  readonly open: (name: string) => Promise<WebhookTable>;
  readonly stored: (name: string) => Promise<readonly Buffer[]>;
  readonly drop?: (name: string) => Promise<unknown>;
};
const MASTER_KEY = Buffer.alloc(32, 1);

const waitingEvent = (id: string) => ({ id, subject: 'told-s', type: 'logbook.entry-submitted.v1', time: 't' }) as PublicEvent;

/** What webhooks do wherever they are kept. */
function webhooksConformance(kept: (folder: string) => Kept): void {
  let platform: TestPlatform;
  let logbook: Neighbour;
  let identity: Neighbour;
  let receiver: Receiver;
  let file: WebhookTable;
  let webhooks: Webhooks;
  let account: Caller | undefined = tool(null);
  let name = 0;
  const heard: Problem[] = [];

  before(async () => {
    platform = await TestPlatform.open('2026-11-02T08:00:00Z');
    [logbook, identity] = [await platform.neighbour('logbook'), await platform.neighbour('identity')];
  });
  after(() => platform.close());

  const open = async (retry: Retry = QUICK, feed = new Feed(platform.platform.bus)) => {
    file = await kept(platform.platform.folder).open(`w${name}`);
    const { bus } = platform.platform;
    heard.length = 0;
    webhooks = new Webhooks({
      table: file,
      feed,
      bus,
      actors: { find: async () => (account ? { caller: account, signIns: 0 } : undefined) as never },
      targets: new Targets(true),
      onProblem: (problem) => void heard.push(problem),
      source: 'http://localhost/api-gateway',
      retry,
      timeoutMs: 2_000,
    });
    await webhooks.start();
  };
  const close = async () => {
    await webhooks.stop();
    await file.close();
  };
  const fresh = async (retry: Retry = QUICK) => {
    name++;
    account = tool(null);
    receiver = await Receiver.open();
    await open(retry);
  };
  afterEach(async () => {
    await close();
    await kept(platform.platform.folder).drop?.(`w${name}`);
    await receiver.close();
  });
  const register = async (more: Partial<Parameters<Webhooks['register']>[0]> = {}) => {
    const id = randomUUID();
    const given = { id, account: 'account-tool', url: receiver.url, types: ['logbook.'], school: null, from: 'now' as const, ...more };
    const secret = await webhooks.register(given);
    return { id, secret };
  };
  const recorded = (entryId: string, more: object = {}) =>
    logbook.tell(logbookEvents.entrySubmitted, entryId, { ...logbookEvents.entrySubmitted.example, entryId, schoolId: SCHOOL, ...more });
  const soon = async (check: () => boolean | Promise<boolean>, what: string) => {
    for (const until = Date.now() + 10_000; !(await check()); await pause(10)) if (Date.now() > until) assert.fail(what);
  };

  test('it is behind by what waits and one for each service with more, however far apart the positions of a service are [rev:arch-10]', async () => {
    const heads: FeedCursor = new Map([['logbook', { epoch: 'e', position: 4_000_000 }]]);
    let go = () => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    class FarFeed extends Feed {
      override heads = async () => heads;
      override page = () => held.then(() => ({ events: [], next: writeCursor(heads), more: false }));
    }
    name++;
    account = tool(null);
    receiver = await Receiver.open();
    await open(QUICK, new FarFeed(platform.platform.bus));
    const { id } = await register({ from: 'beginning' });
    const lag = async () => webhooks.lag((await file.find(id))!);
    await soon(async () => (await lag()) > 0, 'the head is not known');
    const before = await lag();
    go();
    await soon(async () => (await lag()) === 0, 'it is behind for ever');
    assert.equal(before, 1);
  });

  test('delivers a signed CloudEvent, the events of a subject in their order, each once while all goes well', async () => {
    await fresh();
    const { id, secret } = await register();
    const [a, b] = [randomUUID(), randomUUID()];
    for (let i = 0; i < 5; i++) for (const entryId of [a, b]) await recorded(entryId);
    await receiver.count(10);
    await pause(100);
    assert.equal(receiver.received.length, 10);
    for (const received of receiver.received) {
      assert.ok(verified(received, secret));
      assert.equal(verified({ ...received, body: received.body.replace('logbook', 'l0gbook') }, secret), false);
      assert.equal(received.headers['webhook-id'], eventOf(received).id);
      assert.match(received.headers['content-type'] ?? '', /^application\/cloudevents\+json/);
      assert.ok(Math.abs(Number(received.headers['webhook-timestamp']) - Date.now() / 1000) < 30);
    }
    for (const entryId of [a, b]) {
      const positions = receiver.received.filter((one) => subjectOf(one) === entryId).map((one) => eventOf(one).position);
      assert.deepEqual(
        positions,
        [...positions].sort((x, y) => x - y),
      );
    }
    await soon(async () => (await file.counts(id)).delivered === 10, 'all are marked delivered');
    assert.equal(await webhooks.lag((await file.find(id))!), 0);
  });

  test('an event that fails holds up later events of its subject only, and is tried again', async () => {
    await fresh();
    const [stuck, free] = [randomUUID(), randomUUID()];
    let failures = 3;
    receiver.answer = (received, response) => {
      const fails = subjectOf(received) === stuck && failures > 0;
      if (fails) failures--;
      answer(fails ? 500 : 200)(received, response);
    };
    await register();
    for (const entryId of [stuck, free, stuck, free]) await recorded(entryId);
    await receiver.count(7);
    const delivered = receiver.received.map(subjectOf);
    assert.deepEqual(delivered.filter((subject) => subject === stuck).length, 5, 'four attempts of the first, one of the second');
    const firstIds = receiver.received.filter((one) => subjectOf(one) === stuck).map((one) => String(one.headers['webhook-id']));
    assert.equal(new Set(firstIds.slice(0, 4)).size, 1, 'a retry keeps its id');
    const places = receiver.received.filter((one) => subjectOf(one) === stuck).map((one) => eventOf(one).position);
    assert.ok((places[4] as number) > (places[0] as number), 'the second comes after the first');
  });

  test('what is given up is a dead letter that can be seen and delivered again; later events of its subject have gone on', async () => {
    await fresh({ firstMs: 20, factor: 1, mostMs: 20, giveUpMs: 60 });
    const entryId = randomUUID();
    let broken = true;
    receiver.answer = (received, response) => answer(broken ? 503 : 200)(received, response);
    const { id } = await register();
    await recorded(entryId);
    await soon(async () => (await file.counts(id)).dead === 1, 'it is dead');
    const [dead] = await file.deliveries(id, 'dead', 10);
    assert.deepEqual([dead?.reason, dead?.subject, (dead?.attempts ?? 0) >= 2], ['http-503', `told-${entryId}`, true]);
    broken = false;
    await recorded(entryId);
    await soon(async () => (await file.counts(id)).delivered === 1, 'the next one goes on');
    assert.equal(await webhooks.redeliver(id, dead?.event), 1);
    await soon(async () => (await file.counts(id)).delivered === 2, 'the dead letter is delivered');
    assert.equal((await file.counts(id)).dead, 0);
    assert.equal(String(receiver.received.at(-1)?.headers['webhook-id']), dead?.event);
    assert.equal(await webhooks.redeliver(id), 0);
  });

  test('survives a restart: nothing is lost, what was on its way is sent again', async () => {
    await fresh();
    receiver.answer = () => undefined;
    const { id } = await register();
    const entryId = randomUUID();
    await recorded(entryId);
    await receiver.count(1);
    await close();
    await recorded(entryId);
    receiver.answer = answer(200);
    await open();
    await soon(async () => (await file.counts(id)).delivered === 2, 'both arrive');
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    assert.deepEqual([ids.length, ids[0] === ids[1], ids[1] === ids[2]], [3, true, false]);
  });

  test('a service that was restored is told again from its first event, what is on record included', async () => {
    await fresh();
    const { id } = await register({ from: 'beginning' });
    const entryId = randomUUID();
    await recorded(entryId);
    const told = () => receiver.received.filter((one) => subjectOf(one) === entryId).length;
    await soon(async () => told() === 1 && (await file.waiting(id)) === 0, 'told once');
    const all = receiver.received.length;
    const from = (await file.find(id))!.cursor;
    const to = writeCursor(new Map([['logbook', { epoch: 'before the restore', position: 1_000 }]]));
    assert.equal(await file.queue(id, [], { from, to }, Date.now()), true);
    await soon(async () => told() === 2 && (await file.waiting(id)) === 0, 'told again');
    assert.equal(receiver.received.length, 2 * all);
  });

  test('begins with what comes after the registration, or at the beginning', async () => {
    await fresh();
    const before = randomUUID();
    await recorded(before);
    await register();
    const later = randomUUID();
    await recorded(later);
    await receiver.count(1);
    await pause(100);
    assert.deepEqual(receiver.received.map(subjectOf), [later]);
    const all = await register({ from: 'beginning' });
    await soon(async () => (await file.counts(all.id)).waiting === 0 && (await file.counts(all.id)).delivered > 1, 'all');
    assert.ok(receiver.received.map(subjectOf).includes(before));
  });

  test('sends the types asked for, of the school asked for', async () => {
    await fresh();
    await register({ types: ['logbook.entry-validated.v1', 'identity.'], school: null });
    await recorded(randomUUID());
    const personId = randomUUID();
    await identity.tell(identityEvents.personRegistered, personId, { personId });
    await receiver.count(1);
    const [mine, other] = [randomUUID(), randomUUID()];
    const { id } = await register({ school: SCHOOL });
    await recorded(other, { schoolId: randomUUID() });
    await recorded(mine);
    await soon(async () => (await file.counts(id)).delivered === 1, 'one of the school');
    await pause(100);
    assert.deepEqual(receiver.received.map(subjectOf), [personId, mine]);
  });

  test('sends what its account may see at that moment: a school only, and nothing once the account is revoked', async () => {
    await fresh();
    account = tool(SCHOOL);
    receiver.answer = answer(500);
    const { id } = await register({ types: ['logbook.', 'identity.'] });
    const personId = randomUUID();
    await identity.tell(identityEvents.personRegistered, personId, { personId });
    await recorded(randomUUID(), { schoolId: randomUUID() });
    const mine = randomUUID();
    await recorded(mine);
    await receiver.count(2);
    assert.deepEqual(new Set(receiver.received.map(subjectOf)), new Set([mine]));
    account = undefined;
    await soon(async () => (await file.find(id))?.state === 'disabled', 'it ends');
    assert.equal((await file.find(id))?.reason, 'account-not-known');
    const seen = receiver.received.length;
    await recorded(mine);
    await pause(200);
    assert.equal(receiver.received.length, seen);
  });

  test('what the account lost sight of while it waited is not sent', async () => {
    await fresh();
    receiver.answer = answer(500);
    const { id } = await register();
    await recorded(randomUUID(), { schoolId: randomUUID() });
    await receiver.count(1);
    account = tool(SCHOOL);
    await soon(async () => (await file.waiting(id)) === 0, 'it is withheld');
    assert.equal((await file.counts(id)).delivered, 0);
  });

  test('410 ends it, until somebody resumes it; paused it keeps its place', async () => {
    await fresh();
    receiver.answer = answer(410);
    const { id } = await register();
    await recorded(randomUUID());
    await soon(async () => (await file.find(id))?.state === 'disabled', 'it is disabled');
    assert.deepEqual([(await file.find(id))?.reason, await file.waiting(id)], ['gone', 1]);
    receiver.answer = answer(200);
    await webhooks.resume(id);
    await soon(async () => (await file.counts(id)).delivered === 1, 'it goes on');
    await file.change(id, 'paused', null);
    await recorded(randomUUID());
    await pause(300);
    assert.equal((await file.counts(id)).delivered, 1);
    await webhooks.resume(id);
    await soon(async () => (await file.counts(id)).delivered === 2, 'what came in between arrives');
  });

  test('signs with both secrets while they change', async () => {
    await fresh();
    const { id, secret } = await register();
    const rotated = await webhooks.rotate(id);
    await recorded(randomUUID());
    await receiver.count(1);
    const [received] = receiver.received as [Received];
    assert.ok(verified(received, secret) && verified(received, rotated.secret));
    assert.equal((await file.secrets(id, Date.parse(rotated.previousUntil) + 1)).length, 1);
  });

  test('a test event arrives at once, signed, and says how it went', async () => {
    await fresh();
    const { id, secret } = await register();
    assert.deepEqual(await webhooks.test((await file.find(id))!), { delivered: true, status: 204, reason: 'delivered' });
    assert.ok(verified(receiver.received[0] as Received, secret));
    receiver.answer = answer(500);
    assert.equal((await webhooks.test((await file.find(id))!)).reason, 'http-500');
  });

  test('what cannot be taken in, begun or noted is told with its webhook, and its end; nothing is lost of it [rev:arch-5]', async () => {
    await fresh();
    const { id } = await register();
    const failures = { waiting: 2, due: 2, delivered: 2 };
    const failing = <Name extends keyof typeof failures>(method: Name) => {
      const works = file[method].bind(file) as (...given: unknown[]) => never;
      file[method] = ((...given: unknown[]) => {
        if (failures[method]-- > 0) throw new Error(`no disk for ${method}`);
        return works(...given);
      }) as never;
    };
    for (const method of ['waiting', 'due', 'delivered'] as const) failing(method);
    await recorded(randomUUID());
    await soon(async () => (await file.counts(id)).delivered === 1, 'it is delivered in the end');
    await soon(() => heard.filter(({ is }) => is === 'over').length === 2, 'the loops work again');
    const told = new Set(heard.map((one) => `${one.part}, ${one.what}: ${one.is === 'over' ? 'over' : (one.error as Error).message}`));
    assert.deepEqual(
      told,
      new Set([
        'webhook, events are taken in: no disk for waiting',
        'webhook, events are taken in: over',
        'webhook, deliveries are begun: no disk for due',
        'webhook, deliveries are begun: over',
        `webhook, delivery of ${id}: no disk for delivered`,
      ]),
    );
    assert.equal(receiver.received.length, 3);
  });

  test('a slow receiver gets no more than four at once', async () => {
    await fresh();
    let [now, most] = [0, 0];
    receiver.answer = (_received, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => (now--, response.writeHead(200).end()), 30);
    };
    const { id } = await register();
    for (let i = 0; i < 30; i++) await recorded(randomUUID());
    await soon(async () => (await file.counts(id)).delivered === 30, 'all arrive');
    assert.equal(most, 4);
  });

  test('whoever was overtaken queues nothing and moves no cursor back [rev:dist-B5]', async () => {
    await fresh();
    const { id } = await register();
    await file.change(id, 'paused', null);
    const from = (await file.find(id))!.cursor;
    const to = writeCursor(new Map([['logbook', { epoch: 'e', position: 7 }]]));
    assert.equal(await file.queue(id, [waitingEvent('a')], { from, to }, 0), true);
    assert.equal(await file.queue(id, [waitingEvent('b')], { from, to: from }, 0), false);
    assert.equal(await file.queue(randomUUID(), [waitingEvent('b')], { from, to }, 0), false, 'one that was removed takes nothing');
    assert.deepEqual([(await file.find(id))!.cursor, (await file.deliveries(id, undefined, 9)).map(({ event }) => event)], [to, ['a']]);
  });

  test('a removed one leaves nothing behind, and its secret was never kept in clear', async () => {
    await fresh();
    receiver.answer = answer(500);
    const { id, secret } = await register();
    await recorded(randomUUID());
    await receiver.count(1);
    const stored = await kept(platform.platform.folder).stored(`w${name}`);
    assert.ok(stored.length > 0);
    assert.ok(stored.every((bytes) => !bytes.includes(secret) && !bytes.includes(Buffer.from(secret.slice(6), 'base64'))));
    await file.remove(id);
    assert.deepEqual([await file.find(id), await file.waiting(id)], [undefined, 0]);
  });
}

describe('webhooks in SQLite [issue 4 §4]', () =>
  webhooksConformance((folder) => ({
    open: async (name) => new SqliteWebhookTable(join(folder, `${name}.sqlite`), MASTER_KEY),
    stored: async (name) => ['', '-wal'].map((suffix) => readFileSync(join(folder, `${name}.sqlite${suffix}`))),
  })));

onMongo('webhooks [issue 4 §4] [rev:dist-B5]', (server) => {
  const run = randomUUID().slice(0, 8);
  const databaseNamed = (name: string) => `test_${run}_${name}`;
  const database = (name: string) => server().connection.getClient().db(databaseNamed(name));
  webhooksConformance(() => ({
    drop: (name) => database(name).dropDatabase(),
    open: (name) => openMongoWebhookTable(server().url, MASTER_KEY, databaseNamed(name)),
    async stored(name) {
      const documents = await Promise.all(['webhooks', 'webhook-deliveries'].map((of) => database(name).collection(of).find().toArray()));
      return documents.flat().map((document) => Buffer.from(mongo.BSON.serialize(document)));
    },
  }));

  test('what a crash left between an event and the next of its subject is put right by whoever delivers next [rev:dist-B5]', async () => {
    const table = await openMongoWebhookTable(server().url, MASTER_KEY, databaseNamed('crash'));
    const webhook = { id: 'w', account: 'a', url: 'u', types: [], school: null, state: 'active', reason: null, created: 'c' } as const;
    await table.add({ ...webhook, cursor: 'c0' }, 'whsec_c2VjcmV0');
    await table.queue('w', ['a', 'b', 'c'].map(waitingEvent), { from: 'c0', to: 'c1' }, 1);
    const due = async () => (await table.due('w', 9, 9)).map(({ event }) => event);
    assert.deepEqual(await due(), ['a']);
    const deliveries = database('crash').collection<{ _id: string }>('webhook-deliveries');
    await deliveries.updateOne({ _id: 'w a' }, { $set: { state: 'delivered', next: null } });
    assert.deepEqual(await due(), []);
    await table.begin(5);
    assert.deepEqual(await due(), ['b']);
    await table.close();
    await database('crash').dropDatabase();
  });
});
