import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

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
