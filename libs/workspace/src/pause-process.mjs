import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 10_000;
const STOPPED = new Set(['T', 't', 'Z', 'X']);

/** State and process group as /proc tells them, behind the name, which may hold anything; nothing where it is gone. */
const told = (path) => {
  try {
    const [state, , group] = readFileSync(path, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state, group: Number(group) };
  } catch (gone) {
    if (gone.code === 'ENOENT' || gone.code === 'ESRCH') return undefined;
    throw gone;
  }
};
const threadsOf = (pid) => {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => told(`/proc/${pid}/task/${thread}/stat`));
  } catch (gone) {
    if (gone.code === 'ENOENT' || gone.code === 'ESRCH') return [];
    throw gone;
  }
};
const groupOf = (leader) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && told(`/proc/${name}/stat`)?.group === leader)
    .map(Number);

/**
 * Stops a process (`group`: the whole group that it leads) and resolves once every thread of it stands still; a signal that was sent has not yet
 * stopped anything. SIGCONT wakes it. Throws where nothing has stopped after 10 s.
 */
export async function pauseProcess(pid, { group = false } = {}) {
  process.kill(group ? -pid : pid, 'SIGSTOP');
  await processStopped(pid, { group });
}

/** Resolves once every thread of a process that stops, or was told to, stands still. Throws after 10 s. */
export async function processStopped(pid, { group = false } = {}) {
  const threads = () => (group ? groupOf(pid) : [pid]).flatMap(threadsOf);
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(2)) {
    if (threads().every((thread) => thread === undefined || STOPPED.has(thread.state))) return;
    if (Date.now() > until) throw new Error(`process ${pid} did not stop`);
  }
}
