import assert from 'node:assert/strict';
import { type Bus, createMemoryBus } from '@ateneo/messaging';
import { Witnesses } from './witnesses.js';

const PERSON = '0198c0de-0000-7000-8000-000000000001';
const later = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

type World = { readonly one: Witnesses; readonly other: Witnesses; readonly returns: string[]; readonly bus: Bus; pass(ms: number): void };

/** Two instances of one service that have met, on a clock that is moved by hand. */
async function two(work: (world: World) => Promise<void>): Promise<void> {
  const bus = createMemoryBus();
  const returns: string[] = [];
  let at = 10_000;
  const [one, other] = (['one', 'other'] as const).map(
    (instance) => new Witnesses({ bus, service: 'logbook', instance, now: () => at, onReturn: () => returns.push(instance) }),
  ) as [Witnesses, Witnesses];
  one.start();
  other.start();
  await later();
  at += 1_000;
  await work({ one, other, returns, bus, pass: (ms) => void (at += ms) });
  one.stop();
  other.stop();
  await bus.close();
}

/** How a promise stands after everything that is under way was said. */
async function standing(promise: Promise<void>): Promise<string> {
  const said = promise.then(
    () => 'done',
    () => 'failed',
  );
  return Promise.race([said, later().then(() => 'waiting')]);
}

describe('an erasure in two instances of a service', () => {
  test('is confirmed when the other instance has dropped the name, and not before [rev:arch-13]', () =>
    two(async ({ one, other }) => {
      one.forgot(PERSON);
      const everyone = one.everyoneForgot(PERSON);
      assert.equal(await standing(everyone), 'waiting');
      other.forgot('somebody else');
      assert.equal(await standing(everyone), 'waiting');
      other.forgot(PERSON);
      assert.equal(await standing(everyone), 'done');
    }));
  test('is confirmed although the word of the other was lost: it is asked for again [rev:arch-13]', () =>
    two(async ({ one, other, bus }) => {
      const broadcast = bus.broadcast.bind(bus);
      bus.broadcast = () => undefined;
      other.forgot(PERSON);
      bus.broadcast = broadcast;
      one.forgot(PERSON);
      assert.equal(await standing(one.everyoneForgot(PERSON)), 'done');
    }));
  test('does not wait for an instance that is gone, which says no name any more before it is held to be [rev:arch-13]', () =>
    two(async ({ one, other, pass }) => {
      one.forgot(PERSON);
      other.stop();
      pass(28_000);
      assert.equal(other.isUnheard, false);
      pass(2_000);
      assert.equal(other.isUnheard, true);
      one.forgot(PERSON);
      await later();
      pass(8_000);
      assert.equal(await standing(one.everyoneForgot(PERSON)), 'waiting');
      pass(1_000);
      assert.equal(await standing(one.everyoneForgot(PERSON)), 'done');
    }));
  test('an instance that hears itself again after a long silence is told so, once, although its old words come back [rev:arch-13]', () =>
    two(async ({ other, returns, pass }) => {
      pass(31_000);
      assert.equal(other.isUnheard, true);
      other.forgot(PERSON);
      await later();
      assert.deepEqual([other.isUnheard, returns], [false, ['other', 'one']]);
    }));
  test('who was cut off confirms nothing until the others could say again that they live [rev:arch-13]', () =>
    two(async ({ one, other, pass }) => {
      one.forgot(PERSON);
      pass(41_000);
      const everyone = one.everyoneForgot(PERSON);
      assert.equal(await standing(everyone), 'waiting');
      one.forgot(PERSON);
      assert.equal(await standing(everyone), 'waiting');
      pass(1_000);
      other.forgot('somebody else');
      assert.equal(await standing(everyone), 'waiting');
      other.forgot(PERSON);
      assert.equal(await standing(everyone), 'done');
    }));
  test('fails, to be tried again, where an instance that lives does not forget in time, and where it stops [rev:arch-13]', () =>
    two(async ({ one, other, pass }) => {
      one.forgot(PERSON);
      const everyone = assert.rejects(one.everyoneForgot(PERSON), /by other/);
      for (let passed = 0; passed < 60_000; passed += 20_000) {
        pass(20_000);
        for (const each of [one, other]) each.forgot('somebody else');
        await later();
      }
      await everyone;
      const again = assert.rejects(one.everyoneForgot(PERSON), /by other/);
      one.stop();
      await again;
    }));
});
