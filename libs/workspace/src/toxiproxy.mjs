// A proxy whose network can be made bad, for tests: toxiproxy, spoken to by its HTTP interface.
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { goTool } from './go-tool.mjs';
import { freePort } from './nats.mjs';

const tool = goTool({ name: 'toxiproxy', from: 'github.com/Shopify/toxiproxy/v2/cmd/server', version: 'v2.5.0', buildMs: 180_000 });
const READY_MS = 10_000;
const ANSWER_MS = 5_000;

/** Why toxiproxy cannot run here, or undefined where it is built. */
export const toxiproxyMissing = tool.missing;

/** Builds toxiproxy where it is absent. */
export const prepareToxiproxy = tool.prepare;

/** Starts toxiproxy on loopback. */
export async function startToxiproxy() {
  const because = tool.missing();
  if (because) throw new Error(because);
  const port = await freePort();
  const child = spawn(tool.binary, ['-host', '127.0.0.1', '-port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said = `${said}${bytes}`.slice(-4_000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), ANSWER_MS);
    await ended.finally(() => clearTimeout(late));
  };
  const call = callTo(`http://127.0.0.1:${port}`);
  for (const until = Date.now() + READY_MS; Date.now() < until && child.exitCode === null; await pause(20)) {
    const ready = await call('GET', '/version').catch(() => undefined);
    if (ready !== undefined) return { pid: child.pid, proxy: (upstream, at) => open(call, upstream, at), stop };
  }
  await stop();
  throw new Error(`toxiproxy did not become ready: ${said}`);
}

/** A way to `upstream` (host:port) that is good at first. */
async function open(call, upstream, at) {
  const port = at ?? (await freePort());
  const name = `p${port}`;
  await call('POST', '/proxies', { name, listen: `127.0.0.1:${port}`, upstream, enabled: true });
  const set = (enabled) => call('POST', `/proxies/${name}`, { enabled });
  return {
    port,
    address: `127.0.0.1:${port}`,
    disable: () => set(false),
    enable: () => set(true),
    async add(type, attributes = {}, stream = 'downstream') {
      const toxic = `${type}_${stream}`;
      await call('POST', `/proxies/${name}/toxics`, { name: toxic, type, stream, attributes });
      return () => call('DELETE', `/proxies/${name}/toxics/${toxic}`);
    },
    remove: () => call('DELETE', `/proxies/${name}`),
  };
}

const callTo = (base) => async (method, path, body) => {
  const response = await fetch(`${base}${path}`, {
    method,
    body: body && JSON.stringify(body),
    // toxiproxy refuses callers that look like browsers.
    headers: { 'user-agent': 'ateneo', 'content-type': 'application/json' },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`toxiproxy ${method} ${path}: ${response.status} ${text}`);
  return text;
};
