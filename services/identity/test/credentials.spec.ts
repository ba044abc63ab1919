import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isSealed, open as openSealed, openSqlitePersonKeys, seal } from '@ateneo/event-sourcing';
import { openMongoPersonKeys } from '@ateneo/event-sourcing/mongo';
import { inDatabase, onMongo } from '../../../libs/event-sourcing/conformance/on-mongo.conformance.js';
import { carryKeys } from '../../../libs/workspace/src/cluster/carry-keys.js';
import type { CredentialTable } from '../src/credentials/credential-table.client.js';
import { openMongoCredentialTable } from '../src/credentials/mongo-credential-table.client.js';
import { SqliteCredentialTable } from '../src/credentials/sqlite-credential-table.client.js';

type Tables = { readonly one: CredentialTable; readonly other: CredentialTable };

/** What every table of credentials does; `on` opens an empty one twice, as two instances of identity do. */
function credentialsConformance(on: (body: (tables: Tables) => Promise<void>) => Promise<void>): void {
  const given = (title: string, body: (tables: Tables) => Promise<void>) => test(title, () => on(body));

  given(
    'a user name is given to one person, whoever asks first; it is free again only from its owner [rev:dist-B5]',
    async ({ one, other }) => {
      const owners = await Promise.all([one.reserveName('n', 'ada'), other.reserveName('n', 'eva'), one.reserveName('n', 'ida')]);
      const [owner = ''] = owners;
      assert.deepEqual(owners, [owner, owner, owner]);
      const stranger = owner === 'ada' ? 'eva' : 'ada';
      await one.releaseName('n', stranger);
      assert.equal(await other.ownerOf('n'), owner);
      await other.releaseName('n', owner);
      assert.equal(await one.reserveName('n', stranger), stranger);
    },
  );

  given('a password set at one instance is known to all, and each time it is set counts [rev:dist-B5]', async ({ one, other }) => {
    assert.equal(await one.password('ada'), undefined);
    await Promise.all([one.setPassword('ada', 'h1'), other.setPassword('ada', 'h1')]);
    assert.deepEqual(await other.password('ada'), { hash: 'h1', changes: 2 });
    await one.keepPasswordAs('ada', 'h1-new', 'h1');
    await other.keepPasswordAs('ada', 'h1-late', 'h1');
    assert.deepEqual(await other.password('ada'), { hash: 'h1-new', changes: 2 });
  });

  given('an invitation is taken once, until it expires, and the last one alone is good [rev:dist-B5]', async ({ one, other }) => {
    await one.putInvitation('i1', 'ada', 100, 0);
    await other.putInvitation('i2', 'ada', 100, 0);
    await other.putInvitation('e1', 'eva', 100, 0);
    assert.equal(await one.findInvitation('i1', 1), undefined);
    assert.deepEqual([await one.findInvitation('i2', 100), await one.findInvitation('i2', 101)], ['ada', undefined]);
    const taken = await Promise.all([one.takeInvitation('i2', 1), other.takeInvitation('i2', 1), one.takeInvitation('i2', 1)]);
    assert.deepEqual(
      taken.filter((each) => each !== undefined),
      ['ada'],
    );
    assert.equal(await other.takeInvitation('e1', 101), undefined);
    await one.putInvitation('i3', 'ada', 300, 200);
    await one.putInvitation('i3', 'ada', 400, 200);
    assert.equal(await other.takeInvitation('i3', 350), 'ada');
  });

  given('the secret of a service account is replaced, kept in another form and removed for all [rev:dist-B5]', async ({ one, other }) => {
    await one.setAccountSecret('tool', 's1');
    await other.setAccountSecret('tool', 's2');
    await one.keepAccountSecretAs('tool', 's1-new', 's1');
    assert.equal(await one.accountSecret('tool'), 's2');
    await one.keepAccountSecretAs('tool', 's2-new', 's2');
    assert.equal(await other.accountSecret('tool'), 's2-new');
    await other.removeAccountSecret('tool');
    assert.equal(await one.accountSecret('tool'), undefined);
  });

  given('whoever is forgotten has nothing to sign in with, others keep theirs [rev:dist-B5]', async ({ one, other }) => {
    const mark = (personId: string) => ({ personId, role: 'tutor', note: { it: `di ${personId}`, en: `of ${personId}` } });
    for (const person of ['ada', 'eva']) {
      await one.reserveName(`name of ${person}`, person);
      await one.setPassword(person, 'h');
      await one.putInvitation(`invitation of ${person}`, person, 100, 0);
    }
    await one.markDemo([mark('eva'), mark('ada')]);
    assert.deepEqual(await other.demoMarks(), [mark('eva'), mark('ada')]);
    await one.forget('ada');
    const left = async (person: string) => [
      await other.ownerOf(`name of ${person}`),
      (await other.password(person))?.hash,
      await other.findInvitation(`invitation of ${person}`, 1),
    ];
    assert.deepEqual(
      [await left('ada'), await left('eva')],
      [
        [undefined, undefined, undefined],
        ['eva', 'h', 'eva'],
      ],
    );
    assert.deepEqual(await other.demoMarks(), [mark('eva')]);
  });
}

const closing = async ({ one, other }: Tables, body: (tables: Tables) => Promise<void>): Promise<void> => {
  try {
    await body({ one, other });
  } finally {
    await one.close();
    await other.close();
  }
};

describe('credentials in SQLite', () => {
  let folder = '';
  let count = 0;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'ateneo-credentials-'))));
  after(() => rm(folder, { recursive: true }));
  credentialsConformance((body) => {
    const file = join(folder, `${++count}.sqlite`);
    return closing({ one: new SqliteCredentialTable(file), other: new SqliteCredentialTable(file) }, body);
  });
});

onMongo('credentials', (server) =>
  credentialsConformance((body) =>
    inDatabase(server().connection, async (database) => {
      const open = () => openMongoCredentialTable(server().url, database);
      await closing({ one: await open(), other: await open() }, body);
    }),
  ),
);

onMongo('the keys file of a composed process, carried to where the deployed service looks', (server) => {
  test('opens there: keys of people, and what they sign in with [rev:dist-B8]', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-carried-'));
    const masterKey = Buffer.alloc(32, 7);
    const file = join(folder, 'identity.keys.sqlite');
    const mark = { personId: 'ada', role: 'tutor', note: { it: 'di', en: 'of' } };
    const from = new SqliteCredentialTable(file);
    await from.reserveName('n', 'ada');
    await from.setAccountSecret('tool', 's');
    await from.markDemo([mark]);
    await from.close();
    const own = openSqlitePersonKeys({ file, masterKey });
    await own.ensure(['ada']);
    const sealed = seal(own, 'ada', 'Ada Lovelace');
    assert.ok(isSealed(sealed));
    await own.destroy('eva');
    await own.close();
    const url = server().url;
    try {
      await carryKeys(url, ['identity'], () => folder);
      await carryKeys(url, ['identity'], () => folder);
      const keys = await openMongoPersonKeys({ url, database: 'ateneo_identity_keys', masterKey });
      await keys.fetch(['ada']);
      assert.equal(openSealed(keys, sealed), 'Ada Lovelace');
      assert.deepEqual([...keys.erased()], ['eva']);
      await keys.close();
      const to = await openMongoCredentialTable(url);
      assert.deepEqual([await to.ownerOf('n'), await to.accountSecret('tool'), await to.demoMarks()], ['ada', 's', [mark]]);
      await to.close();
    } finally {
      await server().connection.getClient().db('ateneo_identity_keys').dropDatabase();
      await rm(folder, { recursive: true });
    }
  });
});
