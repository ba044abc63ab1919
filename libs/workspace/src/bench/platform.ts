import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { killAtExit } from '../children.mjs';

const root = resolve(import.meta.dirname, '../../../..');
const built = (name: string): string => join(root, 'services/all-in-one/dist', name);
const READY_WITHIN_MS = 240_000;
const STOP_WITHIN_MS = 15_000;

export type PlatformOptions = {
  readonly seed?: 'demo' | 'empty';
  /** Kept by the caller; without it a temporary folder that goes when the platform stops. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
};

/** The built platform in a process of its own. */
export type RunningPlatform = {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Milliseconds from spawn to ready. */
  readonly startMs: number;
  /** What it has printed so far. */
  output(): string;
  /** A bearer token of a demo person. */
  token(as: string): Promise<string>;
  /** Ends it with `signal` (SIGTERM) and resolves to its exit code, or null after a kill. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Outside the demo a platform wants a key of its own; the same folder gets the same one when it is started again. */
const masterKey = (dataDir: string) => ({ MASTER_KEY: createHash('sha256').update(dataDir).digest('hex') });

async function ready(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS;
  while (performance.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) {
      // what it said last may still be in the pipe
      await wait(200);
      throw new Error(`the platform ended (${child.exitCode ?? child.signalCode}) before it was ready\n${output()}`);
    }
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    await wait(25);
  }
  child.kill('SIGKILL');
  throw new Error(`the platform was not ready within ${READY_WITHIN_MS / 1000} s\n${output()}`);
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(late);
  return child.exitCode;
}

/** `PROFILE_DIR=…` writes there what the processor of the platform was used for, as DevTools read it, when it ends. */
const profiling = (): string[] => (process.env['PROFILE_DIR'] ? ['--cpu-prof', `--cpu-prof-dir=${process.env['PROFILE_DIR']}`] : []);

/** Starts the built composed process on a free port of the loopback and waits until it is seeded and every projection is at the head. */
export async function startPlatform(options: PlatformOptions = {}): Promise<RunningPlatform> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'ateneo-'));
  const port = options.port ?? (await freePort());
  const url = `http://localhost:${port}`;
  const env = {
    ...process.env,
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: dataDir,
    SEED: options.seed ?? 'demo',
    ...(options.seed === 'empty' && masterKey(dataDir)),
    ...options.env,
  };
  const started = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...profiling(), built('main.js')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  killAtExit(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-100_000)));
  const forget = () => (options.dataDir === undefined ? rmSync(dataDir, { recursive: true, force: true }) : undefined);
  await ready(url, child, () => printed).catch((error: unknown) => {
    forget();
    throw error;
  });
  return {
    url,
    dataDir,
    pid: child.pid as number,
    startMs: performance.now() - started,
    output: () => printed,
    token: async (as) =>
      (
        await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', built('ateneo.js'), 'token', '--as', as], {
          cwd: root,
          env,
        })
      ).stdout.trim(),
    stop: async (signal = 'SIGTERM') => {
      const code = await stopped(child, signal);
      forget();
      return code;
    },
  };
}
