import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoAccessToken } from '@ateneo/demo';
import { type RunningPlatform, startPlatform } from '@ateneo/workspace/platform';
import { BENCH_ENVIRONMENT, type BenchPerson, type BenchWorld, makeBenchWorld, type WorldSize } from './bench-world.js';
import { HttpConnection } from './http-connection.js';
import type { LoadDone, LoadOrder } from './load-client.worker.js';

export const ENTRIES = '/api/logbook/entries';
export const CONNECTIONS = 64;

export type Bench = { readonly platform: RunningPlatform; readonly world: BenchWorld };

/** A world in a folder of its own and the built platform on it, in another process; both go afterwards. */
export async function onPlatform<T>(size: WorldSize, measure: (bench: Bench) => Promise<T>): Promise<T> {
  return inFolder(async (dataDir) => {
    const world = await makeBenchWorld(dataDir, size);
    const platform = await startPlatform({ dataDir, env: BENCH_ENVIRONMENT });
    try {
      return await measure({ platform, world });
    } finally {
      await platform.stop();
    }
  });
}

export async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-bench-'));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bearer tokens of people, as the portal gets them. */
export const tokensOf = (url: string, people: readonly Pick<BenchPerson, 'username'>[]): Promise<string[]> =>
  Promise.all(people.map(({ username }) => tokenOf(url, username)));

async function tokenOf(url: string, username: string): Promise<string> {
  const token = await demoAccessToken(url, username);
  if (!token) throw new Error(`${username} gets no token`);
  return token;
}

/** Load from a process of its own. Throws where any request failed. */
export class LoadClient {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'load-client.worker.ts'), { stdio: ['ignore', 2, 2, 'ipc'] });

  async run(order: LoadOrder): Promise<LoadDone> {
    this.#child.send(order);
    const [{ done, error }] = (await once(this.#child, 'message')) as [{ done?: LoadDone; error?: string }];
    if (!done) throw new Error(`the load failed: ${error}`);
    if (Object.keys(done.failed).length > 0) throw new Error(`requests failed: ${JSON.stringify(done.failed)}`);
    return done;
  }

  end(): void {
    this.#child.disconnect();
  }
}

/** Asks for a trainee's counters until they have taken in what a position token names. */
export async function countersAt(connection: HttpConnection, traineeId: string, token: string, after: string): Promise<void> {
  for (;;) {
    const { stale } = await connection.json<{ stale?: true }>({
      method: 'GET',
      path: `/api/trainees/${traineeId}/counters?after=${encodeURIComponent(after)}`,
      token,
    });
    if (!stale) return;
  }
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
export const latencies = (ms: readonly number[]): { p50: number; p99: number } => ({
  p50: round(percentile(ms, 0.5)),
  p99: round(percentile(ms, 0.99)),
});
export const round = (value: number): number => Math.round(value * 100) / 100;

/** Resident memory of a process in MB. */
export const residentMb = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024);
