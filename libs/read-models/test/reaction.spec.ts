import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { StoreUnavailableError } from '@ateneo/event-sourcing';
import { type Checkpoints, openSqliteCheckpoints, type Reaction, ReactionRunner, type ReactionRunnerOptions } from '../src/index.js';
import { type Origin, Platform, until } from './platform.js';

class Desk {
  readonly done: number[] = [];
  failing = 0;
  readonly reaction: Reaction<string> = {
    name: 'when-box-added-then-note-it',
    public: ['depot.added.v1'],
    react: async ({ data, position }, tools) => {
      assert.match(tools, /^reader\/.*#/);
      if (data.amount === 'poison' || this.failing-- > 0) throw new Error('no pen');
      this.done.push(position);
    },
  };
}

const withDesk = (body: (platform: Platform, depot: Origin, checkpoints: Checkpoints) => Promise<void>) => () =>
  Platform.run(async (platform) => {
    const depot = await platform.origin('depot');
    const reader = await platform.origin('reader');
    await body(platform, depot, await openSqliteCheckpoints(reader.store));
  });

async function run(
  platform: Platform,
  checkpoints: Checkpoints,
  reaction: Reaction<string>,
  changes: Partial<ReactionRunnerOptions<string>> = {},
) {
  const own = { service: 'reader', store: platform.origins.get('reader')!.store };
  const runner = new ReactionRunner({
    service: 'reader',
    events: platform.bus,
    own,
    checkpoints,
    reactions: [reaction],
    toolsFor: ({ name }, { id }) => `reader/${name}#${id}`,
    firstPauseMs: 1,
    ...changes,
  });
  await runner.start();
  return runner;
}

describe('reactions', () => {
  test(
    'a reaction goes on from its durable checkpoint after a restart [arch:2]',
    withDesk(async (platform, depot, checkpoints) => {
      const desk = new Desk();
      await depot.add(randomUUID(), 'Added', {}, {});
      let runner = await run(platform, checkpoints, desk.reaction);
      await until(() => desk.done.length === 2 && runner.lag() === 0);
      await runner.stop();
      await depot.add(randomUUID(), 'Added', {});
      runner = await run(platform, checkpoints, desk.reaction);
      await until(() => desk.done.length === 3);
      await runner.stop();
      assert.deepEqual(desk.done, [1, 2, 3]);
    }),
  );
  test(
    'a failing reaction is tried again, then the event is parked with its reason and the others go on [arch:6]',
    withDesk(async (platform, depot, checkpoints) => {
      const desk = new Desk();
      desk.failing = 2;
      await depot.add(randomUUID(), 'Added', {}, { amount: 'poison' }, {});
      const runner = await run(platform, checkpoints, desk.reaction, { attempts: 3 });
      await until(async () => (await checkpoints.parked()).length === 1);
      await runner.stop();
      assert.deepEqual(desk.done, [1, 3]);
      const [parked] = await checkpoints.parked();
      const { eventId, at, ...rest } = parked!;
      assert.match(`${eventId} ${at}`, /^[0-9a-f-]{36} 20\d\d-/);
      const where = { reaction: desk.reaction.name, origin: 'depot', position: 2, type: 'depot.added.v1', after: 1 };
      assert.deepEqual(rest, { ...where, reason: 'Error: no pen' });
      await checkpoints.release(parked!);
      assert.deepEqual(await checkpoints.parked(), []);
    }),
  );
  test(
    'a reaction outlasts a database that is away, in order and parking nothing, and says so [rev:arch-4]',
    withDesk(async (platform, depot, checkpoints) => {
      const desk = new Desk();
      let away = 60;
      const react: Reaction<string>['react'] = async (event, tools) => {
        if (away-- > 0) throw new StoreUnavailableError('no server');
        await desk.reaction.react(event, tools);
      };
      await depot.add(randomUUID(), 'Added', {}, {}, {});
      const runner = await run(platform, checkpoints, { ...desk.reaction, react }, { longestPauseMs: 1, onProblem: platform.hear });
      await until(async () => desk.done.length + (await checkpoints.parked()).length === 3);
      await runner.stop();
      assert.deepEqual([desk.done, await checkpoints.parked()], [[1, 2, 3], []]);
      assert.deepEqual(
        platform.heard.map(({ is }) => is),
        [...Array.from({ length: 60 }, () => 'goes-on'), 'over'],
      );
    }),
  );
  test(
    'that it cannot be noted how far a reaction is, is told, and the page is tried again [rev:arch-4]',
    withDesk(async (platform, depot, checkpoints) => {
      const desk = new Desk();
      let refusals = 2;
      const save: Checkpoints['save'] = async (...of) => {
        if (refusals-- > 0) throw new Error('no disk');
        await checkpoints.save(...of);
      };
      await depot.add(randomUUID(), 'Added', { amount: 'poison' });
      const runner = await run(platform, { ...checkpoints, save }, desk.reaction, { attempts: 1, onProblem: platform.hear });
      await until(() => runner.parked().length === 1);
      await runner.stop();
      const told = platform.heard.map((problem) => `${problem.is} ${problem.is === 'over' ? '' : (problem.error as Error).message}`);
      assert.deepEqual(told.toSorted(), ['goes-on no disk', 'goes-on no disk', 'happened no pen', 'over ']);
    }),
  );
  for (const [from, source] of [
    ['another service', {}],
    ['the own store', { public: undefined, own: ['Added'] }],
  ] as const)
    test(
      `a parked event of ${from} is acted on when it is tried again, or given up for a reason, also after a restart [rev:arch-4]`,
      withDesk(async (platform, depot, checkpoints) => {
        const desk = new Desk();
        const origin = 'own' in source ? platform.origins.get('reader')! : depot;
        await origin.add(randomUUID(), 'Added', {}, {}, {}, {});
        let broken = true;
        const react: Reaction<string>['react'] = async (event, tools) => {
          if (broken && [2, 4].includes(event.position)) throw new Error('no pen');
          await desk.reaction.react(event, tools);
        };
        const start = () => run(platform, checkpoints, { ...desk.reaction, ...source, react }, { attempts: 1 });
        let runner = await start();
        await until(() => runner.parked().length === 2);
        await runner.stop();
        runner = await start();
        const at = (position: number) => ({ origin: 'own' in source ? 'own' : 'depot', position });
        const { name } = desk.reaction;
        assert.equal(await runner.again(name, at(2)), false);
        assert.equal(await runner.again(name, at(3)), undefined);
        broken = false;
        assert.equal(await runner.again(name, at(2)), true);
        assert.equal(await runner.giveUp(name, at(4), 'done by hand', '2026-11-29T10:00:00.000Z'), true);
        await runner.stop();
        assert.deepEqual([desk.done, runner.parked(), await checkpoints.parked()], [[1, 3, 2], [], []]);
      }),
    );
  test(
    'history below the mark is passed in silence [arch:4]',
    withDesk(async (platform, depot, checkpoints) => {
      const desk = new Desk();
      await depot.add(randomUUID(), 'Added', {}, {}, {});
      const runner = await run(platform, checkpoints, desk.reaction, { silentUpTo: () => 2 });
      await until(() => desk.done.length === 1);
      await runner.stop();
      assert.deepEqual(desk.done, [3]);
    }),
  );
  for (const [what, changed] of Object.entries({
    'another epoch, up to the head it meets': { epoch: 'restored', mappingVersion: 1 },
    'another mapping version, up to where it was': { mappingVersion: 9 },
  })) {
    test(
      `a reaction is silent in ${what} [arch:4]`,
      withDesk(async (platform, depot, checkpoints) => {
        const desk = new Desk();
        await depot.add(randomUUID(), 'Added', {}, {}, {});
        await checkpoints.save(desk.reaction.name, { origin: 'depot', epoch: depot.store.epoch, position: 3, ...changed }, []);
        const runner = await run(platform, checkpoints, desk.reaction);
        await until(() => runner.lag() === 0);
        await depot.add(randomUUID(), 'Added', {});
        await until(() => desk.done.length > 0);
        await runner.stop();
        assert.deepEqual(desk.done, [4]);
      }),
    );
  }
  test(
    'a reaction follows own stored events too, and a stop does not wait for a pause',
    withDesk(async (platform, _depot, checkpoints) => {
      const desk = new Desk();
      const reader = platform.origins.get('reader')!;
      await reader.add(randomUUID(), 'Hidden', {}, { amount: 'poison' });
      const runner = await run(platform, checkpoints, { ...desk.reaction, public: undefined, own: ['Hidden'] }, { firstPauseMs: 60_000 });
      await until(() => desk.done.length === 1);
      await runner.stop();
      assert.deepEqual(await checkpoints.load(desk.reaction.name), []);
    }),
  );
});
