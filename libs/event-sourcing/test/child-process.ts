import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const HOOK = new URL('../../workspace/src/swc-hook.mjs', import.meta.url).href;
const PATIENCE_MS = 20_000;

/** Runs a file of this folder as a process of its own, under a tracer where one is given. */
export function startChild(file: string, args: readonly string[], tracer: readonly string[] = []): ChildProcess {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const [command, ...rest] = [...tracer, process.execPath, '--conditions=source', '--import', HOOK, script, ...args];
  return spawn(command as string, rest, { stdio: ['ignore', 'ignore', 'inherit'], timeout: PATIENCE_MS, killSignal: 'SIGKILL' });
}

/** Kills a child as hard as a power cut would, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Waits until a condition holds; throws after 20 s. */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !condition(); await sleep(20)) {
    if (Date.now() > end) throw new Error('what was waited for did not happen');
  }
}
