import { setTimeout as rest } from 'node:timers/promises';
import { differences, type AnsweredSet, type PublishedSet } from '../recount/compare.js';
import { recount, type RecountedEvent } from '../recount/recount.js';
import type { Client } from './client.js';
import { type Acknowledged, type EntryPromise, only } from './journal.js';

const STALE_MOST = 10;
const MOST_SILENCES = 120;
const SILENT_MS = 500;

export type FeedEvent = RecountedEvent & { readonly id: string; readonly data: Readonly<Record<string, unknown>> };
export type Judged = { readonly traineeId: string; readonly enrolmentId: string };

/** Every public event that the reader may see, from the very beginning; services that are silent are waited for. */
export async function publicEvents(reader: Client): Promise<FeedEvent[]> {
  const events: FeedEvent[] = [];
  for (let [cursor, silences] = ['', 0]; ;) {
    const { status, body } = await reader.get(`/events?limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    if (status !== 200) throw new Error(`the event feed answered ${status} ${JSON.stringify(body)}`);
    events.push(...(body['events'] as FeedEvent[]));
    cursor = body['next'] as string;
    const silent = (body['silent'] ?? []) as readonly string[];
    if (!body['more'] && silent.length === 0) return events;
    if (silent.length === 0) continue;
    if (++silences > MOST_SILENCES) throw new Error(`the event feed lacks ${silent.join(', ')}`);
    await rest(SILENT_MS);
  }
}

/** By entry: what was promised of it, as a trainee, a tutor or an import was told. */
export function promisesIn(acknowledged: readonly Acknowledged[]): Map<string, string[]> {
  const promised = new Map<string, string[]>();
  for (const one of acknowledged)
    for (const { entryId, events } of one.is === 'entry' ? [one] : one.is === 'import' ? one.rows : [])
      promised.set(entryId, [...(promised.get(entryId) ?? []), ...events]);
  return promised;
}

/** By entry: the types of its events, in order. */
export function storedIn(events: readonly FeedEvent[]): Map<string, string[]> {
  const stored = new Map<string, string[]>();
  for (const { type, data } of events) {
    const entryId = data['entryId'];
    if (typeof entryId === 'string' && type.startsWith('logbook.')) stored.set(entryId, [...(stored.get(entryId) ?? []), type]);
  }
  return stored;
}

/** What stands against what was promised: lost, doubled, or never promised. `before`: ids of events older than the run. */
export function againstPromises(
  events: readonly FeedEvent[],
  before: ReadonlySet<string>,
  acknowledged: readonly Acknowledged[],
): string[] {
  const promised = promisesIn(acknowledged);
  const stored = storedIn(events.filter(({ id }) => !before.has(id)));
  const found: string[] = [];
  for (const [entryId, types] of promised) {
    const own = stored.get(entryId) ?? [];
    if (own.join() !== types.join())
      found.push(`entry ${entryId}: ${types.join(', ')} was acknowledged, ${own.join(', ') || 'nothing'} is stored`);
  }
  for (const [entryId, types] of stored)
    if (!promised.has(entryId)) found.push(`entry ${entryId}: ${types.join(', ')} is stored, nothing was acknowledged`);
  return found;
}

/** The counters that the platform answers against an independent recount of its public events. */
export async function againstRecount(
  reader: Client,
  events: readonly FeedEvent[],
  people: readonly Judged[],
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const published = new Map(
    events
      .filter(({ type }) => type === 'school-network.requirement-set-published.v1')
      .map(({ data }) => [String(data['setId']), data['set'] as PublishedSet]),
  );
  const promises: EntryPromise[] = only(acknowledged, 'entry');
  const found: string[] = [];
  for (const { traineeId, enrolmentId } of people) {
    const token = promises.findLast((one) => one.traineeId === traineeId && one.token !== undefined)?.token;
    const path = `/trainees/${traineeId}/counters?enrolmentId=${enrolmentId}${token ? `&after=${encodeURIComponent(token)}` : ''}`;
    let { status, body } = await reader.get(path);
    // a part that is just moving may be waited for in vain, 2 s each time
    for (let asked = 1; asked < STALE_MOST && (status !== 200 || body['stale']); asked++) ({ status, body } = await reader.get(path));
    const recounted = recount(events, { enrolmentId, asOf: String(body['asOf']) });
    if (status !== 200 || body['stale'] || body['incomplete'] || !recounted)
      found.push(`counters of ${traineeId}: ${status} ${JSON.stringify(body).slice(0, 200)}`);
    else found.push(...differences(`trainee ${traineeId}`, body['sets'] as AnsweredSet[], recounted.sets, published));
  }
  return found;
}
