import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Cluster } from '../src/cluster/cluster.js';

describe('the folder of a cluster', () => {
  const home = mkdtempSync(join(tmpdir(), 'ateneo-cluster-'));
  after(() => rmSync(home, { recursive: true }));

  test('whose streams one node of NATS made is not started with three, nor the other way round: it says what to do [rev:dist-B6]', async () => {
    mkdirSync(join(home, 'nats-1'));
    const start = (natsNodes: 1 | 3) => Cluster.start({ home, natsNodes, seed: 'empty' });
    await assert.rejects(start(3), { name: 'RangeError', message: /were made by 1: it may hold 1; or remove the folders nats-\*/ });
    for (const node of [2, 3]) mkdirSync(join(home, `nats-${node}`));
    await assert.rejects(start(1), { name: 'RangeError', message: /were made by 3/ });
  });
});
