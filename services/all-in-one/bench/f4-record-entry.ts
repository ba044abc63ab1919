import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Bench, CONNECTIONS, countersAt, ENTRIES, LoadClient, median, onPlatform, tokensOf } from './bench-platform.js';
import { HttpConnection } from './http-connection.js';

const REQUESTS = 20_000;
const WARM_UP = 5_000;
const ROUNDS = 3;

/** Commands per second through everything: HTTP, token, validation, decider, durable event, counters that have taken them in. */
export async function recordedPerSecond(
  { platform: { url }, world }: Bench,
  client: LoadClient,
  tokens: readonly string[],
  requests: number,
): Promise<number> {
  const connection = await HttpConnection.open(url);
  const started = performance.now();
  const { tokens: positions } = await client.run({ url, path: ENTRIES, tokens, connections: CONNECTIONS, requests });
  for (const position of positions) await countersAt(connection, world.trainees[0]!.personId, tokens[0]!, position);
  connection.close();
  return (requests * 1_000) / (performance.now() - started);
}

async function validatingServer(): Promise<{ url: string; end(): void }> {
  const execArgv = process.execArgv.filter((argument) => argument !== '--conditions=source');
  const child = fork(join(import.meta.dirname, 'validating-server.worker.ts'), { execArgv, stdio: ['ignore', 2, 2, 'ipc'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { url: `http://localhost:${port}`, end: () => child.disconnect() };
}

/** F4: record-entry with submit over HTTP from 64 connections of another process, until the counters have caught up, against a POST that only validates; interleaved rounds, medians. */
export async function f4(): Promise<{ ours: number; reference: number }> {
  return onPlatform({ trainees: CONNECTIONS }, async (bench) => {
    const tokens = await tokensOf(bench.platform.url, bench.world.trainees);
    const [client, server] = [new LoadClient(), await validatingServer()];
    const validated = async (requests: number) =>
      requests / (await client.run({ url: server.url, path: ENTRIES, tokens, connections: CONNECTIONS, requests })).seconds;
    const [ours, reference]: [number[], number[]] = [[], []];
    await recordedPerSecond(bench, client, tokens, WARM_UP);
    await validated(WARM_UP);
    for (let i = 0; i < ROUNDS; i++) {
      ours.push(await recordedPerSecond(bench, client, tokens, REQUESTS));
      reference.push(await validated(REQUESTS));
      console.error(`  ours ${Math.round(ours.at(-1)!)}/s, reference ${Math.round(reference.at(-1)!)}/s`);
    }
    client.end();
    server.end();
    return { ours: Math.round(median(ours)), reference: Math.round(median(reference)) };
  });
}
