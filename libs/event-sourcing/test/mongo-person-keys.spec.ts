import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openMongoPersonKeys } from '@ateneo/event-sourcing/mongo';
import { personKeysConformance } from '../conformance/person-keys.conformance.js';
import { Commands, type Decider, openSqliteEventStore } from '../src/index.js';
import { temporaryFolder } from './temporary-folder.js';
import { inDatabase, MONGO, onMongo } from '../conformance/on-mongo.conformance.js';

onMongo('keys of people', (server) => {
  personKeysConformance(MONGO, 'many', async () => {
    const { connection } = server();
    const database = `test_${randomUUID().slice(0, 8)}`;
    return {
      open: (masterKey) => openMongoPersonKeys({ connection, database, masterKey }),
      forget: async () => void (await connection.getClient().db(database).dropDatabase()),
    };
  });

  test('a wrapped key serves its own person only, and no byte of a destroyed one stays in its collection [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const masterKey = randomBytes(32);
      const stored = server().connection.getClient().db(database).collection<{ _id: string; wrapped?: unknown }>('person-keys');
      const keys = await openMongoPersonKeys({ connection: server().connection, database, masterKey });
      await keys.ensure(['p1', 'p2', 'p3']);
      await keys.destroy('p3');
      assert.deepEqual(await stored.findOne({ _id: 'p3' }), { _id: 'p3', erased: true });
      await stored.updateOne({ _id: 'p2' }, { $set: { wrapped: (await stored.findOne({ _id: 'p1' }))!.wrapped } });
      const again = await openMongoPersonKeys({ connection: server().connection, database, masterKey });
      await assert.rejects(again.fetch(['p2']));
      assert.equal(again.keyOf('p2'), undefined);
      await Promise.all([keys.close(), again.close()]);
    }));

  test('a command sees the personal fields that another process sealed [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const masterKey = randomBytes(32);
      const open = () => openMongoPersonKeys({ connection: server().connection, database, masterKey });
      const keys = [await open(), await open()];
      const folder = temporaryFolder();
      const store = await openSqliteEventStore({ file: `${folder.path}/a.events.sqlite`, hashKey: masterKey, now: () => Date.now() });
      const [here, there] = keys.map((each) => new Commands({ store, keys: each, hashKey: masterKey }));
      const envelope = { actor: { id: 'a', kind: 'person' as const }, correlationId: 'c' };
      await here!.handle(person, 'p1', { type: 'Name', name: 'Ada' }, envelope);
      const handled = await there!.handle(person, 'p1', { type: 'Name', name: 'Ada Maria' }, envelope);
      assert.deepEqual(handled.ok && handled.state, ['Ada', 'Ada Maria']);
      await store.close();
      await Promise.all(keys.map((each) => each.close()));
      folder.remove();
    }));
});

type Named = { type: 'Named'; personId: string; name: string };
const person: Decider<readonly string[], { type: 'Name'; name: string }, Named> = {
  category: 'person',
  initial: [],
  decide: ({ name }) => [{ type: 'Named', personId: 'p1', name }],
  evolve: (names, { name }) => [...names, name],
  scope: () => ({}),
  personal: { Named: { person: 'personId', fields: ['name'] } },
};
