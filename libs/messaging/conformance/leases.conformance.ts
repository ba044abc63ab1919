import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Leases, Shared } from '../src/leases.js';

/** Instances of one service, alone on their server. */
export type LeasesWorld = {
  join(instance: string): Promise<Leases>;
  /** The instance ends without a goodbye; absent where there is only one process. */
  vanish?(instance: string): Promise<void>;
  close(): Promise<void>;
};

/** Units are named `u00`, `u01`…, so that a list of them sorts. */
export const unitsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${String(index).padStart(2, '0')}`);

/** Resolves when it holds; fails with what is there after `withinMs`. */
export async function within<T>(withinMs: number, look: () => T | Promise<T>, holds: (seen: T) => boolean): Promise<number> {
  const began = performance.now();
  let seen = await look();
  while (!holds(seen)) {
    if (performance.now() - began > withinMs) assert.fail(`not within ${withinMs} ms: ${JSON.stringify(seen)}`);
    await pause(20);
    seen = await look();
  }
  return performance.now() - began;
}

/** Sees every unit change hands: fences of a unit rise, and nobody begins while another who is heard has not ended. */
export class Witness {
  readonly #holds = new Map<string, Map<string, number>>();
  readonly #fences = new Map<string, number>();
  readonly #gone = new Set<string>();
  readonly moves: string[] = [];

  gained(instance: string, unit: string, fence: number): void {
    this.moves.push(`${instance}+${unit}`);
    assert.ok(fence > (this.#fences.get(unit) ?? 0), `${unit}: fence ${fence} after ${this.#fences.get(unit)}`);
    this.#fences.set(unit, fence);
    for (const [other, held] of this.#holds)
      assert.ok(this.#gone.has(other) || !held.has(unit), `${unit} came to ${instance} while ${other} held it`);
    this.of(instance).set(unit, fence);
  }

  lost(instance: string, unit: string): void {
    this.moves.push(`${instance}-${unit}`);
    assert.ok(this.of(instance).delete(unit), `${instance} lost ${unit}, which it did not hold`);
  }

  vanished(instance: string): void {
    this.#gone.add(instance);
  }

  of(instance: string): Map<string, number> {
    if (!this.#holds.has(instance)) this.#holds.set(instance, new Map());
    return this.#holds.get(instance)!;
  }

  sizes(...instances: string[]): number[] {
    return instances.map((instance) => this.of(instance).size);
  }
}

type World = LeasesWorld & { readonly witness: Witness; share(leases: Leases, units: readonly string[], group?: string): Promise<Shared> };
type WithWorld = (body: (world: World) => Promise<void>) => () => Promise<void>;

const SOON_MS = 15_000;
/** What it takes to end the work of a unit: until then it must not begin elsewhere. */
const WINDING_UP_MS = 30;

/** Every adapter of leases passes it; `open` answers a world that no other test shares. */
export function leasesConformance(
  adapter: string,
  open: () => Promise<LeasesWorld>,
  options: { skip?: string | false; alone?: boolean } = {},
): void {
  const withWorld: WithWorld = (body) => async () => {
    const world = await open();
    const witness = new Witness();
    const problems: unknown[] = [];
    const noted = (act: () => void) => {
      try {
        act();
      } catch (error) {
        problems.push(error);
      }
    };
    const share = (leases: Leases, units: readonly string[], group = 'boxes') =>
      leases.share({
        group,
        units,
        gained: async (unit, fence) => noted(() => witness.gained(leases.instance, unit, fence)),
        async lost(unit) {
          await pause(WINDING_UP_MS);
          noted(() => witness.lost(leases.instance, unit));
        },
      });
    try {
      await body({ ...world, witness, share });
    } finally {
      await world.close();
    }
    assert.deepEqual(problems, []);
  };
  describe(`leases: ${adapter}`, { skip: options.skip, concurrency: true }, () => {
    describe('one instance', () => one(withWorld));
    if (!options.alone) describe('several instances', () => several(withWorld));
  });
}

function one(withWorld: WithWorld): void {
  test(
    'an instance alone holds everything, and everyone can see it [arch:5]',
    withWorld(async ({ join, share, witness }) => {
      const shared = await share(await join('a'), unitsOf(64));
      await within(
        SOON_MS,
        () => witness.sizes('a'),
        ([count]) => count === 64,
      );
      assert.deepEqual([...shared.held().keys()].sort(), unitsOf(64));
      const holders = await shared.holders();
      assert.deepEqual(holders.map(({ unit }) => unit).sort(), unitsOf(64));
      for (const { unit, instance, fence } of holders) assert.deepEqual([instance, fence], ['a', witness.of('a').get(unit)]);
    }),
  );
  test(
    'leaving resolves when nothing runs any more, and nothing is held afterwards [arch:5]',
    withWorld(async ({ join, witness, share }) => {
      const leases = await join('a');
      const ended: string[] = [];
      const slow = await leases.share({
        group: 'slow',
        units: ['s'],
        gained: async () => undefined,
        lost: async (unit) => void (await pause(150), ended.push(unit)),
      });
      const shared = await share(leases, unitsOf(4));
      await within(
        SOON_MS,
        () => [witness.of('a').size, slow.held().size],
        ([boxes, other]) => boxes === 4 && other === 1,
      );
      await Promise.all([shared.leave(), slow.leave(), slow.leave()]);
      assert.deepEqual(ended, ['s']);
      assert.deepEqual([witness.of('a').size, shared.held().size, slow.held().size, (await shared.holders()).length], [0, 0, 0, 0]);
    }),
  );
  test(
    'a unit that cannot be begun is offered again, the others are not held up [arch:5]',
    withWorld(async ({ join }) => {
      const begun: string[] = [];
      let refusals = 2;
      const shared = await (
        await join('a')
      ).share({
        group: 'boxes',
        units: ['bad', 'good'],
        async gained(unit) {
          if (unit === 'bad' && refusals-- > 0) throw new Error('not now');
          begun.push(unit);
        },
        lost: async () => undefined,
      });
      await within(
        SOON_MS,
        () => begun.length,
        (count) => count === 2,
      );
      assert.deepEqual(begun, ['good', 'bad']);
      assert.deepEqual([...shared.held().keys()].sort(), ['bad', 'good']);
    }),
  );
}

function several(withWorld: WithWorld): void {
  test(
    'instances that come and leave hold even parts, each unit one holder, its fences rising [arch:5]',
    withWorld(async ({ join, share, witness }) => {
      const units = unitsOf(16);
      const even = (...names: string[]) =>
        within(
          SOON_MS,
          () => witness.sizes(...names),
          (sizes) => sizes.reduce((sum, size) => sum + size) === 16 && Math.max(...sizes) - Math.min(...sizes) <= 1,
        );
      const a = await share(await join('a'), units);
      await even('a');
      const b = await share(await join('b'), units);
      await even('a', 'b');
      await share(await join('c'), units);
      await even('a', 'b', 'c');
      const moved = witness.moves.filter((move) => move.startsWith('c+')).length;
      assert.equal(moved, witness.of('c').size, 'who comes keeps what it was given');
      await a.leave();
      await even('b', 'c');
      await b.leave();
      await even('c');
    }),
  );
  test(
    'many that begin at the same moment share evenly, also one unit among several groups [arch:5]',
    withWorld(async ({ join, share, witness }) => {
      const names = ['a', 'b', 'c', 'd'];
      const all = await Promise.all(names.map(join));
      await Promise.all(all.map((leases) => share(leases, unitsOf(10))));
      await within(
        SOON_MS,
        () =>
          witness
            .sizes(...names)
            .sort()
            .join(),
        (sizes) => sizes === '2,2,3,3',
      );
      const single = await Promise.all(
        all.map((leases) => leases.share({ group: 'single', units: ['all'], gained: async () => undefined, lost: async () => undefined })),
      );
      await within(
        SOON_MS,
        () => single.filter((shared) => shared.held().size === 1).length,
        (count) => count === 1,
      );
      await within(
        SOON_MS,
        async () => (await single[0]!.holders()).map(({ unit }) => unit).join(),
        (held) => held === 'all',
      );
    }),
  );
  test(
    'what an instance held that ended without a goodbye is held by the others within 10 s [arch:5]',
    withWorld(async ({ join, share, witness, vanish }) => {
      const units = unitsOf(9);
      for (const name of ['a', 'b', 'c']) await share(await join(name), units);
      await within(
        SOON_MS,
        () => witness.sizes('a', 'b', 'c').join(),
        (sizes) => sizes === '3,3,3',
      );
      witness.vanished('b');
      await vanish!('b');
      await within(
        10_000,
        () => witness.sizes('a', 'c').sort().join(),
        (sizes) => sizes === '4,5',
      );
    }),
  );
  test(
    'an instance that comes back under its old name takes part again [arch:5]',
    withWorld(async ({ join, share, witness, vanish }) => {
      await share(await join('a'), unitsOf(4));
      await share(await join('b'), unitsOf(4));
      await within(
        SOON_MS,
        () => witness.sizes('a', 'b').join(),
        (sizes) => sizes === '2,2',
      );
      witness.vanished('b');
      await vanish!('b');
      await within(
        10_000,
        () => witness.sizes('a', 'b').join(),
        (sizes) => sizes === '4,0',
      );
      await share(await join('b'), unitsOf(4));
      await within(
        SOON_MS,
        () => witness.sizes('a', 'b').join(),
        (sizes) => sizes === '2,2',
      );
    }),
  );
  test(
    'two groups know nothing of each other: an instance that shares in one holds nothing of the other [arch:5]',
    withWorld(async ({ join, share, witness }) => {
      const [a, b] = [await join('a'), await join('b')];
      await share(a, ['x1', 'x2'], 'x');
      const y = await share(b, ['y1', 'y2'], 'y');
      await within(
        SOON_MS,
        () => witness.sizes('a', 'b').join(),
        (sizes) => sizes === '2,2',
      );
      await y.leave();
      assert.deepEqual([...witness.of('a').keys()].sort(), ['x1', 'x2']);
      assert.equal(witness.of('b').size, 0);
    }),
  );
}
