import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { career } from '@ateneo/contracts';
import { type Bus, ConnectionLostError, NoResponderError } from '@ateneo/messaging';
import { OperationClient } from '../src/operation-client.js';
import { openPlatform } from '../src/platform.js';
import { readPlatformConfig } from '../src/platform.config.js';
import { openRuntime } from '../src/service-assembly.js';
import { loan } from './loan.js';

const ID = '0198c0de-0000-7000-8000-000000000001';

test('a command that is stored is answered as done, although its event has no public form; then there is nothing to wait for [issue8:token]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ateneo-token-'));
  const platform = await openPlatform(
    readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'silent' }),
  );
  const published = () => {
    throw new Error('no public form');
  };
  const runtime = await openRuntime(
    { name: 'library', aggregates: [{ decider: loan, published }], projections: [], mappingVersion: 1 },
    platform,
  );
  try {
    const asked = { actor: undefined, commandId: '0198c0de-0000-7000-8000-000000000002', correlationId: 'c' };
    for (const time of ['first', 'again']) {
      const done = await runtime.run(asked, loan, ID, { type: 'BorrowBook' });
      assert.ok('state' in done, time);
      assert.deepEqual([done.state, done.token, done.events], [{ is: 'out' }, undefined, [{ type: 'BookBorrowed' }]]);
    }
    assert.equal(await runtime.store.head(), 1);
  } finally {
    await runtime.close();
    await platform.close();
    await rm(folder, { recursive: true, maxRetries: 3 });
  }
});

test('a command of which an attempt was lost is not said to be undone because nobody answers the next [issue8:4]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ateneo-lost-'));
  const platform = await openPlatform(
    readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'silent' }),
  );
  try {
    const answered = async (...attempts: readonly Error[]) => {
      const left = [...attempts];
      const requestText: Bus['requestText'] = () => Promise.reject(left.shift());
      const client = new OperationClient(Object.assign(Object.create(platform.bus) as Bus, { requestText }), platform.passports);
      const reply = await client.call(career.showCareer, { traineeId: ID }, { is: 'service', service: 'library' });
      return reply.ok ? 200 : reply.problem.status;
    };
    const [lost, nobody] = [new ConnectionLostError('x'), new NoResponderError('x')];
    assert.deepEqual([await answered(nobody), await answered(lost, nobody), await answered(lost, lost, lost)], [503, 504, 504]);
  } finally {
    await platform.close();
    await rm(folder, { recursive: true, maxRetries: 3 });
  }
});
