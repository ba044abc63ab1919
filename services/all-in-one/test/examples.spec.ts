import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { identity, logbook } from '@ateneo/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats, createNatsBus, createNatsEventBus } from '@ateneo/messaging/nats';
import { Depot } from '../../../libs/messaging/conformance/depot.js';
import { freePort, natsMissing, startNats } from '../../../libs/workspace/src/nats.mjs';
import { natsPermissions } from '../../../libs/workspace/src/nats-permissions.js';
import { RunningPlatform } from './running-platform.js';
import { anEntry, newId, type Trainee } from './small-world.js';

const root = resolve(import.meta.dirname, '../../..');
const examples = join(root, 'docs/examples');
const NODE = ['--conditions=source', '--import', join(root, 'libs/workspace/src/swc-hook.mjs')];
const missing = (command: string): string | false =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).error ? `${command} is not installed` : false;

/** A started example: what it has said so far, and how it ends. */
class Example {
  said = '';
  complained = '';
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(command: string, args: readonly string[], environment: Readonly<Record<string, string>>, cwd: string) {
    this.#child = spawn(command, args, { cwd, env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (bytes: Buffer) => (this.said += bytes.toString()));
    this.#child.stderr?.on('data', (bytes: Buffer) => (this.complained += bytes.toString()));
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 60_000).unref();
    this.ended = new Promise((done) => this.#child.once('close', (code) => (clearTimeout(late), done(code))));
  }

  get lines(): string[] {
    return this.said.split('\n').filter(Boolean);
  }

  async says(check: (said: string) => boolean): Promise<void> {
    for (const until = Date.now() + 20_000; !check(this.said); await pause(20))
      assert.ok(Date.now() < until && this.#child.exitCode === null, `${this.said}\n${this.complained}`);
  }

  stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.ended;
  }
}

describe('the examples of docs/integrations.md run as they stand [issue 4 §4]', () => {
  let platform: RunningPlatform;
  let trainee: Trainee;
  let environment: Record<string, string>;
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-examples-'));

  before(async () => {
    process.env['WEBHOOKS_ALLOW_PRIVATE'] = 'true';
    platform = await RunningPlatform.start();
    trainee = platform.world.schools[0].trainees[0] as Trainee;
    const account = { accountId: newId(), name: 'Data warehouse' };
    const { clientId, clientSecret } = await platform.done(identity.createServiceAccount, account, platform.world.administrator.caller);
    const { url } = platform.running;
    environment = { ATENEO_URL: url, ATENEO_CLIENT_ID: clientId, ATENEO_CLIENT_SECRET: clientSecret };
  });
  after(async () => {
    await platform.close();
    rmSync(folder, { recursive: true });
  });

  const record = async (): Promise<string> => {
    const entry = anEntry(newId(), { submit: false });
    await platform.done(logbook.recordEntry, entry, trainee.caller);
    return entry.entryId;
  };
  const run = (command: string, args: readonly string[], more: Record<string, string> = {}) =>
    new Example(command, args, { ...environment, ...more }, folder);

  test('the guide shows them letter by letter', () => {
    const guide = readFileSync(join(root, 'docs/integrations.md'), 'utf8');
    for (const name of ['feed.ts', 'feed.sh', 'webhook_receiver.py', 'webhooks.sh', 'jetstream.ts'])
      assert.ok(guide.includes(readFileSync(join(examples, name), 'utf8').trimEnd()), name);
  });

  test('TypeScript: reads the feed to its end, and the next time only what is new', async () => {
    const first = await record();
    const once = run('node', [...NODE, join(examples, 'feed.ts')]);
    assert.equal(await once.ended, 0, once.complained);
    assert.ok(once.said.includes(`logbook.entry-recorded.v1 logbookEntry-${first}`), once.said);
    const second = await record();
    const again = run('node', [...NODE, join(examples, 'feed.ts')]);
    assert.equal(await again.ended, 0, again.complained);
    assert.deepEqual(
      again.lines.map((line) => line.split(' ').slice(1).join(' ')),
      [`logbook.entry-recorded.v1 logbookEntry-${second}`],
    );
  });

  test('curl: a page, then server-sent events from its cursor', { skip: missing('curl') }, async () => {
    const listening = run('sh', [join(examples, 'feed.sh')], { SECONDS_TO_LISTEN: '6' });
    await listening.says((said) => said.includes('data: '));
    const entryId = await record();
    await listening.says((said) => said.includes(entryId));
    assert.equal(await listening.ended, 0, listening.complained);
    const cursor = [...listening.said.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] as string;
    const resumed = run('sh', [join(examples, 'feed.sh'), cursor], { SECONDS_TO_LISTEN: '1' });
    assert.equal(await resumed.ended, 0, resumed.complained);
    assert.equal(resumed.said.includes(entryId), false, 'what came before the cursor is not told again');
  });

  test('Python: registers, takes what is signed, drops a repeat, refuses what is not genuine', { skip: missing('python3') }, async () => {
    const port = String(await freePort());
    const hook = `http://127.0.0.1:${port}/hook`;
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const receiver = run('python3', [join(examples, 'webhook_receiver.py')], { LISTEN_PORT: port, HOOK_URL: hook });
    try {
      const entryId = await record();
      await receiver.says((said) => said.includes(`taken`) && said.includes(entryId));
    } finally {
      await receiver.stop();
    }
    const own = run('python3', [join(examples, 'webhook_receiver.py')], {
      LISTEN_PORT: port,
      WEBHOOK_SECRET: secret,
      DATABASE: 'own.sqlite',
    });
    try {
      await own.says((said) => said.includes('listening'));
      const body = JSON.stringify({ id: newId(), type: 'a.b.v1', subject: 's', data: {} });
      const send = async (given: string, at = Math.floor(Date.now() / 1000), sent = body) => {
        const id = 'any';
        const mac = createHmac('sha256', Buffer.from(given.slice(6), 'base64'))
          .update(`${id}.${at}.${body}`)
          .digest('base64');
        const headers = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,AAAA v1,${mac}` };
        return (await fetch(hook, { method: 'POST', headers, body: sent })).status;
      };
      const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
      assert.deepEqual(
        [await send(secret), await send(secret), await send(other), await send(secret, 1_000), await send(secret, undefined, `${body} `)],
        [204, 204, 401, 401, 401],
      );
      assert.deepEqual(
        own.lines.slice(1).map((line) => line.split(' ')[0]),
        ['taken', 'repeat'],
      );
    } finally {
      await own.stop();
    }
  });

  test('curl: a webhook from registration to removal', { skip: missing('curl') }, async () => {
    const managing = run('sh', [join(examples, 'webhooks.sh'), 'http://127.0.0.1:9/']);
    assert.equal(await managing.ended, 0, managing.complained);
    for (const text of [
      '"secret":"whsec_',
      '"delivered":false',
      '"deliveries":[]',
      '"redelivered":0',
      '"previousUntil"',
      '"state":"paused"',
      '"state":"active"',
    ])
      assert.ok(managing.said.includes(text), `${text} in ${managing.said}`);
  });
});

describe('the example for JetStream [issue 4 §4]', { skip: natsMissing() ?? false }, () => {
  test('reads with the credentials of a staff tool, goes on where it was, and says when the stream does not reach back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ateneo-jetstream-'));
    const config = join(folder, 'nats.conf');
    writeFileSync(
      config,
      natsPermissions((user) => `"word-of-${user}"`, { depot: [] }),
    );
    const server = await startNats({ config });
    const link = await connectNats({ url: server.url.replace('//', '//depot:word-of-depot@'), name: 'depot', timeoutMs: 5_000 });
    const bus = createNatsBus(link);
    const eventBus = createNatsEventBus({ connection: link, bus });
    const owner = await jetstreamManager(link.raw, { checkAPI: false });
    const depot = await Depot.open();
    const environment = { NATS_URL: server.url, NATS_PASSWORD: 'word-of-staff-tool', SERVICE: 'depot' };
    const start = (more: Record<string, string> = {}) =>
      new Example('node', [...NODE, join(examples, 'jetstream.ts')], { ...environment, ...more }, folder);
    try {
      await depot.fill(3);
      eventBus.register(depot.publisher);
      await pause(500);
      const first = start();
      await first.says((said) => said.split('\n').length > 3);
      assert.equal(await first.stop(), 0, first.complained);
      await depot.fill(2);
      const second = start();
      await second.says((said) => said.split('\n').length > 2);
      assert.equal(await second.stop(), 0, second.complained);
      const all = await depot.everything();
      assert.deepEqual(
        [...first.lines, ...second.lines].map((line) => line.split(' ')[0]),
        all.map(({ id }) => id),
      );
      const elsewhere = { sequence: 1, position: 1, epoch: 'another', mapping: '1' };
      writeFileSync(join(folder, 'other.place'), JSON.stringify(elsewhere));
      const restored = start({ PLACE_FILE: 'other.place' });
      assert.equal(await restored.ended, 2, restored.said);
      const place = JSON.parse(readFileSync(join(folder, 'jetstream.place'), 'utf8')) as { epoch: string; mapping: string };
      writeFileSync(join(folder, 'old.place'), JSON.stringify({ ...place, sequence: 1, position: 1 }));
      await owner.streams.purge('events-depot', { seq: 4 });
      const behind = start({ PLACE_FILE: 'old.place' });
      assert.equal(await behind.ended, 3, behind.said);
      assert.equal(behind.said, '');
    } finally {
      await eventBus.close();
      await bus.close();
      await link.close();
      await depot.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
