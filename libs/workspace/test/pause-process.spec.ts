import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pauseProcess } from '../src/pause-process.mjs';

const BUSY = 'setInterval(() => process.stdout.write("."), 1)';
const statesOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .slice(0, 1),
  );

async function started(t: TestContext, command: string, args: string[]): Promise<ChildProcess & { pid: number }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  t.after(() => process.kill(-(child.pid as number), 'SIGKILL'));
  await once(child.stdout, 'data');
  return child as unknown as ChildProcess & { pid: number };
}

describe('a process that is paused', () => {
  test('stands still with every thread as soon as it is said to, and goes on when woken [rev:cor-9]', async (t) => {
    const child = await started(t, process.execPath, ['-e', BUSY]);
    for (let n = 0; n < 20; n++) {
      await pauseProcess(child.pid);
      assert.deepEqual([...new Set(statesOf(child.pid))], ['T']);
      process.kill(child.pid, 'SIGCONT');
    }
    await once(child.stdout!, 'data');
  });
  test('may be a whole group [rev:cor-9]', async (t) => {
    const shell = await started(t, '/bin/sh', ['-c', `"${process.execPath}" -e '${BUSY}' & echo $!; wait`]);
    const inner = Number(readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && parentOf(pid) === shell.pid));
    await pauseProcess(shell.pid, { group: true });
    assert.deepEqual([...new Set([...statesOf(shell.pid), ...statesOf(inner)])], ['T']);
  });
  test('that is nobody’s is told, not waited for', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await sleep(0);
    await assert.rejects(pauseProcess(child.pid as number), { code: 'ESRCH' });
  });
});

const parentOf = (pid: string): number | undefined => {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
  } catch {
    return undefined;
  }
};
