import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteEventStore, type SqliteEventStore } from '@ateneo/event-sourcing';
import { openMongoCheckpoints } from '@ateneo/read-models/mongo';
import { inDatabase, MONGO, onMongo } from '../../event-sourcing/conformance/on-mongo.conformance.js';
import { checkpointsConformance } from '../conformance/checkpoints.conformance.js';
import { openSqliteCheckpoints } from '../src/index.js';

checkpointsConformance('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  let store: SqliteEventStore | undefined;
  return {
    async open() {
      await store?.close();
      store = await openSqliteEventStore({ file: join(folder, 'a.events.sqlite'), hashKey: Buffer.alloc(32, 1), now: () => Date.now() });
      return openSqliteCheckpoints(store);
    },
    async forget() {
      await store?.close();
      await rm(folder, { recursive: true });
    },
  };
});

onMongo('checkpoints of reactions', (server) => {
  checkpointsConformance(MONGO, async () => {
    const { connection } = server();
    const database = `test_${randomUUID().slice(0, 8)}`;
    return {
      open: () => openMongoCheckpoints({ connection, database }),
      forget: async () => void (await connection.getClient().db(database).dropDatabase()),
    };
  });

  test('an instance that comes late does not move a checkpoint back [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const [here, there] = await Promise.all([1, 2].map(() => openMongoCheckpoints({ connection: server().connection, database })));
      const at = (position: number) => ({ origin: 'depot', epoch: 'e', mappingVersion: 1, position });
      await here!.save('when-a-then-b', at(10), []);
      await there!.save('when-a-then-b', at(6), []);
      assert.deepEqual(await there!.load('when-a-then-b'), [at(10)]);
    }));
});
