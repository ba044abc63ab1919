// A server that speaks S3's protocol, for tests and the local cluster: versitygw over a folder.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { goTool } from './go-tool.mjs';
import { freePort } from './nats.mjs';

const tool = goTool({ name: 'versitygw', from: 'github.com/versity/versitygw/cmd/versitygw', version: 'v1.8.0', buildMs: 400_000 });
const BUCKET = 'ateneo';
const KEY = 'ateneo';
const SECRET = 'ateneo-secret';
const READY_MS = 15_000;

/** Why no S3 server can be had here, or undefined where S3_URL names one or versitygw is built. */
export const s3Missing = () => (process.env.S3_URL ? undefined : tool.missing());

/** Builds versitygw where it is absent and S3_URL names no server. */
export const prepareS3 = (withinMs) => (process.env.S3_URL ? { available: true } : tool.prepare(withinMs));

/**
 * Starts a server on loopback with one empty bucket, or answers the one that S3_URL names (then `stop` does nothing and `pid` is undefined).
 * `url`: `s3://key:secret@127.0.0.1:port/bucket?tls=false`, as FILES_URL takes it. `store`: folder that keeps the files over restarts (default a
 * temporary one, removed at the end); `port`: default a free one.
 */
export async function startS3({ port, store } = {}) {
  if (process.env.S3_URL) return named(process.env.S3_URL);
  const because = s3Missing();
  if (because) throw new Error(because);
  const home = store ?? mkdtempSync(join(tmpdir(), 'ateneo-s3-'));
  mkdirSync(join(home, BUCKET), { recursive: true });
  const at = port ?? (await freePort());
  // The keys by the environment: the arguments of a process are everyone's to read.
  const env = { ...process.env, ROOT_ACCESS_KEY: KEY, ROOT_SECRET_KEY: SECRET };
  const child = spawn(tool.binary, ['--port', `127.0.0.1:${at}`, 'posix', home], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said = `${said}${bytes}`.slice(-4_000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended.finally(() => clearTimeout(late));
    }
    if (!store) rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
  const running = { ...address(`s3://${KEY}:${SECRET}@127.0.0.1:${at}/${BUCKET}?tls=false`), port: at, pid: child.pid, stop };
  for (const until = Date.now() + READY_MS; Date.now() < until && child.exitCode === null; await pause(50)) {
    const answer = await fetch(running.endpoint, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer) return running;
  }
  await stop('SIGKILL');
  throw new Error(`versitygw did not become ready: ${said}`);
}

const named = (url) => ({ ...address(url), port: Number(new URL(url).port || 443), pid: undefined, stop: async () => undefined });

function address(url) {
  const { host, pathname, username, password, searchParams } = new URL(url);
  return {
    url,
    endpoint: `${searchParams.get('tls') === 'false' ? 'http' : 'https'}://${host}`,
    bucket: pathname.slice(1),
    accessKey: decodeURIComponent(username),
    secretKey: decodeURIComponent(password),
  };
}
