import { setTimeout as rest } from 'node:timers/promises';
import type { Answer, Client } from './client.js';
import type { Load } from './load.js';

const LOOK_MS = 150;
/** Of work in the background, through whatever happens to the platform meanwhile. */
const LONGEST_MS = 300_000;

/** Asks how far a work is until it is as wanted; a work that is not told of, or takes too long, is a problem. */
export async function patiently(
  load: Load,
  client: Client,
  path: string,
  isWanted: (body: Answer['body']) => boolean,
): Promise<Answer['body'] | undefined> {
  let last: Answer | undefined;
  for (const until = performance.now() + LONGEST_MS; performance.now() < until; await rest(LOOK_MS)) {
    last = await client.get(path);
    if (last.status !== 200) break;
    if (isWanted(last.body)) return last.body;
  }
  load.problems.push(`${path} was waited for: ${last?.status} ${JSON.stringify(last?.body).slice(0, 300)}`);
  return undefined;
}
