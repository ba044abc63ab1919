import type { AppendItem, AppendResult, Metadata, StoredEvent } from '../event-store.js';
import { idFromHex } from './event-file.js';
import { CONFLICT, REPEATED } from './event-log.js';

type Row = [string, number, number, string, string, number, number, string, string];

/** Reads `Row`s, to which a condition and an order are added. */
export const SELECT_EVENTS = `SELECT s.name, e.position, e.revision, hex(e.id), e.type, e.version, e.at, e.data, e.meta
  FROM events e JOIN streams s ON s.id = e.stream_id`;

let lastIso = { at: Number.NaN, text: '' };
/** Neighbouring events mostly share their instant, and making the text is dear. */
function isoOf(at: number): string {
  if (lastIso.at !== at) lastIso = { at, text: new Date(at).toISOString() };
  return lastIso.text;
}

export function storedFrom(row: unknown): StoredEvent {
  const [stream, position, revision, id, type, version, at, data, meta] = row as Row;
  const metadata = JSON.parse(meta) as { at: string };
  metadata.at = isoOf(at);
  return { position, stream, revision, id: idFromHex(id), type, version, data: JSON.parse(data) as object, metadata: metadata as Metadata };
}

/** Adds an item to a message in the flat form that the writer takes. */
export function flatten({ stream, expectedRevision, events }: AppendItem, flat: (string | number)[]): void {
  flat.push(stream, expectedRevision, events.length);
  for (const event of events) flat.push(event.id, event.type, event.version, JSON.stringify(event.data), JSON.stringify(event.metadata));
}

/** The results of some items of a batch, from the four numbers of each. */
export function resultsFrom(numbers: Float64Array, from: number, items: number): AppendResult[] {
  const results: AppendResult[] = [];
  for (let i = from; i < from + items * 4; i += 4) {
    const revision = numbers[i + 1] as number;
    if (numbers[i] === CONFLICT) results.push({ ok: false, reason: 'conflict', revision });
    else
      results.push({
        ok: true,
        revision,
        position: numbers[i + 2] as number,
        at: isoOf(numbers[i + 3] as number),
        repeated: numbers[i] === REPEATED,
      });
  }
  return results;
}
