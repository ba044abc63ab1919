import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Checkpoints } from '../src/reaction.js';

/** One place of checkpoints, opened again and again; `forget` removes it. */
export type CheckpointsOpener = { readonly open: () => Promise<Checkpoints>; readonly forget: () => Promise<void> };

const one = 'when-box-added-then-note-it';
const other = 'when-box-lost-then-tell';
const at = (origin: string, position: number, epoch = 'e1', mappingVersion = 1) => ({ origin, epoch, mappingVersion, position });
const parked = (origin: string, position: number, reaction = one) => ({
  reaction,
  origin,
  position,
  eventId: `${origin}-${position}`,
  reason: 'no pen',
});
const inOrder = (checkpoints: readonly { origin: string }[]) => checkpoints.toSorted((a, b) => (a.origin < b.origin ? -1 : 1));

/** Every place of reactions' checkpoints passes it. */
export function checkpointsConformance(adapter: string, opener: () => Promise<CheckpointsOpener>): void {
  const withCheckpoints = (body: (checkpoints: Checkpoints, reopen: () => Promise<Checkpoints>) => Promise<void>) => async () => {
    const by = await opener();
    try {
      await body(await by.open(), by.open);
    } finally {
      await by.forget();
    }
  };

  describe(`checkpoints of reactions: ${adapter}`, () => {
    test(
      'are kept by reaction and origin, the last one of each [arch:4]',
      withCheckpoints(async (checkpoints, reopen) => {
        assert.deepEqual(await checkpoints.load(one), []);
        await checkpoints.save(one, at('depot', 1), []);
        await checkpoints.save(one, at('own', 7), []);
        await checkpoints.save(other, at('depot', 9), []);
        await checkpoints.save(one, at('depot', 4), []);
        const again = await reopen();
        assert.deepEqual(inOrder(await again.load(one)), [at('depot', 4), at('own', 7)]);
        assert.deepEqual(await again.load(other), [at('depot', 9)]);
      }),
    );

    test(
      'begin anew in another epoch or mapping, be the position lower [arch:4]',
      withCheckpoints(async (checkpoints) => {
        await checkpoints.save(one, at('depot', 100), []);
        await checkpoints.save(one, at('depot', 3, 'e2'), []);
        assert.deepEqual(await checkpoints.load(one), [at('depot', 3, 'e2')]);
        await checkpoints.save(one, at('depot', 2, 'e2', 5), []);
        assert.deepEqual(await checkpoints.load(one), [at('depot', 2, 'e2', 5)]);
      }),
    );

    test(
      'events that were given up are kept in order, once each, until they are released [arch:4]',
      withCheckpoints(async (checkpoints, reopen) => {
        await checkpoints.save(one, at('depot', 20), [parked('depot', 11), parked('depot', 9)]);
        await checkpoints.save(one, at('depot', 20), [parked('depot', 11)]);
        await checkpoints.save(other, at('depot', 20), [parked('depot', 9, other)]);
        const again = await reopen();
        assert.deepEqual(await again.parked(), [parked('depot', 9), parked('depot', 11), parked('depot', 9, other)]);
        await again.release(parked('depot', 9));
        assert.deepEqual(await again.parked(), [parked('depot', 11), parked('depot', 9, other)]);
      }),
    );

    test(
      'say when, where and of what an event was parked; one that is given up is parked no more [rev:arch-4]',
      withCheckpoints(async (checkpoints, reopen) => {
        const full = { ...parked('depot', 9), type: 'depot.added.v1', at: '2026-11-29T10:00:00.000Z', after: 7 };
        await checkpoints.save(one, at('depot', 20), [full, parked('depot', 11)]);
        assert.deepEqual(await (await reopen()).parked(), [full, parked('depot', 11)]);
        await (await reopen()).giveUp(full, 'done by hand', '2026-11-30T10:00:00.000Z');
        assert.deepEqual(await (await reopen()).parked(), [parked('depot', 11)]);
      }),
    );
  });
}
