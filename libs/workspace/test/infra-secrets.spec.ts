import { after, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsMissing, startNats } from '../src/nats.mjs';
import { realmFor } from '../src/secrets.mjs';
import { composeText, MadeSecrets, matches, root, services, sorted, text, variablesIn } from './infra-files.js';

const secrets = new MadeSecrets();
after(() => secrets.remove());

describe('the secrets of an installation', () => {
  test('are made once, and each process is given its own private key and all public ones [arch:3]', () => {
    const made = secrets.read('secrets.json');
    secrets.make();
    assert.equal(secrets.read('secrets.json'), made);
    const { signing } = JSON.parse(made) as { signing: Record<string, string> };
    for (const service of services) {
      assert.deepEqual(Object.keys(JSON.parse(secrets.read(service, 'trusted-keys.json')) as object).sort(), [...services].sort());
      const environment = secrets.read(service, 'service.env');
      for (const [other, key] of Object.entries(signing))
        assert.equal(environment.includes(key), other === service, `${service} and ${other}`);
    }
  });

  test('the first administrator’s is given to identity and to whoever installs, to no other process [rev:dist-B3]', () => {
    const secret = secrets.read('first-administrator', 'secret');
    for (const service of services) {
      const given = variablesIn(secrets.read(service, 'service.env'));
      assert.equal(given['FIRST_ADMINISTRATOR_SECRET'], service === 'identity' ? secret : undefined, service);
    }
    assert.match(secret, /^[\w-]{20,200}$/, 'as identity accepts it');
  });

  test('none stands in the repository outside the demo’s realm [arch:2]', () => {
    const { clients, users } = realmFor({ publicUrl: 'https://ateneo.example', demo: false });
    assert.deepEqual(
      clients.filter(({ secret }) => secret),
      [],
    );
    assert.deepEqual(
      users.filter(({ credentials }) => credentials),
      [],
    );
    assert.ok(clients.some(({ redirectUris = [] }) => redirectUris.includes('https://ateneo.example/auth/callback')));
    const values = matches(/(?:PASSWORD|SECRET|_KEY)\w*: *([^\s#,}]+)/g, `${composeText}\n${text('infra/observability/compose.yml')}`);
    assert.deepEqual(
      values.filter((value) => !/^(file:)?\/run\/keys\//.test(value)),
      [],
    );
  });

  test('have a password for every user of the bus, and NATS accepts the configuration [arch:4]', { skip: natsMissing() }, async () => {
    const passwords = variablesIn(secrets.read('nats', 'passwords.env'));
    assert.deepEqual(Object.keys(passwords).sort(), sorted(matches(/\$(NATS_\w+)/g, text('infra/nats/permissions.conf'))));
    const folder = mkdtempSync(join(tmpdir(), 'ateneo-nats-conf-'));
    cpSync(join(root, 'infra/nats'), folder, { recursive: true });
    try {
      const config = join(folder, 'nats.conf');
      // the test's server has a folder and ports of its own
      writeFileSync(config, readFileSync(config, 'utf8').replace(/^ *(store_dir|port|http_port): .*\n/gm, ''));
      const server = await startNats({ config, env: passwords });
      await server.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
