import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Problem, reasonOf, Trouble } from '@ateneo/event-sourcing';
import { ConfigurationError } from './config.js';
import { KeyPairPassports, openPassports } from './key-pair-passports.js';
import { type Caller, type OperationMessage, ProcessPassports } from './passport.js';
import { keyIdOf, TrustedKeys } from './trusted-keys.js';

const folder = mkdtempSync(join(tmpdir(), 'ateneo-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pair = () => generateKeyPairSync('ed25519').privateKey;
const spki = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
const pkcs8 = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const keys = { 'api-gateway': pair(), logbook: pair(), career: pair() };
const ownKey = (key: KeyObject) => ({ id: keyIdOf(createPublicKey(key)), key });
let files = 0;
const trustFile = (content: object): string => {
  const file = join(folder, `trusted-${++files}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const everyone = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, spki(key)]));

const actor = JSON.stringify({ is: 'actor', actor: { id: 'p1', kind: 'person', profiles: [], locale: 'it' } } satisfies Caller);
const service = (name: string) => JSON.stringify({ is: 'service', service: name } satisfies Caller);
const input = '{"entryId":"e1"}';
const operation = 'logbook.submit-entry';

describe('passports between processes', () => {
  let now = 1_000_000;
  const clock = () => now;
  const trust = trustFile(everyone);
  const passports = (key: KeyObject, trusted = trust, time = clock) =>
    new KeyPairPassports(ownKey(key), new TrustedKeys(trusted, undefined, time), time);
  const signer = (name: keyof typeof keys) => passports(keys[name]);
  const reader = signer('logbook');
  const message = (from: KeyPairPassports, caller: string, c?: string): OperationMessage => {
    return { i: input, p: caller, ...from.stamp(operation, caller, input, c), c, r: 'r1' };
  };

  test('the gateway signs for an actor and for itself, a service for itself [arch:3]', () => {
    assert.deepEqual(reader.check(operation, message(signer('api-gateway'), actor, 'c1')), JSON.parse(actor));
    assert.deepEqual(reader.check(operation, message(signer('api-gateway'), service('api-gateway'))), JSON.parse(service('api-gateway')));
    assert.deepEqual(reader.check(operation, message(signer('career'), service('career'))), JSON.parse(service('career')));
  });

  test('a service can invent no actor [arch:3]', () => assert.equal(reader.check(operation, message(signer('career'), actor)), undefined));

  test('nobody signs for another service, the gateway included [arch:3]', () => {
    assert.equal(reader.check(operation, message(signer('career'), service('api-gateway'))), undefined);
    assert.equal(reader.check(operation, message(signer('career'), service('logbook'))), undefined);
    assert.equal(reader.check(operation, message(signer('api-gateway'), service('career'))), undefined);
  });

  test('what is neither an actor nor a service is nobody, also from the gateway [arch:3]', () => {
    for (const text of ['{}', 'null', '"x"', 'no json', '{"is":"system"}'])
      assert.equal(reader.check(operation, message(signer('api-gateway'), text)), undefined, text);
  });

  test('it is good for its operation, body, caller and command, and for nothing else [arch:3]', () => {
    const good = message(signer('api-gateway'), actor, 'c1');
    assert.equal(reader.check('logbook.validate-entry', good), undefined);
    const changes: Partial<OperationMessage>[] = [
      { i: '{"entryId":"e2"}' },
      { p: actor.replace('p1', 'p2') },
      { p: actor + input.slice(0, 1), i: input.slice(1) },
      { c: 'c2' },
      { c: undefined },
      { s: good.s.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
      { s: '' },
      { x: good.x + 1 },
      { x: String(good.x) as never },
    ];
    for (const change of changes) assert.equal(reader.check(operation, { ...good, ...change }), undefined, JSON.stringify(change));
  });

  test('a key that nobody knows, another’s key and none at all are refused [arch:3]', () => {
    const good = message(signer('api-gateway'), actor);
    assert.equal(reader.check(operation, message(passports(pair()), actor)), undefined);
    assert.equal(reader.check(operation, { ...good, k: keyIdOf(createPublicKey(keys.career)) }), undefined);
    assert.equal(reader.check(operation, { ...good, k: undefined }), undefined);
  });

  test('it lasts 60 seconds, give or take 5 for clocks that differ [arch:3]', () => {
    const shifted = (ms: number) =>
      reader.check(
        operation,
        message(
          passports(keys['api-gateway'], trust, () => now + ms),
          actor,
        ),
      );
    for (const ms of [-65_000, -60_000, 0, 5_000]) assert.ok(shifted(ms), `a clock ${ms} ms away`);
    for (const ms of [-65_001, 5_001, 3_600_000]) assert.equal(shifted(ms), undefined, `a clock ${ms} ms away`);
  });

  test('a new key is good as soon as the file names it, beside the old one [issue4:2]', () => {
    const next = pair();
    const file = trustFile(everyone);
    const holder = passports(keys.logbook, file);
    const gateway = () => holder.check(operation, message(signer('api-gateway'), actor));
    const renewed = () => holder.check(operation, message(passports(next), actor));
    writeFileSync(file, JSON.stringify({ ...everyone, 'api-gateway': [everyone['api-gateway'], spki(next)] }));
    assert.ok(renewed());
    assert.ok(gateway());
  });

  test('unknown keys make the file be read once within 10 s [issue4:2]', () => {
    const next = pair();
    const file = trustFile(everyone);
    const holder = passports(keys.logbook, file);
    const stranger = message(passports(pair()), actor);
    assert.equal(holder.check(operation, stranger), undefined);
    writeFileSync(file, JSON.stringify({ ...everyone, career: [spki(next)] }));
    now += 9_999;
    const early = message(passports(next), service('career'));
    assert.equal(holder.check(operation, early), undefined);
    now += 1;
    assert.ok(holder.check(operation, early));
  });

  test('a key taken out of the file is refused within 10 s [issue4:2]', () => {
    const file = trustFile(everyone);
    const holder = passports(keys.logbook, file);
    const old = message(signer('api-gateway'), actor);
    writeFileSync(file, JSON.stringify({ ...everyone, 'api-gateway': spki(pair()) }));
    assert.ok(holder.check(operation, old));
    now += 10_000;
    assert.equal(holder.check(operation, old), undefined);
  });

  test('a file that is half written changes nothing and is told until it can be read [issue4:2] [rev:arch-5]', () => {
    const file = trustFile(everyone);
    const told: Problem[] = [];
    const trouble = new Trouble((problem) => void told.push(problem), { part: 'passports', what: 'public keys' });
    const holder = new KeyPairPassports(ownKey(keys.logbook), new TrustedKeys(file, trouble, clock), clock);
    writeFileSync(file, '{ "career": ');
    now += 10_000;
    assert.ok(holder.check(operation, message(signer('api-gateway'), actor)));
    const [first] = told;
    assert.match(first?.is === 'goes-on' ? reasonOf(first.error) : '', /TRUSTED_KEYS names .*, which cannot be read/);
    writeFileSync(file, JSON.stringify(everyone));
    now += 10_000;
    assert.ok(holder.check(operation, message(signer('api-gateway'), actor)));
    assert.deepEqual(
      told.map(({ is }) => is),
      ['goes-on', 'over'],
    );
  });
});

describe('passports by configuration', () => {
  const BUS_URL = 'nats://127.0.0.1:4222';
  const TRUSTED_KEYS = `file:${trustFile(everyone)}`;
  const opened = (SIGNING_KEY?: string, trusted: string | undefined = TRUSTED_KEYS, name = 'logbook') =>
    openPassports({ BUS_URL, SIGNING_KEY, TRUSTED_KEYS: trusted }, name);
  const refuses = (open: () => unknown, says: RegExp) =>
    assert.throws(open, (error) => error instanceof ConfigurationError && says.test(error.message));

  test('one process alone needs no key pair [arch:3]', () =>
    assert.ok(
      openPassports({ BUS_URL: 'memory:', SIGNING_KEY: undefined, TRUSTED_KEYS: undefined }, 'logbook') instanceof ProcessPassports,
    ));

  test('the key stands in PEM, in base64 or in a file [issue4:2]', () => {
    const pem = keys.logbook.export({ format: 'pem', type: 'pkcs8' }) as string;
    const file = join(folder, 'logbook.key.pem');
    writeFileSync(file, pem);
    for (const value of [pem, pem.replaceAll('\n', '\\n'), pkcs8(keys.logbook), `file:${file}`, `file://${file}`])
      assert.ok(opened(value) instanceof KeyPairPassports);
  });

  test('what is missing or wrong is named, a key never shown [arch:6]', () => {
    refuses(() => opened(), /^SIGNING_KEY is not set/);
    refuses(
      () => openPassports({ BUS_URL, SIGNING_KEY: undefined, TRUSTED_KEYS: undefined }, 'logbook'),
      /^SIGNING_KEY is not set.*\nTRUSTED_KEYS is not set/,
    );
    refuses(() => opened('secret words'), /^SIGNING_KEY holds no Ed25519 private key(?!.*secret words)/);
    refuses(() => opened(pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)), /^SIGNING_KEY holds no Ed25519/);
    refuses(() => opened('file:/nowhere/key.pem'), /^SIGNING_KEY names \/nowhere\/key.pem, which cannot be read/);
    refuses(() => opened(pkcs8(keys.logbook), 'file:/nowhere/keys.json'), /^TRUSTED_KEYS names \/nowhere\/keys.json, which cannot be read/);
    refuses(() => opened(pkcs8(keys.logbook), `file:${trustFile({ logbook: 7 })}`), /not an object of process names and keys/);
    refuses(() => opened(pkcs8(keys.logbook), `file:${trustFile({ logbook: 'x' })}`), /the key of logbook in .* is no Ed25519 public key/);
    refuses(
      () => opened(pkcs8(keys.logbook), `file:${trustFile({ ...everyone, career: everyone.logbook })}`),
      /gives one key to both logbook and career/,
    );
  });

  test('a process with the key of another does not start [issue4:2]', () =>
    refuses(() => opened(pkcs8(keys.career)), /^SIGNING_KEY holds a key that .* does not name as one of logbook/));
});
