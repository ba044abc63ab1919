import { startNats } from '@ateneo/workspace/nats';
import { CONNECTIONS, ENTRIES, LoadClient, median, tokensOf } from './bench-platform.js';
import { onCluster } from './bench-cluster.js';
import { echoStack } from './echo-stack.js';

const REQUESTS = 10_000;
const WARM_UP = 3_000;
const ROUNDS = 3;

/** F4d: record-entry with submit over HTTP, NATS and logbook until the event is durable, against a bare Nest gateway and service that answer the same body; interleaved rounds, medians. */
export async function f4d(): Promise<{ ours: number; reference: number }> {
  return onCluster({ trainees: CONNECTIONS }, async ({ cluster, world }) => {
    const tokens = await tokensOf(cluster.url, world.trainees);
    const client = new LoadClient();
    const nats = await startNats();
    const echo = await echoStack(nats.url);
    const perSecond = async (url: string, requests: number) => {
      const { seconds } = await client.run({ url, path: ENTRIES, tokens, connections: CONNECTIONS, requests });
      return requests / seconds;
    };
    const [ours, reference]: [number[], number[]] = [[], []];
    await perSecond(cluster.url, WARM_UP);
    await perSecond(echo.url, WARM_UP);
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await perSecond(cluster.url, REQUESTS));
      reference.push(await perSecond(echo.url, REQUESTS));
      console.error(`  ours ${Math.round(ours.at(-1)!)}/s, reference ${Math.round(reference.at(-1)!)}/s`);
    }
    client.end();
    echo.end();
    await nats.stop();
    return { ours: Math.round(median(ours)), reference: Math.round(median(reference)) };
  });
}
