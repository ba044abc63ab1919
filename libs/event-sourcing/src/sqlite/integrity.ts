import type { DatabaseSync } from 'node:sqlite';
import { idFromHex } from './event-file.js';
import { EventHasher } from './event-hash.js';
import { openToRead } from './open-to-read.js';
import { headsIn, IN_ORDER, Progress, type SignedHead, signatureOf } from './signed-head.js';

export type Damage = { readonly stream: string; readonly revision: number; readonly position: number; readonly why: string };

export type StoreCheck = { readonly events: number; readonly streams: number; readonly heads: number; readonly damages: readonly Damage[] };

/** What a history is compared with beside the heads of its own file. */
export type Witnesses = {
  /** E.g. of a backup. */
  readonly heads?: readonly SignedHead[];
  /** The newest head outside the file; null: there is none; undefined: it is not asked for. */
  readonly anchor?: SignedHead | null;
};

type Row = [string, number, number, string, string, number, number, string, string, Uint8Array];

/** Heads are signed daily: one so much older than the newest event was not. */
const LATE_MS = 2 * 86_400_000;

/**
 * Walks the hash chain of every stream and the order of all events, and compares with the signed heads: those of the file, the newest outside it, those given;
 * names the first damaged event of each stream. What came after the last signed head can be cut off unseen.
 */
export function checkStore(file: string, hashKey: Uint8Array, { heads = [], anchor }: Witnesses = {}): StoreCheck {
  const db = openToRead(file);
  try {
    const own = headsIn(db);
    const signed = [...new Map([...own, ...heads, ...(anchor ? [anchor] : [])].map((head) => [head.signature, head])).values()];
    const { events, streams, damages } = walk(db, hashKey);
    const missing = [...compare(db, signed, hashKey), ...(anchor === undefined ? [] : anchorDamages(db, own, anchor))];
    return { events, streams, heads: signed.length, damages: [...damages, ...missing] };
  } finally {
    db.close();
  }
}

/** The heads signed so far that the file itself keeps, oldest first. */
export function readHeads(file: string): SignedHead[] {
  const db = openToRead(file);
  try {
    return headsIn(db);
  } finally {
    db.close();
  }
}

/** Whether a history goes on from where a head was signed, or ends there. */
export function goesOnFrom(file: string, hashKey: Uint8Array, head: SignedHead): boolean {
  const db = openToRead(file);
  try {
    return compare(db, [head], hashKey).length === 0;
  } finally {
    db.close();
  }
}

function walk(db: DatabaseSync, hashKey: Uint8Array): { events: number; streams: number; damages: Damage[] } {
  const statement =
    db.prepare(`SELECT coalesce(s.name, '?' || e.stream_id), e.position, e.revision, hex(e.id), e.type, e.version, e.at, e.data, e.meta, e.hash
    FROM events e LEFT JOIN streams s ON s.id = e.stream_id ORDER BY e.stream_id, e.revision`);
  statement.setReturnArrays(true);
  const hasher = new EventHasher(hashKey);
  const damages: Damage[] = [];
  let [events, streams] = [0, 0];
  let chain = { stream: '', next: 0, hash: undefined as Uint8Array | undefined, broken: false };
  for (const row of statement.iterate() as unknown as Iterable<Row>) {
    events += 1;
    if (row[0] !== chain.stream) {
      streams += 1;
      chain = { stream: row[0], next: 0, hash: undefined, broken: false };
    }
    if (chain.broken) continue;
    const why = whatIsWrong(row, chain, hasher);
    if (why) damages.push({ stream: row[0], revision: chain.next, position: row[1], why });
    chain = { stream: row[0], next: row[2] + 1, hash: row[9], broken: why !== undefined };
  }
  return { events, streams, damages };
}

function whatIsWrong(
  [stream, , revision, id, type, version, at, data, metadata, hash]: Row,
  chain: { next: number; hash: Uint8Array | undefined },
  hasher: EventHasher,
): string | undefined {
  if (revision !== chain.next) return `revision ${chain.next} is missing: revision ${revision} follows`;
  const expected = hasher.hash(chain.hash, { stream, id: idFromHex(id), type, version, at, data, metadata });
  return Buffer.compare(expected, hash) === 0 ? undefined : 'the event or the one before it was changed: its hash does not fit';
}

const at = (category: string, { position }: Pick<SignedHead, 'position'>, why: string): Damage => ({
  stream: category,
  revision: -1,
  position,
  why,
});

/** One pass in global order, halted where a head was signed. */
function compare(db: DatabaseSync, signed: readonly SignedHead[], hashKey: Uint8Array): Damage[] {
  const isGenuine = (head: SignedHead) => signatureOf(hashKey, head) === head.signature;
  const damages = signed
    .filter((head) => !isGenuine(head))
    .map((head) => at('*', head, 'a signed head was changed: its signature does not fit'));
  const heads = signed.filter(isGenuine).sort((a, b) => a.position - b.position);
  const progress = new Progress();
  let next = 0;
  const halt = (before: number) => {
    for (let head = heads[next]; head && head.position < before; head = heads[++next]) damages.push(...differencesFrom(progress, head));
  };
  const statement = db.prepare(IN_ORDER);
  statement.setReturnArrays(true);
  for (const [position, category, hash] of statement.iterate(0) as unknown as Iterable<[number, string, Uint8Array]>) {
    if (next === heads.length) break;
    halt(position);
    progress.add(position, category, hash);
  }
  halt(Number.POSITIVE_INFINITY);
  return damages;
}

function differencesFrom({ categories, order }: Progress, head: SignedHead): Damage[] {
  const differences = Object.entries(head.categories).flatMap(([category, { count, lastHash }]) => {
    const found = categories[category] ?? { count: 0, lastHash: '' };
    if (found.count !== count)
      return [at(category, head, `${count} events were signed up to position ${head.position}, ${found.count} are there`)];
    return found.lastHash === lastHash
      ? []
      : [at(category, head, `the last event up to position ${head.position} is not the one that was signed`)];
  });
  if (differences.length > 0 || head.order === undefined || head.order === order) return differences;
  return [at('*', head, `the events up to position ${head.position} are not in the order that was signed`)];
}

function anchorDamages(db: DatabaseSync, own: readonly SignedHead[], anchor: SignedHead | null): Damage[] {
  const last = db.prepare('SELECT position, at FROM events ORDER BY position DESC LIMIT 1').get() as
    { position: number; at: number } | undefined;
  if (!anchor) return last || own.length > 0 ? [at('*', last ?? { position: 0 }, 'no signed head is kept outside the file')] : [];
  const newest = own.at(-1);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const { signedAt = 0 } = anchor;
  return [
    ...(newest ? [] : [at('*', anchor, 'the signed heads of the file are gone')]),
    ...(newest && newest.position > anchor.position
      ? [at('*', anchor, `the signed head outside the file is older than one in it, of position ${newest.position}`)]
      : []),
    ...(last && last.at - signedAt > LATE_MS
      ? [at('*', anchor, `no head was signed since ${day(signedAt)}, the newest event is of ${day(last.at)}`)]
      : []),
  ];
}
