import assert from 'node:assert/strict';
import { LoopTurns } from './loop-turns.js';

/** Turns of a loop that the test lets pass, and a clock that it moves. */
function stepped() {
  const turns: (() => void)[] = [];
  let at = 0;
  const pass = async () => {
    for (const turn of turns.splice(0)) turn();
    await Promise.resolve();
  };
  return {
    pass,
    later: (ms: number) => (at += ms),
    loop: new LoopTurns(
      (turn) => turns.push(turn),
      () => at,
    ),
  };
}

test('of all who work in slices one has a turn of the loop, in the order in which they asked [rev:sec-17]', async () => {
  const { pass, loop } = stepped();
  const told: string[] = [];
  for (const who of ['import', 'list', 'figures']) void loop.next().then(() => told.push(who));
  await pass();
  assert.deepEqual(told, ['import']);
  void loop.next().then(() => told.push('import again'));
  for (let n = 0; n < 3; n++) await pass();
  assert.deepEqual(told, ['import', 'list', 'figures', 'import again']);
});

test('nobody who asks alone waits for more than the next turn [rev:sec-17]', async () => {
  const { pass, loop } = stepped();
  for (let n = 0; n < 3; n++) {
    let came = false;
    void loop.next().then(() => (came = true));
    await pass();
    assert.ok(came);
  }
});

test('people are about for a moment after one was served [rev:sec-17]', () => {
  const { loop, later } = stepped();
  assert.equal(loop.peopleAbout, false);
  loop.served();
  later(50);
  assert.equal(loop.peopleAbout, true);
  later(1);
  assert.equal(loop.peopleAbout, false);
});
