import { setTimeout as pause } from 'node:timers/promises';
import { CONNECTIONS, countersAt, ENTRIES, latencies, LoadClient, onPlatform, tokensOf } from './bench-platform.js';
import { entryInput, newId } from './entry-input.js';
import type { BenchWorld } from './bench-world.js';
import { HttpConnection } from './http-connection.js';

const PER_SECOND = 1_000;
const WATCHED_PER_SECOND = 50;
const SECONDS = 15;
const WARM_UP_SECONDS = 5;

/** F5: while 1,000 commands a second are carried out, the time from sending one to a query that shows it counted: an upper bound of stored → visible. */
export async function f5(): Promise<Visible> {
  return onPlatform({ trainees: CONNECTIONS }, ({ platform: { url }, world }) => visibleUnderLoad(url, world));
}

export type Visible = { readonly ours: { readonly p50: number; readonly p99: number } };

/** Milliseconds from sending a command to a query that shows it counted, while others are carried out at a steady rate. */
export async function visibleUnderLoad(url: string, world: BenchWorld): Promise<Visible> {
  const tokens = await tokensOf(url, world.trainees);
  const [connection, client] = [await HttpConnection.open(url), new LoadClient()];
  const [watched, traineeId] = [tokens[0]!, world.trainees[0]!.personId];
  const perSecond = PER_SECOND - WATCHED_PER_SECOND;
  const load = (seconds: number) =>
    client.run({ url, path: ENTRIES, tokens: tokens.slice(1), connections: CONNECTIONS, requests: perSecond * seconds, perSecond });
  await load(WARM_UP_SECONDS);
  let running = true;
  const loaded = load(SECONDS).finally(() => (running = false));
  const waits: number[] = [];
  for (let n = 0; running; n++) {
    const sent = performance.now();
    const { token = '' } = await connection.json<{ token?: string }>({
      method: 'POST',
      path: ENTRIES,
      token: watched,
      body: JSON.stringify(entryInput(n)),
      commandId: newId(),
    });
    await countersAt(connection, traineeId, watched, token);
    waits.push(performance.now() - sent);
    await pause(Math.max(0, 1_000 / WATCHED_PER_SECOND - waits.at(-1)!));
  }
  const { seconds } = await loaded;
  console.error(`  ${Math.round((perSecond * SECONDS) / seconds)} commands/s carried out beside ${waits.length} watched ones`);
  connection.close();
  client.end();
  return { ours: latencies(waits) };
}
