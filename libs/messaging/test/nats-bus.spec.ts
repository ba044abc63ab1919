import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePort, natsMissing, startNats } from '../../workspace/src/nats.mjs';
import { busConformance } from '../conformance/bus.conformance.js';
import { type Bus, NotPermittedError } from '../src/index.js';
import { connectNats, createNatsBus, type NatsLink, NoServerError } from '../src/nats/index.js';
import { type RunningServer, runServer } from './nats-server.js';

const skip = natsMissing() ?? false;

/** A bus that ends with its connection. */
const busOn = (link: NatsLink): Bus => {
  const bus = createNatsBus(link);
  return Object.assign(bus, { close: closing(bus.close.bind(bus), link) });
};
const closing = (close: () => Promise<void>, link: NatsLink) => async () => {
  await close();
  await link.close();
};

describe('the bus on NATS', { skip }, () => {
  let server: RunningServer;
  before(async () => (server = await runServer()));
  after(() => server.stop());

  busConformance(
    'NATS',
    async () => busOn(await server.connect('spec')),
    async () => {
      const own = await runServer();
      return { ...own, open: async () => busOn(await own.connect('instance')) };
    },
  );

  test('where no server answers, opening fails within its bound and says where [arch:4]', async () => {
    const port = await freePort();
    await assert.rejects(connectNats({ url: `nats://127.0.0.1:${port}`, name: 'spec', timeoutMs: 600 }), (error: Error) => {
      assert.ok(error instanceof NoServerError);
      assert.match(error.message, new RegExp(`no NATS server at 127.0.0.1:${port}`));
      return true;
    });
  });
  test('without a bound it waits for the server to come', async () => {
    const port = await freePort();
    const said: string[] = [];
    const coming = connectNats({ url: `nats://127.0.0.1:${port}`, name: 'spec', log: (message) => said.push(message) });
    await new Promise((resolve) => setTimeout(resolve, 700));
    const late = await startNats({ port });
    const link = await coming;
    assert.equal(link.isConnected, true);
    assert.ok(said.length > 0);
    await link.close();
    await late.stop();
  });
  test('a lost connection is told, and told again when it is back, however long ago it was opened [arch:4]', async () => {
    const own = await runServer();
    const link = await connectNats({ url: own.url, name: 'spec', timeoutMs: 300 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const told: boolean[] = [];
    link.onStatus((connected) => void told.push(connected));
    await own.restart();
    for (let n = 0; n < 200 && told.length < 2; n++) await new Promise((resolve) => setTimeout(resolve, 25));
    assert.deepEqual([told, link.isConnected], [[false, true], true]);
    await link.close();
    await own.stop();
  });
  test('an end that was asked for is no warning [rev:dist-B8]', async () => {
    const own = await runServer();
    const said: string[] = [];
    const link = await connectNats({ url: own.url, name: 'spec', log: (message) => said.push(message) });
    await link.close();
    // what ends the connection is told after it
    await link.raw.closed();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(link.isConnected, false);
    assert.deepEqual(said, []);
    await own.stop();
  });
  test('an address of another form is refused', async () => {
    await assert.rejects(connectNats({ url: 'http://localhost:4222', name: 'spec' }), TypeError);
  });
});

describe('permissions on NATS', { skip }, () => {
  test('wrong credentials are told at once; what a user may not ask is refused as such [issue:4.2]', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ateneo-nats-users-'));
    const config = join(folder, 'users.conf');
    writeFileSync(
      config,
      `authorization: { users: [
        { user: asker, password: "p@ss", permissions: { publish: ["rpc.allowed"], subscribe: ["_INBOX.asker.>"] } }
        { user: server, password: s }
      ] }`,
    );
    const server = await startNats({ config });
    const at = `127.0.0.1:${server.port}`;
    await assert.rejects(connectNats({ url: `nats://asker:wrong@${at}`, name: 'asker', timeoutMs: 5_000 }), /Authorization Violation/);
    const link = await connectNats({ url: `nats://asker:p%40ss@${at}`, name: 'asker', timeoutMs: 5_000 });
    const other = await connectNats({ url: `nats://server:s@${at}`, name: 'server', timeoutMs: 5_000 });
    const [asker, answers] = [createNatsBus(link), createNatsBus(other)];
    answers.serve('rpc.allowed', 'q', () => 'yes');
    answers.serve('rpc.forbidden', 'q', () => 'no');
    await other.raw.flush();
    assert.equal(await asker.request('rpc.allowed', 1), 'yes');
    await assert.rejects(asker.request('rpc.forbidden', 1, { timeoutMs: 2_000 }), NotPermittedError);
    await link.close();
    await other.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });
});
