import assert from 'node:assert/strict';
import { BusyError } from '@ateneo/service-kit';
import { HashingLine } from './hashing-line.worker.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('two are hashed at once, the others wait in order, and who would wait too long is told so [tool:15]', async () => {
  const line = new HashingLine(2, 3);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (i: number) => () => {
    begun.push(i);
    return new Promise<number>((resolve) => ends.push(() => resolve(i)));
  };
  const five = [0, 1, 2, 3, 4].map((i) => line.run(work(i)));
  await assert.rejects(line.run(work(5)), new BusyError(2));
  assert.deepEqual(begun, [0, 1]);
  for (let i = 0; i < 5; i++) {
    ends[i]?.();
    await turn();
    assert.deepEqual(begun, [0, 1, 2, 3, 4].slice(0, i + 3));
  }
  assert.deepEqual(await Promise.all(five), [0, 1, 2, 3, 4]);
});

test('what fails gives its place back [tool:15]', async () => {
  const line = new HashingLine(1, 0);
  await assert.rejects(
    line.run(() => Promise.reject(new Error('broken'))),
    /broken/,
  );
  assert.equal(await line.run(async () => 'next'), 'next');
});
