import { CONNECTIONS, ENTRIES, LoadClient, onPlatform, round, tokensOf } from './bench-platform.js';
import { HttpConnection } from './http-connection.js';
import { Secretariat } from './secretariat.js';

const ROWS = 50_000;
const REPORTS = 50;
const REQUESTS = 20_000;

/** Milliseconds of event loop delay since the last look, by quantile. */
async function loopDelay(url: string): Promise<(quantile: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return (quantile) =>
    Number(new RegExp(`^ateneo_event_loop_delay_seconds\\{quantile="${quantile}",service="[\\w-]+"\\} (\\S+)$`, 'm').exec(text)?.[1]) *
    1_000;
}

/** F14: event loop delay of the platform while the load of F4, an import of 50,000 rows and 50 reports run together. */
export async function f14(): Promise<{ ours: { p999: number; max: number } }> {
  return onPlatform({ trainees: CONNECTIONS, entriesEach: 10 }, async (bench) => {
    const { url } = bench.platform;
    const tokens = await tokensOf(url, bench.world.trainees);
    const [secretary] = await tokensOf(url, [bench.world.secretary]);
    const connections = await Promise.all([HttpConnection.open(url), HttpConnection.open(url)]);
    const [importing, printing] = connections.map((connection) => new Secretariat(connection, secretary!)) as [Secretariat, Secretariat];
    const client = new LoadClient();
    await client.run({ url, path: ENTRIES, tokens, connections: CONNECTIONS, requests: REQUESTS / 10 });
    await loopDelay(url);
    let busy = true;
    const load = async () => {
      while (busy) await client.run({ url, path: ENTRIES, tokens, connections: CONNECTIONS, requests: REQUESTS });
    };
    const work = Promise.all([importing.import(bench.world, ROWS), printing.print(bench.world, REPORTS)]).finally(() => (busy = false));
    await Promise.all([work, load()]);
    const delay = await loopDelay(url);
    client.end();
    for (const connection of connections) connection.close();
    return { ours: { p999: round(delay('0.999')), max: round(delay('1')) } };
  });
}
