import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../conformance/depot.js';
import { Follower, type Placed, type Source } from '../src/index.js';

const follow = (source: Promise<{ source: Source<Placed> }>) =>
  new Follower<Placed>({ service: 'depot', from: () => undefined, onReset: async () => undefined, handle: async () => undefined }, source);

describe('a follower', () => {
  test('reads a source whose pages are never of the epoch that it says with growing pauses, and tells why [rev:arch-2]', async () => {
    let reads = 0;
    const source: Source<Placed> = {
      epoch: 'one',
      mappingVersion: 1,
      read: async () => (reads++, { epoch: 'another', mappingVersion: 1, next: 1, head: 1, passed: 1, waiting: 0 }),
      onNudge: () => () => undefined,
    };
    const follower = follow(Promise.resolve({ source }));
    await until(() => follower.status().failures >= 3);
    assert.ok(reads <= 8, `${reads} reads`);
    assert.match(follower.status().reason ?? '', /another epoch/);
    await follower.stop();
  });
  test('goes on at once where a source came back with another epoch [rev:arch-2]', async () => {
    let epoch = 'one';
    const read: string[] = [];
    const nudges = new Set<() => void>();
    const source: Source<Placed> = {
      get epoch() {
        return epoch;
      },
      mappingVersion: 1,
      read: async () => (read.push(epoch), { epoch, mappingVersion: 1, next: 1, head: 1, passed: 1, waiting: 0 }),
      onNudge: (listener) => (nudges.add(listener), () => undefined),
    };
    const follower = follow(Promise.resolve({ source }));
    await until(() => follower.status().position === 1);
    epoch = 'two';
    nudges.forEach((nudge) => nudge());
    await until(() => read.filter((one) => one === 'two').length === 2);
    assert.equal(follower.status().failures, 0);
    await follower.stop();
  });
  test('says why where its source never comes, and still ends [rev:arch-14]', async () => {
    const follower = follow(Promise.reject(new Error('no way there')));
    await until(() => follower.status().reason === 'no way there');
    await follower.stop();
  });
});
