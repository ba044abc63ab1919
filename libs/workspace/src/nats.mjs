// A real nats-server for tests and the local cluster: built once by Go into a folder that git ignores.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { killAtExit } from './children.mjs';

const VERSION = '2.15.2';
const folder = fileURLToPath(new URL('../../../.servers/bin/', import.meta.url));
const binary = join(folder, process.platform === 'win32' ? 'nats-server.exe' : 'nats-server');
const INSTALL_MS = 600_000;
const READY_MS = 10_000;

/** Why no nats-server can run here, or undefined where one can. */
export function natsMissing() {
  if (existsSync(binary)) return undefined;
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0) return undefined;
  return 'nats-server is not in .servers/bin and go is not installed';
}

/** Builds nats-server where it is absent. */
export function prepareNats() {
  const because = natsMissing();
  if (because) return { available: false, because };
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('go', ['install', `github.com/nats-io/nats-server/v2@v${VERSION}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: INSTALL_MS,
      env: { ...process.env, GOBIN: folder },
    });
  }
  return { available: true };
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts a nats-server with JetStream on loopback. `store`: its folder (default a temporary one, removed at the end); `port`: default a free one;
 * `config`: a configuration file (then port and JetStream's folder still come from here); `args`: more arguments; `env`: variables that the configuration names.
 */
export async function startNats({ store, port, config, args = [], env = {} } = {}) {
  prepareNats();
  const own = store === undefined;
  const home = store ?? mkdtempSync(join(tmpdir(), 'ateneo-nats-'));
  const at = port ?? (await freePort());
  const all = ['-a', '127.0.0.1', '-p', String(at), '-js', '-sd', home, ...(config ? ['-c', config] : []), ...args];
  const child = spawn(binary, all, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env }, detached: true });
  killAtExit(child);
  let said = '';
  let listening = false;
  child.stderr.on('data', (bytes) => {
    said = `${said}${bytes}`.slice(-8_000);
    if (said.includes('Server is ready')) listening = true;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended.finally(() => clearTimeout(late));
    }
    if (own) rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
  for (const until = Date.now() + READY_MS; Date.now() < until && child.exitCode === null; await pause(20))
    if (listening) return { url: `nats://127.0.0.1:${at}`, port: at, pid: child.pid, store: home, stop, log: () => said };
  await stop();
  throw new Error(`nats-server did not become ready: ${said}`);
}
