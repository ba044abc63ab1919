import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { text } from './infra-files.js';

type Command = Readonly<Record<string, unknown>>;
const users = [
  { user: 'logbook', pwd: 'one', databases: ['logbook', 'logbook-keys'] },
  { user: 'reporting', pwd: 'two', databases: ['reporting'] },
];

/** Runs users.js as mongosh would: whatever the server refuses is thrown. `refusal` is what it says to replSetGetStatus. */
function run(refusal: string | undefined, known: readonly string[] = []) {
  const done: Command[] = [];
  const names = new Set(known);
  let initiated = refusal === undefined;
  const admin = {
    runCommand(command: Command) {
      if ('replSetGetStatus' in command && refusal) throw Object.assign(new Error(refusal), { codeName: refusal });
      if ('replSetInitiate' in command) initiated = true;
      if ('hello' in command) return { ok: 1, isWritablePrimary: initiated };
      done.push(command);
      return { ok: 1 };
    },
    getUser: (name: string) => (names.has(name) ? { user: name } : null),
    createUser: (user: Command) => done.push({ created: user }),
    updateUser: (name: string, user: Command) => done.push({ updated: name, user }),
  };
  const files: Readonly<Record<string, string>> = { '/run/keys/root-password': 'secret', '/run/keys/users.json': JSON.stringify(users) };
  runInNewContext(text('infra/mongodb/users.js'), {
    Mongo: class {
      getDB = () => admin;
    },
    require: () => ({ readFileSync: (file: string) => files[file] }),
    process: { env: {} },
    sleep: () => {},
    print: () => {},
  });
  return JSON.parse(JSON.stringify(done)) as Command[];
}

describe('the users of MongoDB', () => {
  test('a server that is no replica set yet becomes one, and then has its users [rev:dist-B1]', () => {
    const [initiated, ...created] = run('NotYetInitialized');
    assert.deepEqual(initiated, { replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: 'mongodb:27017' }] } });
    const roles = [
      { role: 'readWrite', db: 'logbook' },
      { role: 'readWrite', db: 'logbook-keys' },
    ];
    assert.deepEqual(created[0], { created: { user: 'logbook', pwd: 'one', roles } });
    assert.equal(created.length, users.length);
  });

  test('one that is keeps what it has: its users get their passwords and roles anew [rev:dist-B1]', () => {
    const [status, ...changed] = run(undefined, ['logbook']);
    assert.deepEqual(status, { replSetGetStatus: 1 });
    assert.deepEqual(
      changed.map((one) => Object.keys(one)[0]),
      ['updated', 'created'],
    );
  });

  test('any other refusal ends it [rev:dist-B1]', () => assert.throws(() => run('Unauthorized'), /Unauthorized/));
});

test('the folder of a service’s data belongs to the user that the service runs as, so does the volume made of it [rev:dist-B2]', () => {
  const dockerfile = text('infra/Dockerfile');
  const [, user] = /^USER (\S+)$/m.exec(dockerfile) ?? [];
  const owned = dockerfile.indexOf(`COPY --from=gathered --chown=${user} /data /data`);
  assert.ok(owned > 0 && owned < dockerfile.indexOf('VOLUME /data'));
  assert.match(dockerfile, /mkdir \/data/);
});
