import { setTimeout as rest } from 'node:timers/promises';
import type { LoggingTrainee } from './cast.js';
import type { Chance } from './chance.js';
import type { Client } from './client.js';
import type { Load } from './load.js';
import type { FeedEvent } from './verdict.js';

const REST_MS = 300;
const ENDED = 'career.suspension-ended.v1';

/** Records suspensions of one past day each, which a reaction of career ends by itself; answers their ids. */
export async function suspend(load: Load, administrator: Client, { enrolmentId, from }: LoggingTrainee, chance: Chance): Promise<string[]> {
  const recorded: string[] = [];
  while (!load.stopped) {
    const suspensionId = chance.uuid();
    const day = new Date(Date.parse(`${from}T00:00:00Z`) + chance.whole(10, 200) * 86_400_000).toISOString().slice(0, 10);
    const body = { suspensionId, kind: 'maternity', from: day, to: day };
    const { status, body: said } = await administrator.ask('POST', `/enrolments/${enrolmentId}/suspensions`, body, chance.uuid());
    if (status === 200) recorded.push(suspensionId);
    else load.problems.push(`suspension: ${status} ${JSON.stringify(said).slice(0, 300)}`);
    await rest(REST_MS);
  }
  return recorded;
}

/** Each suspension is ended once. */
export function againstReactions(events: readonly FeedEvent[], suspensionIds: readonly string[]): string[] {
  const ended = new Map<unknown, number>();
  for (const { type, data } of events) if (type === ENDED) ended.set(data['suspensionId'], (ended.get(data['suspensionId']) ?? 0) + 1);
  return suspensionIds.filter((id) => ended.get(id) !== 1).map((id) => `suspension ${id} was ended ${ended.get(id) ?? 0} times`);
}
