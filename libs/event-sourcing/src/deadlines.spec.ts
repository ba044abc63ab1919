import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { Deadlines, type Deadline } from './deadlines.js';
import { sqliteDeadlines } from './sqlite/sqlite-deadlines.js';
import { openSqliteEventStore } from './sqlite/sqlite-event-store.js';
import { temporaryFolder } from '../test/temporary-folder.js';

type Scene = {
  readonly deadlines: Deadlines;
  readonly fired: Deadline[];
  readonly clock: { now: number; broken: boolean };
  reopen(): Promise<void>;
};

const hashKey = randomBytes(32);

const scene = (work: (scene: Scene) => Promise<void>) => async () => {
  const folder = temporaryFolder();
  const clock = { now: 1_000, broken: false };
  const fired: Deadline[] = [];
  const open = () => openSqliteEventStore({ file: `${folder.path}/sample.events.sqlite`, hashKey, now: () => clock.now });
  let store = await open();
  const fire = async (deadline: Deadline) => {
    if (clock.broken) throw new Error('not now');
    fired.push(deadline);
  };
  const made = () => new Deadlines({ table: sqliteDeadlines(store), now: () => clock.now, fire });
  const stage = {
    deadlines: made(),
    fired,
    clock,
    reopen: async () => {
      await store.close();
      store = await open();
      stage.deadlines = made();
    },
  };
  try {
    await work(stage);
  } finally {
    await store.close();
    folder.remove();
  }
};

const idsOf = (fired: readonly Deadline[]): string[] => fired.map((one) => one.id);

describe('deadlines', () => {
  test(
    'fire in order when their moment has come, and only once [arch:4]',
    scene(async ({ deadlines, fired, clock }) => {
      await Promise.all([
        deadlines.schedule('c', 3_000, { n: 3 }),
        deadlines.schedule('a', 1_500, { n: 1 }),
        deadlines.schedule('b', 2_000, { n: 2 }),
      ]);
      assert.equal(await deadlines.tick(), 0);
      assert.equal(await deadlines.nextAt(), 1_500);
      clock.now = 2_000;
      assert.equal(await deadlines.tick(), 2);
      assert.equal(await deadlines.tick(), 0);
      assert.deepEqual(
        fired.map((one) => [one.id, one.payload]),
        [
          ['a', { n: 1 }],
          ['b', { n: 2 }],
        ],
      );
    }),
  );

  test(
    'cancelled ones never fire, moved ones fire at the new moment',
    scene(async ({ deadlines, fired, clock }) => {
      await deadlines.schedule('a', 1_500, null);
      await deadlines.schedule('b', 1_500, null);
      await deadlines.cancel('a');
      await deadlines.schedule('b', 9_000, null);
      clock.now = 2_000;
      await deadlines.tick();
      assert.deepEqual(fired, []);
      clock.now = 9_000;
      await deadlines.tick();
      assert.deepEqual(idsOf(fired), ['b']);
    }),
  );

  test(
    'survive a restart [arch:4]',
    scene(async (stage) => {
      await stage.deadlines.schedule('a', 1_500, { to: 'x' });
      await stage.reopen();
      stage.clock.now = 1_500;
      await stage.deadlines.tick();
      assert.deepEqual(
        stage.fired.map((one) => one.payload),
        [{ to: 'x' }],
      );
    }),
  );

  test(
    'that fail come back later and later, and do not hold up the others',
    scene(async ({ deadlines, fired, clock }) => {
      await deadlines.schedule('a', 1_000, null);
      clock.broken = true;
      assert.equal(await deadlines.tick(), 0);
      assert.equal(await deadlines.nextAt(), 2_000);
      clock.now = 2_000;
      await deadlines.tick();
      assert.equal(await deadlines.nextAt(), 4_000);
      clock.broken = false;
      await deadlines.schedule('b', 1_800, null);
      await deadlines.tick();
      clock.now = 4_000;
      await deadlines.tick();
      assert.deepEqual(
        fired.map((one) => [one.id, one.attempts]),
        [
          ['b', 0],
          ['a', 2],
        ],
      );
    }),
  );

  test('may be scheduled anew by what they do', async () => {
    const folder = temporaryFolder();
    const store = await openSqliteEventStore({ file: `${folder.path}/sample.events.sqlite`, hashKey, now: () => 1_000 });
    const deadlines: Deadlines = new Deadlines({
      table: sqliteDeadlines(store),
      now: () => 1_000,
      fire: ({ id }) => deadlines.schedule(id, 5_000, null),
    });
    await deadlines.schedule('daily', 500, null);
    assert.equal(await deadlines.tick(), 1);
    assert.equal(await deadlines.nextAt(), 5_000);
    await store.close();
    folder.remove();
  });
});
