import { setTimeout as pause } from 'node:timers/promises';
import { entryInput, newId } from './entry-input.js';
import { HttpConnection } from './http-connection.js';

/** Entries to record: so many in all, as fast as they are answered, or at a steady rate. */
export type LoadOrder = {
  readonly url: string;
  readonly path: string;
  readonly tokens: readonly string[];
  readonly connections: number;
  readonly requests: number;
  readonly perSecond?: number;
};
/** How it went: seconds, the last position token of each connection, and answers that were no success by status. */
export type LoadDone = {
  readonly seconds: number;
  readonly answered: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly tokens: readonly string[];
};

async function load({ url, path, tokens, connections, requests, perSecond }: LoadOrder): Promise<LoadDone> {
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(url)));
  const bodies = Array.from({ length: requests }, (_, n) => JSON.stringify(entryInput(n)));
  const last = new Map<number, string>();
  const failed: Record<string, number> = {};
  let [next, answered] = [0, 0];
  const started = performance.now();
  const lane = async (connection: HttpConnection, lane: number) => {
    for (let n = next++; n < requests; n = next++) {
      const early = perSecond === undefined ? 0 : started + (n * 1_000) / perSecond - performance.now();
      if (early > 1) await pause(early);
      const { status, body } = await connection.send({
        method: 'POST',
        path,
        token: tokens[lane % tokens.length],
        body: bodies[n],
        commandId: newId(),
      });
      answered += 1;
      if (status >= 300) failed[`${status} ${body.slice(0, 200)}`] = (failed[`${status} ${body.slice(0, 200)}`] ?? 0) + 1;
      else last.set(lane, (JSON.parse(body) as { token?: string }).token ?? '');
    }
  };
  await Promise.all(open.map(lane));
  const seconds = (performance.now() - started) / 1_000;
  for (const connection of open) connection.close();
  return { seconds, answered, failed, tokens: [...last.values()] };
}

process.on('message', (order: LoadOrder) => {
  void load(order).then(
    (done) => process.send?.({ done }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
