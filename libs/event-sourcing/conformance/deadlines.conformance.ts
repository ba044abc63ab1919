import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Deadlines, type Deadline, type DeadlineTable } from '../src/deadlines.js';

/** One place of deadlines, opened again and again; `close` ends what is open, `forget` removes it. */
export type DeadlinesOpener = {
  readonly open: (now: () => number) => Promise<DeadlineTable>;
  readonly close: () => Promise<void>;
  readonly forget: () => Promise<void>;
};

type Scene = {
  readonly deadlines: Deadlines;
  readonly fired: Deadline[];
  readonly clock: { now: number; broken: boolean };
  reopen(): Promise<void>;
};

const idsOf = (fired: readonly Deadline[]): string[] => fired.map((one) => one.id);

/** Every table of deadlines passes it. */
export function deadlinesConformance(adapter: string, opener: () => Promise<DeadlinesOpener>): void {
  const scene = (work: (scene: Scene) => Promise<void>) => async () => {
    const by = await opener();
    const clock = { now: 1_000, broken: false };
    const fired: Deadline[] = [];
    const fire = async (deadline: Deadline) => {
      if (clock.broken) throw new Error('not now');
      fired.push(deadline);
    };
    const made = async () => new Deadlines({ table: await by.open(() => clock.now), now: () => clock.now, fire });
    const stage = {
      deadlines: await made(),
      fired,
      clock,
      reopen: async () => {
        await by.close();
        stage.deadlines = await made();
      },
    };
    try {
      await work(stage);
    } finally {
      await by.close();
      await by.forget();
    }
  };

  describe(`deadlines: ${adapter}`, () => {
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

    test('a deadline may be scheduled anew by what it does', async () => {
      const by = await opener();
      const deadlines: Deadlines = new Deadlines({
        table: await by.open(() => 1_000),
        now: () => 1_000,
        fire: ({ id }) => deadlines.schedule(id, 5_000, null),
      });
      await deadlines.schedule('daily', 500, null);
      assert.equal(await deadlines.tick(), 1);
      assert.equal(await deadlines.nextAt(), 5_000);
      await by.close();
      await by.forget();
    });

    test('one set again while it fires, for the same moment, has fired', async () => {
      const by = await opener();
      let fired = 0;
      const deadlines: Deadlines = new Deadlines({
        table: await by.open(() => 1_000),
        now: () => 1_000,
        fire: async ({ id, dueAt }) => {
          fired += 1;
          await deadlines.schedule(id, dueAt, null);
        },
      });
      await deadlines.schedule('a', 500, null);
      assert.equal(await deadlines.tick(), 1);
      assert.deepEqual([fired, await deadlines.nextAt()], [1, undefined]);
      await by.close();
      await by.forget();
    });

    test(
      'more than fit into one page fire all, the earliest first',
      scene(async ({ deadlines, fired, clock }) => {
        const moments = Array.from({ length: 150 }, (_, n) => 1_000 + ((n * 37) % 150));
        await Promise.all(moments.map((at) => deadlines.schedule(`d${at}`, at, null)));
        clock.now = 2_000;
        assert.equal(await deadlines.tick(), 150);
        assert.deepEqual(
          fired.map(({ dueAt }) => dueAt),
          moments.toSorted((a, b) => a - b),
        );
      }),
    );
  });
}
