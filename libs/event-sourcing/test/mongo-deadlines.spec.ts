import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openMongoDeadlines } from '@ateneo/event-sourcing/mongo';
import { deadlinesConformance } from '../conformance/deadlines.conformance.js';
import { inDatabase, MONGO, onMongo } from '../conformance/on-mongo.conformance.js';
import { Deadlines } from '../src/index.js';

onMongo('deadlines', (server) => {
  deadlinesConformance(MONGO, async () => {
    const { connection } = server();
    const database = `test_${randomUUID().slice(0, 8)}`;
    return {
      open: () => openMongoDeadlines({ connection, database }),
      close: async () => undefined,
      forget: async () => void (await connection.getClient().db(database).dropDatabase()),
    };
  });

  const at = (database: string) => openMongoDeadlines({ connection: server().connection, database });

  test('of several instances one fires each [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const fired: string[] = [];
      const instances = await Promise.all(
        [1, 2, 3, 4, 5].map(async (n) => {
          const table = await at(database);
          const fire = async ({ id }: { readonly id: string }) => {
            fired.push(id);
            await pause(n);
          };
          return new Deadlines({ table, now: () => 5_000, fire });
        }),
      );
      const ids = Array.from({ length: 100 }, (_, n) => `d${n}`);
      await Promise.all(ids.map((id) => instances[0]!.schedule(id, 1_000, null)));
      const counts = await Promise.all(instances.map((each) => each.tick()));
      assert.equal(
        counts.reduce((sum, n) => sum + n, 0),
        100,
      );
      assert.deepEqual(fired.toSorted(), ids.toSorted());
    }));

  test('one whose instance ended while it fired comes back, and nothing asks for it before [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const table = await at(database);
      await table.put({ id: 'a', dueAt: 1_000, payload: { n: 1 } });
      const deadline = { id: 'a', dueAt: 1_000, payload: { n: 1 }, attempts: 0 };
      assert.deepEqual(await table.due(2_000, 10), [deadline]);
      await table.put({ id: 'a', dueAt: 1_000, payload: { n: 1 } });
      assert.deepEqual(await (await at(database)).due(2_000, 10), []);
      const back = (await table.nextAt())!;
      assert.ok(back > 2_000);
      assert.deepEqual(await table.due(back, 10), [deadline]);
    }));

  test('one moved while it fires takes effect at the new moment too [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const table = await at(database);
      await table.put({ id: 'a', dueAt: 1_000, payload: null });
      await table.due(2_000, 10);
      await table.put({ id: 'a', dueAt: 3_000, payload: null });
      await table.remove('a', 1_000);
      assert.deepEqual(
        (await table.due(3_000, 10)).map(({ dueAt }) => dueAt),
        [3_000],
      );
    }));
});
