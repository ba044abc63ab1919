import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connectMongo } from '@ateneo/event-sourcing/mongo';
import { mongoMissing, type RunningMongo, startMongo } from '../../../libs/workspace/src/mongo.mjs';
import { pauseProcess } from '../../../libs/workspace/src/pause-process.mjs';
import { KeysFile } from '../src/sign-in/keys-file.client.js';
import { openMongoSessionTable } from '../src/sign-in/mongo-session-table.client.js';
import { SealedText, sha256 } from '../src/sign-in/sealed-text.rules.js';
import type { SessionTable } from '../src/sign-in/session-table.client.js';
import { ABSOLUTE_MS, IDLE_MS, Sessions } from '../src/sign-in/sessions.client.js';
import { SqliteSessionTable } from '../src/sign-in/sqlite-session-table.client.js';

const masterKey = randomBytes(32);
const sealed = new SealedText(masterKey);
const attempt = { browser: 'b', verifier: 'v', nonce: 'n', returnTo: '/home' };

/** What every table of sessions does; `again` opens the same one as another gateway or the next start does. */
function sessionsConformance(again: () => Promise<SessionTable>): void {
  const opened: SessionTable[] = [];
  const open = async () => {
    const table = await again();
    opened.push(table);
    return table;
  };
  let now = Date.now();
  const gateway = async () => new Sessions(await open(), sealed, () => now);
  after(async () => {
    for (const table of opened) await table.close();
  });

  test('a session opened at one gateway is found at another, after a restart too [arch:2]', async () => {
    const cookie = await (await gateway()).open({ subject: 'p1', idToken: 'id', signIns: 0 });
    assert.deepEqual(await (await gateway()).find(cookie), { subject: 'p1', idToken: 'id', signIns: 0 });
    assert.equal(await (await gateway()).find(`${cookie}x`), undefined);
  });

  test('a session closed at one gateway is over at all', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const cookie = await one.open({ subject: 'p1', idToken: 'id', signIns: 0 });
    await other.close(cookie);
    assert.equal(await one.find(cookie), undefined);
  });

  test('a session is over after 8 idle hours, and after 24 whatever is done', async () => {
    const sessions = await gateway();
    const [idle, busy] = [
      await sessions.open({ subject: 'p1', idToken: '', signIns: 0 }),
      await sessions.open({ subject: 'p2', idToken: '', signIns: 0 }),
    ];
    const began = now;
    now += IDLE_MS - 1_000;
    assert.ok(await sessions.find(busy));
    now += 2_000;
    assert.equal(await sessions.find(idle), undefined);
    for (; now - began <= ABSOLUTE_MS; now += IDLE_MS / 2) assert.ok(await sessions.find(busy));
    assert.equal(await sessions.find(busy), undefined);
  });

  test('a sign-in on its way is given back once, whichever gateway is asked, and for ten minutes', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const state = await one.begin(attempt);
    const given = await Promise.all([one.finish(state), other.finish(state), one.finish(state), other.finish(state)]);
    assert.deepEqual(
      given.filter((each) => each !== undefined),
      [attempt],
    );
    const late = await one.begin(attempt);
    now += 602_000;
    assert.equal(await one.finish(late), undefined);
  });

  test('what was put into the table under a known cookie, or altered in it, is no session', async () => {
    const [table, sessions] = [await open(), await gateway()];
    const mine = await sessions.open({ subject: 'p1', idToken: 'id', signIns: 0 });
    const stored = (await table.find(sha256(mine)))!;
    await table.remove(stored.hash);
    await table.put({ ...stored, subject: 'the-rector' });
    assert.equal(await sessions.find(mine), undefined);
    await table.put({ ...stored, hash: sha256('another') });
    assert.equal(await sessions.find('another'), undefined);
    await table.remove(stored.hash);
    await table.put(stored);
    assert.ok(await sessions.find(mine));
  });

  test('what is over is swept, the rest stays', async () => {
    const [table, sessions] = [await open(), await gateway()];
    const [old, state] = [await sessions.open({ subject: 'p1', idToken: '', signIns: 0 }), await sessions.begin(attempt)];
    now += IDLE_MS + 1_000;
    const young = await sessions.open({ subject: 'p1', idToken: '', signIns: 0 });
    await sessions.sweep();
    assert.equal(await table.find(sha256(old)), undefined);
    assert.equal(await table.takeAttempt(sha256(state), 0), undefined);
    assert.ok(await table.find(sha256(young)));
  });
}

describe('sessions in SQLite', () => {
  let folder = '';
  const files: KeysFile[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ateneo-sessions-'));
  });
  after(async () => {
    for (const file of files) file.close();
    await rm(folder, { recursive: true });
  });
  sessionsConformance(async () => {
    const file = new KeysFile(join(folder, 'api-gateway.keys.sqlite'), masterKey);
    files.push(file);
    return new SqliteSessionTable(file);
  });
});

describe('sessions in MongoDB', { skip: mongoMissing() }, () => {
  let server: RunningMongo;
  const database = `test_${randomUUID().slice(0, 8)}`;
  before(async () => {
    server = await startMongo();
  });
  after(async () => {
    const connection = await connectMongo(server.url);
    await connection.getClient().db(database).dropDatabase();
    await connection.close();
    await server.stop();
  });
  sessionsConformance(() => openMongoSessionTable(server.url, sealed, database));

  test('a gateway with another MASTER_KEY does not start', async () => {
    await (await openMongoSessionTable(server.url, sealed, database)).close();
    await assert.rejects(openMongoSessionTable(server.url, new SealedText(randomBytes(32)), database), /MASTER_KEY is not the one/);
  });

  test('a server that hangs is told within a bound, and sessions go on when it answers again [arch:6]', async (t) => {
    if (!server.pid) return t.skip('the server that MONGODB_URL names is not ours to stop');
    const table = await openMongoSessionTable(server.url, sealed, database);
    const sessions = new Sessions(table, sealed);
    const cookie = await sessions.open({ subject: 'p1', idToken: 'id', signIns: 0 });
    await pauseProcess(server.pid);
    try {
      await assert.rejects(sessions.find(cookie), { name: 'ServerAwayError', code: 'sessions-away' });
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    assert.ok(await sessions.find(cookie));
    await table.close();
  });
});
