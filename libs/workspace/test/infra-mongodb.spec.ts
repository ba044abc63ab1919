import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { checkerFile, checkerMissing } from '../src/checkers.mjs';
import { FakeMongod } from './fake-mongod.js';
import { root, text } from './infra-files.js';

const users = [
  { user: 'logbook', pwd: 'one', databases: ['ateneo_logbook', 'ateneo_logbook_keys'] },
  { user: 'reporting', pwd: 'two', databases: ['ateneo_reporting'] },
];

/** Runs users.js in a real mongosh, as the containers do. */
async function run(server: FakeMongod, password: string): Promise<{ readonly code: number; readonly said: string }> {
  const keys = mkdtempSync(join(tmpdir(), 'ateneo-mongosh-'));
  try {
    writeFileSync(join(keys, 'root-password'), password);
    writeFileSync(join(keys, 'users.json'), JSON.stringify(users));
    const args = [checkerFile('mongosh'), '--quiet', '--norc', '--nodb', '--file', join(root, 'infra/mongodb/users.js')];
    const env = { PATH: process.env['PATH'], HOME: keys, KEYS_FOLDER: keys, MONGODB_HOST: server.host };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env, timeout: 120_000 });
    return { code: 0, said: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: `${stdout}${stderr}` };
  } finally {
    rmSync(keys, { recursive: true, force: true });
  }
}

describe('the users of MongoDB, by a real mongosh', { skip: checkerMissing('mongosh') }, () => {
  let server: FakeMongod;
  before(async () => void (server = await FakeMongod.open('secret')));
  after(() => server.close());
  const names = () => server.done.map((command) => `${Object.keys(command)[0]} ${JSON.stringify(Object.values(command)[0])}`);

  test('whoever cannot sign in changes nothing, and ends with an error [rev:dist-B1]', async () => {
    const { code, said } = await run(server, 'wrong');
    assert.ok(code !== 0, said);
    assert.deepEqual(server.done, []);
  });

  test('a server that is no replica set yet becomes one, and then has its users [rev:dist-B1]', async () => {
    const { code, said } = await run(server, 'secret');
    assert.equal(code, 0, said);
    const [initiated, created] = server.done;
    assert.deepEqual(initiated, { replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: server.host }] } });
    const roles = ['ateneo_logbook', 'ateneo_logbook_keys'].map((db) => ({ role: 'readWrite', db }));
    assert.deepEqual(created, { createUser: 'logbook', pwd: 'one', roles });
    assert.equal(server.done.length, 1 + users.length);
  });

  test('one that is keeps what it has: its users get their passwords and roles anew [rev:dist-B1]', async () => {
    server.done.length = 0;
    const { code, said } = await run(server, 'secret');
    assert.equal(code, 0, said);
    assert.deepEqual(names(), ['updateUser "logbook"', 'updateUser "reporting"']);
  });
});

test('the folder of a service’s data belongs to the user that the service runs as, so does the volume made of it [rev:dist-B2]', () => {
  const dockerfile = text('infra/Dockerfile');
  const [, user] = /^USER (\S+)$/m.exec(dockerfile) ?? [];
  const owned = dockerfile.indexOf(`COPY --from=gathered --chown=${user} /data /data`);
  assert.ok(owned > 0 && owned < dockerfile.indexOf('VOLUME /data'));
  assert.match(dockerfile, /mkdir \/data/);
});
