import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ERASED } from '@ateneo/event-sourcing';
import { openMongoPersonKeys } from '@ateneo/event-sourcing/mongo';
import { connectMongo, MongoUnavailableError, openMongoReadModels } from '@ateneo/read-models/mongo';
import type { Connection } from 'mongoose';
import { freePort } from '../../workspace/src/nats.mjs';
import { books, readModelsConformance } from '../conformance/read-models.conformance.js';
import { type Build, type CollectionSpec, type Commit, FencedError, sealerOf } from '../src/index.js';
import { inDatabase, MONGO, onMongo } from '../../event-sourcing/conformance/on-mongo.conformance.js';

const KEEP_MS = 1_400;
const CLEARED_UP_MS = KEEP_MS + 1_000;
const nothing: Commit = { documents: [], checkpoints: [], aside: [], released: [] };
const book = (id: string, pages: number) => ({
  collection: 'books',
  id,
  document: { id, title: id, shelf: null, pages },
  positions: { 'library/1': pages },
});
const checkpoint = (position: number) => ({ origin: 'library', epoch: 'e', mappingVersion: 1, position });
const aside = (sequence: number) => ({
  sequence,
  key: 'k',
  origin: 'library',
  position: 1,
  stream: 's',
  why: 'poison' as const,
  reason: 'broken',
  awaits: undefined,
  event: null,
});
const open = (connection: Connection, database: string, keepMs?: number) =>
  openMongoReadModels({ connection, service: 'library', database, keepMs });
const idsOf = async (build: Build) => (await build.scan('books', '', 10)).map(({ id }) => id).join('');
const claimed = (build: Build, unit: string) => build.claim!(unit);

onMongo('document store', (server) => {
  readModelsConformance(MONGO, async () => {
    const { connection } = server();
    const database = `test_${randomUUID().slice(0, 8)}`;
    return {
      open: (sealer) => openMongoReadModels({ connection, service: 'library', database, sealer }),
      forget: async () => void (await connection.getClient().db(database).dropDatabase()),
    };
  });

  const withTwo = (body: (one: Build, two: Build, database: string) => Promise<void>) => () =>
    inDatabase(server().connection, async (database) => {
      const models = await Promise.all([open(server().connection, database), open(server().connection, database)]);
      const builds = await Promise.all(models.map((each) => each.openBuild('library', '1.1', [books])));
      await models[0]!.switchTo('library', '1.1');
      await body(builds[0]!, builds[1]!, database);
      await Promise.all(models.map((each) => each.close()));
    });

  test(
    'who claims a unit fences out who had it, and nobody else [arch:5]',
    withTwo(async (one, two) => {
      const [mine, other] = [await claimed(one, 'p01'), await claimed(one, 'p02')];
      await mine.commit({ ...nothing, documents: [book('a', 1)], checkpoints: [checkpoint(1)], aside: [aside(1)] });
      await other.commit({ ...nothing, documents: [book('b', 1)], checkpoints: [checkpoint(5)] });
      const taken = await claimed(two, 'p01');
      assert.deepEqual(await taken.checkpoints(), [checkpoint(1)]);
      assert.deepEqual(await taken.aside(), [aside(1)]);
      await taken.commit({ ...nothing, documents: [book('a', 2)], checkpoints: [checkpoint(2)] });
      const late = { ...nothing, documents: [book('a', 9), book('z', 9)], checkpoints: [checkpoint(9)], aside: [aside(9)] };
      await assert.rejects(mine.commit(late), FencedError);
      await assert.rejects(mine.commit(late), FencedError);
      await other.commit({ ...nothing, documents: [book('c', 1)], checkpoints: [checkpoint(6)] });
      assert.deepEqual([await idsOf(taken), await idsOf(other), await idsOf(one)], ['a', 'bc', '']);
      assert.deepEqual((await taken.load('books', ['a', 'b'])).get('a')?.document, book('a', 2).document);
      assert.deepEqual(await taken.aside(), [aside(1)]);
      assert.deepEqual(await one.waiting!(), [{ ...aside(1), unit: 'p01' }]);
      const seen = (await two.visible!()).map(({ unit, position }) => [unit, position]).sort();
      assert.deepEqual(seen, [
        ['p01', 2],
        ['p02', 6],
      ]);
    }),
  );

  test('what was removed goes for good by the clock of the database, whatever the instance takes the time for [issue8:clock]', (t) =>
    withTwo(async (one, _two, database) => {
      const mine = await claimed(one, 'p01');
      await mine.commit({ ...nothing, documents: [book('a', 1), book('b', 1)], checkpoints: [checkpoint(1)], aside: [aside(1)] });
      t.mock.timers.enable({ apis: ['Date'], now: 0 });
      const removed = { collection: 'books', id: 'a', document: undefined, positions: {} };
      await mine.commit({ ...nothing, documents: [removed], checkpoints: [checkpoint(2)], released: [1] });
      t.mock.timers.reset();
      assert.deepEqual([await idsOf(mine), await mine.aside()], ['b', []]);
      const db = server().connection.getClient().db(database);
      const left: Record<string, unknown>[] = [];
      for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray())
        left.push(
          ...(await db
            .collection(name)
            .find({ gone: { $type: 'date' } })
            .toArray()),
        );
      assert.deepEqual(left.map((each) => Object.keys(each).sort().join()).sort(), ['_id,batch,gone,unit', '_id,batch,gone,unit']);
      for (const { gone } of left) assert.ok((gone as Date).getTime() > Date.parse('2020-01-01'), String(gone));
    })());

  test(
    'of two that write the same unit unclaimed, the slower finds out and reads anew [arch:4]',
    withTwo(async (one, two) => {
      await Promise.all([one.checkpoints(), two.checkpoints()]);
      const ends = await Promise.allSettled(
        [one, two].map((each, n) => each.commit({ ...nothing, documents: [book(`${n}`, n)], checkpoints: [checkpoint(n + 1)] })),
      );
      assert.deepEqual(ends.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      const slower = ends[0]!.status === 'rejected' ? one : two;
      await assert.rejects(slower.commit({ ...nothing, checkpoints: [checkpoint(9)] }), FencedError);
      assert.equal((await slower.checkpoints()).length, 1);
      await slower.commit({ ...nothing, documents: [book('x', 1)], checkpoints: [checkpoint(3)] });
      for (const each of [one, two]) assert.deepEqual(await each.checkpoints(), [checkpoint(3)]);
    }),
  );

  test(
    'claims at the same moment leave one owner [arch:5]',
    withTwo(async (one, two) => {
      const all = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => claimed(n % 2 ? one : two, 'p07')));
      const owners = all.filter((end) => end.status === 'fulfilled').map(({ value }) => value);
      const ends = await Promise.allSettled(
        owners.map((owner, n) => owner.commit({ ...nothing, documents: [book('a', n)], checkpoints: [checkpoint(n + 1)] })),
      );
      assert.equal(ends.filter(({ status }) => status === 'fulfilled').length, 1);
    }),
  );

  test(
    'a removed document stays away from queries, and may come back',
    withTwo(async (one) => {
      await one.commit({ ...nothing, documents: [book('a', 1), book('b', 2)] });
      await one.commit({ ...nothing, documents: [{ collection: 'books', id: 'a', document: undefined, positions: {} }] });
      assert.deepEqual([await idsOf(one), [...(await one.load('books', ['a'])).keys()]], ['b', []]);
      await one.commit({ ...nothing, documents: [book('a', 3)] });
      assert.equal(await idsOf(one), 'ab');
    }),
  );

  test('a switch is seen by every instance, without a moment of emptiness; the old collections go later [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const [one, two] = await Promise.all([open(server().connection, database, 1_500), open(server().connection, database, 1_500)]);
      const old = await one.openBuild('library', '1.1', [books]);
      await old.commit({ ...nothing, documents: [book('a', 1)] });
      await one.switchTo('library', '1.1');
      const there = two.collection('library', books);
      assert.equal((await there.get('a'))?.pages, 1);
      const next = await one.openBuild('library', '2.1', [books]);
      await next.commit({ ...nothing, documents: [book('a', 2)] });
      await one.switchTo('library', '2.1');
      await assert.rejects(old.commit({ ...nothing, documents: [book('a', 7)] }), FencedError);
      await assert.rejects(old.checkpoints(), FencedError);
      const seen = new Set<number | undefined>();
      const db = server().connection.getClient().db(database);
      const names = async () => (await db.listCollections().toArray()).map(({ name }) => name).filter((name) => name.includes('@1.1.'));
      for (let n = 0; n < 400 && (!seen.has(2) || (await names()).length > 0); n++) {
        seen.add((await there.get('a'))?.pages);
        await pause(10);
      }
      assert.deepEqual(
        [...seen].filter((pages) => pages !== 1),
        [2],
      );
      assert.deepEqual(await names(), []);
      assert.deepEqual(await two.builds('library'), { live: '2.1', all: ['2.1'] });
      await Promise.all([one.close(), two.close()]);
    }));

  test('another instance that clears up leaves alone what was replaced a moment ago [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const [one, two] = await Promise.all([open(server().connection, database), open(server().connection, database, KEEP_MS)]);
      await two.openBuild('library', '1.1', [books]);
      const names = async () => (await server().connection.getClient().db(database).listCollections().toArray()).map(({ name }) => name);
      const before = (await names()).filter((name) => name.includes('@'));
      await pause(KEEP_MS - 200);
      await one.openBuild('library', '2.1', [books]);
      await one.switchTo('library', '2.1');
      await pause(CLEARED_UP_MS - KEEP_MS + 600);
      const left = await names();
      assert.deepEqual(
        before.filter((name) => !left.includes(name)),
        [],
      );
      await Promise.all([one.close(), two.close()]);
    }));

  for (const [whose, hours] of [
    ['ahead', 24],
    ['behind', -24],
  ] as const)
    test(`what an instance whose clock is a day ${whose} replaced is cleared up when its time has come, and not before [rev:arch-14]`, (t) =>
      inDatabase(server().connection, async (database) => {
        const models = await open(server().connection, database, KEEP_MS);
        await models.openBuild('library', '1.1', [books]);
        const names = async () => (await server().connection.getClient().db(database).listCollections().toArray()).map(({ name }) => name);
        const before = (await names()).filter((name) => name.includes('@library@1.1.'));
        const now = Date.now;
        t.mock.method(Date, 'now', () => now() + hours * 3_600_000);
        await models.openBuild('library', '2.1', [books]);
        await models.switchTo('library', '2.1');
        t.mock.restoreAll();
        await models.close();
        const lines = server().connection.getClient().db(database).collection<{ _id: string; retired: { at: number }[] }>('projections');
        const [retired] = (await lines.findOne({ _id: 'library' }))!.retired;
        assert.ok(Math.abs(retired!.at - now()) < 3_600_000);
        const later = await open(server().connection, database, KEEP_MS);
        await later.openBuild('library', '2.1', [books]);
        const left = async () => (await names()).filter((name) => before.includes(name)).length;
        assert.equal(await left(), before.length);
        for (let n = 0; n < 400 && (await left()) > 0; n++) await pause(50);
        assert.equal(await left(), 0);
        await later.close();
      }));

  test('every instance reads open what another has sealed, and as erased once the key is gone [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const { connection } = server();
      const masterKey = randomBytes(32);
      const keys = await Promise.all([1, 2].map(() => openMongoPersonKeys({ connection, database, masterKey })));
      const [one, two] = await Promise.all(
        keys.map((each) => openMongoReadModels({ connection, service: 'library', database, sealer: sealerOf(each) })),
      );
      const build = await one!.openBuild('cards', '1.1', [cards]);
      const card = { personId: 'p1', name: 'Ada' };
      await build.commit({ ...nothing, documents: [{ collection: 'cards', id: 'k', document: card, positions: {} }] });
      await one!.switchTo('cards', '1.1');
      assert.deepEqual(await two!.collection('cards', cards).find({}), [card]);
      const there = await two!.openBuild('cards', '1.1', [cards]);
      assert.deepEqual((await there.load('cards', ['k'])).get('k')?.document, card);
      await keys[1]!.destroy('p1');
      assert.equal((await two!.collection('cards', cards).get('k'))?.name, ERASED);
      await Promise.all([...keys, one!, two!].map((each) => each.close()));
    }));

  test('a build that was dropped begins empty under the same id [arch:4]', () =>
    inDatabase(server().connection, async (database) => {
      const models = await open(server().connection, database);
      const first = await models.openBuild('library', '1.1', [books]);
      await first.commit({ ...nothing, documents: [book('a', 1)], checkpoints: [checkpoint(1)] });
      await models.switchTo('library', '1.1');
      await models.dropBuild('library', '1.1');
      assert.deepEqual(await models.builds('library'), { live: undefined, all: [] });
      const again = await models.openBuild('library', '1.1', [books]);
      assert.deepEqual([await again.checkpoints(), await idsOf(again)], [[], '']);
      assert.deepEqual(await models.builds('library'), { live: undefined, all: ['1.1'] });
      await models.close();
    }));
});

type Card = { personId: string; name: string };
const cards: CollectionSpec<Card> = {
  name: 'cards',
  version: 1,
  columns: {},
  personal: { fields: ['name'], person: ({ personId }) => personId },
};

test('a MongoDB that does not answer is told within the bound, without the password [arch:2]', async () => {
  const port = await freePort();
  await assert.rejects(connectMongo(`mongodb://ada:secret@127.0.0.1:${port}/`, { timeoutMs: 300 }), (error: Error) => {
    assert.ok(error instanceof MongoUnavailableError);
    assert.match(error.message, new RegExp(`^MongoDB at mongodb://127.0.0.1:${port}/ cannot be used`));
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});
