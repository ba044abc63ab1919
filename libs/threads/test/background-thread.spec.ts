import assert from 'node:assert/strict';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { backgroundThread } from '../src/index.js';

test(
  'work beside the event loop has a lower priority than it, and hears what was said before it listened [rev:sec-17]',
  {
    skip: process.platform === 'linux' ? false : 'only Linux gives threads priorities of their own',
  },
  async () => {
    const mine = getPriority();
    const thread = backgroundThread(new URL('./niceness.worker.ts', import.meta.url), 'niceness');
    thread.postMessage('early');
    const [told] = (await once(thread, 'message')) as [[string, number]];
    await thread.terminate();
    assert.deepEqual(told, ['early', Math.max(mine, 10)]);
    assert.equal(getPriority(), mine, 'the process keeps its own');
  },
);

test('an entry that cannot be loaded is an error of the thread [rev:sec-17]', async () => {
  const thread = backgroundThread(new URL('./missing.worker.ts', import.meta.url), 'missing');
  const [error] = (await once(thread, 'error')) as [Error];
  assert.match(error.message, /missing\.worker/);
});
