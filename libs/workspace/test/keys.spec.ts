import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { connectNats } from '@ateneo/messaging/nats';
import { openPassports, type OperationMessage } from '@ateneo/service-kit';
import { certificateOf, makeCertificates, opensslMissing } from '../src/keys/certificates.js';
import { makeSigningKeys, retireSigningKeys, TRUST_FILE } from '../src/keys/signing-keys.js';
import { natsMissing, startNats } from '../src/nats.mjs';

const root = mkdtempSync(join(tmpdir(), 'ateneo-keys-'));
after(() => rmSync(root, { recursive: true }));

describe('signing keys of an installation', () => {
  const folder = join(root, 'signing');
  const TRUSTED_KEYS = `file:${join(folder, TRUST_FILE)}`;
  const keyFile = (name: string) => join(folder, `${name}.key.pem`);
  const passports = (name: string) =>
    openPassports({ BUS_URL: 'nats://127.0.0.1', SIGNING_KEY: `file:${keyFile(name)}`, TRUSTED_KEYS }, name);
  const caller = JSON.stringify({ is: 'service', service: 'career' });
  const call = (from: ReturnType<typeof passports>): OperationMessage => ({
    i: '{}',
    p: caller,
    ...from.stamp('identity.names', caller, '{}'),
    r: 'r1',
  });

  test('each process signs with its own and knows the others [issue4:2]', () => {
    assert.deepEqual(makeSigningKeys(folder, ['career', 'identity']), ['career', 'identity']);
    assert.ok(passports('identity').check('identity.names', call(passports('career'))));
  });

  test('a private key is for its owner’s eyes [issue4:2]', () => assert.equal(statSync(keyFile('career')).mode & 0o777, 0o600));

  test('running it again makes what is missing and leaves the rest [issue4:2]', () => {
    const before = readFileSync(keyFile('career'), 'utf8');
    assert.deepEqual(makeSigningKeys(folder, ['career', 'identity', 'logbook']), ['logbook']);
    assert.equal(readFileSync(keyFile('career'), 'utf8'), before);
    assert.ok(passports('logbook'));
  });

  test('a key is changed while old and new processes run, then the old one is taken out [issue4:2]', () => {
    const [reader, old] = [passports('identity'), passports('career')];
    assert.deepEqual(makeSigningKeys(folder, ['career'], { renew: true }), ['career']);
    const renewed = passports('career');
    for (const signer of [old, renewed]) assert.ok(reader.check('identity.names', call(signer)));
    retireSigningKeys(folder);
    const later = passports('identity');
    assert.ok(later.check('identity.names', call(renewed)));
    assert.equal(later.check('identity.names', call(old)), undefined);
  });
});

describe('mutual TLS', { skip: opensslMissing() ?? natsMissing() ?? false }, () => {
  test('nats-server takes who shows a certificate of the authority, nobody else [issue4:2]', async () => {
    const [folder, stranger] = [join(root, 'tls'), join(root, 'stranger')];
    const wanted = { servers: ['nats'], clients: ['logbook'], hosts: ['localhost', '127.0.0.1'] };
    for (const one of [folder, stranger]) makeCertificates(one, wanted);
    const { caFile, certFile, keyFile } = certificateOf(folder, 'nats');
    const config = join(root, 'tls.conf');
    writeFileSync(config, `tls { cert_file: "${certFile}", key_file: "${keyFile}", ca_file: "${caFile}", verify: true }\n`);
    const server = await startNats({ config });
    const open = (tls: { caFile?: string; certFile?: string; keyFile?: string }) =>
      connectNats({ url: server.url.replace('nats:', 'tls:'), name: 'logbook', tls, timeoutMs: 500 });
    try {
      const link = await open(certificateOf(folder, 'logbook'));
      assert.equal(link.raw.info?.tls_verify, true);
      await link.raw.flush();
      await link.close();
      await assert.rejects(open({ caFile }), 'no certificate');
      await assert.rejects(open({ ...certificateOf(stranger, 'logbook'), caFile }), 'a certificate of another authority');
      await assert.rejects(
        open({ ...certificateOf(folder, 'logbook'), caFile: join(stranger, 'ca.pem') }),
        'a server that it does not know',
      );
    } finally {
      await server.stop();
    }
  });
});
