import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { StoreUnavailableError } from '@ateneo/event-sourcing';
import { whyNotStarted } from '../src/start-problems.js';

const ROOT = join(import.meta.dirname, '../../..');

test('a process whose start failed ends, whatever of it had begun: one that hangs is never started again [issue8:4]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ateneo-process-'));
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', join(ROOT, 'libs/workspace/src/swc-hook.mjs'), join(import.meta.dirname, 'run-process.child.ts')],
    {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        DATA_DIR: folder,
        SEED: 'empty',
        MASTER_KEY: 'ab'.repeat(32),
        PORT: '0',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'silent',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const ended = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(late);
  await rm(folder, { recursive: true, maxRetries: 3 });
  assert.match(said, /the planted work does not begin/);
  assert.deepEqual(ended, [1, null]);
});

test('a server that goes away during a start is told in a line; what nobody expects keeps its stack [issue8:2]', () => {
  const away = Object.assign(new Error('connection 2 to 127.0.0.1:27017 closed\nmore'), { name: 'MongoNetworkError' });
  assert.equal(whyNotStarted(away), 'A server went away during the start: connection 2 to 127.0.0.1:27017 closed');
  assert.match(whyNotStarted(new StoreUnavailableError('the holder is away')), /^A server went away during the start: the holder is away$/);
  assert.match(whyNotStarted(new Error('a fault')), /^Error: a fault\n {4}at /);
});
