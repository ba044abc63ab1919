import assert from 'node:assert/strict';
import { Pace } from './pace.js';

/** A clock that the test moves. */
function clocked(peopleAbout: boolean) {
  const told: string[] = [];
  let at = 0;
  const clock = {
    now: () => at,
    turn: async () => void told.push('turn'),
    rest: async (ms: number) => void (told.push(`rest ${ms}`), (at += ms)),
    peopleAbout,
  };
  return { told, clock, work: (ms: number) => (at += ms) };
}

test('work in the background gives way by the time it took, not by how many steps it made [rev:sec-17]', async () => {
  const { told, clock, work } = clocked(false);
  const pace = new Pace(clock);
  for (let n = 0; n < 4; n++) await (work(1), pace.step());
  assert.deepEqual(told, []);
  await (work(1), pace.step());
  assert.deepEqual(told, ['turn']);
  for (const ms of [9, 40, 1]) await (work(ms), pace.step());
  assert.deepEqual(told, ['turn', 'turn', 'turn']);
});

test('where people are about it rests twice as long as it worked [rev:sec-17]', async () => {
  const { told, clock, work } = clocked(true);
  const pace = new Pace(clock);
  for (const ms of [10, 2, 3]) await (work(ms), pace.step());
  assert.deepEqual(told, ['turn', 'rest 20', 'turn', 'rest 10']);
});
