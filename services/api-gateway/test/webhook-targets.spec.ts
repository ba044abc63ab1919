import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { post } from '../src/webhooks/post.client.js';
import { type Address, isPublic, TargetRefused, Targets } from '../src/webhooks/targets.client.js';
import { answer, Receiver } from './receiver.js';

const refusal = async (targets: Targets, url: string): Promise<string> => {
  try {
    await targets.addressesOf(targets.parse(url));
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof TargetRefused);
    return error.code;
  }
};

describe('a webhook reaches public addresses only [issue 4 §4]', () => {
  for (const address of [
    '0.0.0.0',
    '0.1.2.3',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.9.9.9',
    '169.254.169.254',
    '168.63.129.16',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
  ])
    test(`${address} is none`, () => assert.equal(isPublic(address), false));
  for (const address of ['8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4002::1'])
    test(`${address} is one`, () => assert.equal(isPublic(address), true));
});

describe('an address that is registered [issue 4 §4]', () => {
  const targets = new Targets(false, async () => [{ address: '93.184.216.34', family: 4 }]);
  for (const [url, code] of [
    ['https://tool.example/hook', 'taken'],
    ['https://tool.example:8443/hook', 'taken'],
    ['http://tool.example/hook', 'https-needed'],
    ['https://tool.example:22/', 'port-not-allowed'],
    ['https://tool.example:6379/', 'port-not-allowed'],
    ['https://me:secret@tool.example/', 'address-not-valid'],
    ['ftp://tool.example/', 'address-not-valid'],
    ['file:///etc/passwd', 'address-not-valid'],
    ['tool.example', 'address-not-valid'],
    [`https://tool.example/${'a'.repeat(2_000)}`, 'address-not-valid'],
    ['https://127.0.0.1/', 'address-not-public'],
    ['https://0x7f.1/', 'address-not-public'],
    ['https://2130706433/', 'address-not-public'],
    ['https://017700000001/', 'address-not-public'],
    ['https://[::1]/', 'address-not-public'],
    ['https://[::ffff:127.0.0.1]/', 'address-not-public'],
    ['https://[::ffff:a9fe:a9fe]/', 'address-not-public'],
    ['https://169.254.169.254/latest/meta-data/', 'address-not-public'],
  ] as const)
    test(`${url.slice(0, 60)}: ${code}`, async () => assert.equal(await refusal(targets, url), code));

  test('with a private address among public ones is refused whole', async () => {
    const mixed = new Targets(false, async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]);
    assert.equal(await refusal(mixed, 'https://tool.example/'), 'address-not-public');
  });
  test('with a name that nobody knows is refused', async () => {
    assert.equal(await refusal(new Targets(false, async () => []), 'https://tool.example/'), 'name-not-found');
  });
});

describe('a delivery [issue 4 §4]', () => {
  let receiver: Receiver;
  before(async () => void (receiver = await Receiver.open()));
  after(() => receiver.close());
  const open = new Targets(true);

  test('goes to the address that was checked: a name that turns to a private one in between is refused, and nothing arrives', async () => {
    const answers: Address[][] = [[{ address: '93.184.216.34', family: 4 }], [{ address: '127.0.0.1', family: 4 }]];
    const targets = new Targets(false, async () => answers.shift() ?? []);
    assert.equal(await refusal(targets, 'https://rebinding.example:8443/'), 'taken');
    const seen = receiver.received.length;
    const outcome = await post(targets, 'https://rebinding.example:8443/', {}, '{}');
    assert.deepEqual(outcome, { delivered: false, status: undefined, reason: 'address-not-public' });
    assert.equal(receiver.received.length, seen);
  });
  test('resolves the name once, and connects to nothing else', async () => {
    let asked = 0;
    const targets = new Targets(true, async () => [{ address: ++asked === 1 ? '127.0.0.1' : '192.0.2.1', family: 4 }]);
    const outcome = await post(targets, `http://tool.invalid:${receiver.port}/hook`, { 'webhook-id': 'x' }, '{"a":"è"}');
    assert.deepEqual([outcome.delivered, asked], [true, 1]);
    const last = receiver.received.at(-1);
    assert.deepEqual([last?.headers.host, last?.body, last?.headers['webhook-id']], [`tool.invalid:${receiver.port}`, '{"a":"è"}', 'x']);
  });
  test('follows no redirect', async () => {
    receiver.answer = (received, response) => answer(received.path === '/hook' ? 302 : 204, { location: '/elsewhere' })(received, response);
    const seen = receiver.received.length;
    assert.deepEqual(await post(open, receiver.url, {}, '{}'), { delivered: false, status: 302, reason: 'http-302' });
    assert.deepEqual(
      receiver.received.slice(seen).map(({ path }) => path),
      ['/hook'],
    );
  });
  test('does not listen to an answer without end', async () => {
    let closed: Promise<void> | undefined;
    receiver.answer = (_received, response) => {
      response.writeHead(200);
      const flood = setInterval(() => response.write('x'.repeat(8_192)), 5);
      closed = new Promise((resolve) => response.once('close', () => (clearInterval(flood), resolve())));
    };
    assert.equal((await post(open, receiver.url, {}, '{}')).status, 200);
    await closed;
  });
  test('waits for an answer no longer than its time, also for one that drips', async () => {
    receiver.answer = (_received, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drip));
    };
    assert.equal((await post(open, receiver.url, {}, '{}', { timeoutMs: 300 })).reason, 'timeout');
    receiver.answer = () => undefined;
    assert.equal((await post(open, receiver.url, {}, '{}', { timeoutMs: 300 })).reason, 'timeout');
  });
  test('to nobody has not arrived', async () => {
    const gone = await Receiver.open();
    const { url } = gone;
    await gone.close();
    assert.equal((await post(open, url, {}, '{}')).reason, 'not-reached');
  });
});

describe('a delivery over TLS [issue 4 §4]', { skip: spawnSync('openssl', ['version']).error ? 'openssl is not installed' : false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  let server: Server;
  let names: (string | false)[] = [];
  const targets = new Targets(true, async () => [{ address: '127.0.0.1', family: 4 }]);
  const to = (host: string) => post(targets, `https://${host}:${(server.address() as AddressInfo).port}/hook`, {}, '{}');

  before(async () => {
    const subject = ['-subj', '/CN=tool.example', '-addext', 'subjectAltName=DNS:tool.example'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      names.push((request.socket as TLSSocket).servername ?? false);
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test('trusts no certificate that it cannot check', async () => {
    assert.deepEqual([(await to('tool.example')).reason, names], ['not-reached', []]);
  });
  test('asks for the name and checks it, though it connects to the address that it checked', async () => {
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, readFileSync(cert, 'utf8')]);
    try {
      names = [];
      assert.deepEqual(await to('tool.example'), { delivered: true, status: 204, reason: 'delivered' });
      assert.equal((await to('other.example')).reason, 'not-reached');
      assert.deepEqual(names, ['tool.example']);
    } finally {
      setDefaultCACertificates(trusted);
    }
  });
});
