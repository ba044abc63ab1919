import { setTimeout as rest } from 'node:timers/promises';
import type { Client } from './client.js';
import type { LoggingTrainee } from './cast.js';
import type { FeedEvent } from './verdict.js';

/** What each kind of event makes of an entry; discarded ones are in no list. */
const STATES: Readonly<Record<string, string>> = {
  'logbook.entry-recorded.v1': 'draft',
  'logbook.entry-submitted.v1': 'submitted',
  'logbook.entry-withdrawn.v1': 'draft',
  'logbook.entry-returned.v1': 'draft',
  'logbook.entry-rejected.v1': 'rejected',
  'logbook.entry-validated.v1': 'validated',
  'logbook.validation-reversed.v1': 'submitted',
  'logbook.entry-discarded.v1': 'discarded',
};
const STALE_MOST = 10;
const STALE_MS = 500;

type Listed = Readonly<Record<string, number>>;

/** How many entries of a trainee stand in each state, counted from public events. */
export function statesOf(events: readonly FeedEvent[], traineeId: string): Listed {
  const states = new Map<unknown, string>();
  for (const { type, data } of events) {
    const state = STATES[type];
    if (state !== undefined && data['traineeId'] === traineeId) states.set(data['entryId'], state);
  }
  const counted: Record<string, number> = {};
  for (const state of states.values()) if (state !== 'discarded') counted[state] = (counted[state] ?? 0) + 1;
  return counted;
}

/** What a list says it holds against what was counted. */
export function againstList(who: string, listed: Listed, counted: Listed): string[] {
  const states = [...new Set([...Object.keys(listed), ...Object.keys(counted)])].sort();
  return states
    .filter((state) => (listed[state] ?? 0) !== (counted[state] ?? 0))
    .map((state) => `the list of ${who} holds ${listed[state] ?? 0} entries that are ${state}, there are ${counted[state] ?? 0}`);
}

/** Lists of entries, each asked by the trainee, who alone sees every draft. */
export async function againstLists(events: readonly FeedEvent[], trainees: readonly LoggingTrainee[]): Promise<string[]> {
  const found: string[] = [];
  for (const { client, traineeId } of trainees) {
    const counted = statesOf(events, traineeId);
    let differences = await differencesIn(client, traineeId, counted);
    for (let asked = 1; asked < STALE_MOST && differences.length > 0; asked++) {
      await rest(STALE_MS);
      differences = await differencesIn(client, traineeId, counted);
    }
    found.push(...differences);
  }
  return found;
}

async function differencesIn(client: Client, traineeId: string, counted: Listed): Promise<string[]> {
  const { status, body } = await client.get('/logbook/entries?size=1');
  if (status !== 200) return [`the list of ${traineeId}: ${status} ${JSON.stringify(body).slice(0, 300)}`];
  return againstList(traineeId, body['byState'] as Listed, counted);
}
