import { createHmac } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { idFromHex, metaValue } from './event-file.js';
import { EventHasher } from './event-hash.js';

/** Count and last hash of each category of streams, as far as a position. */
export type SignedHead = {
  readonly epoch: string;
  readonly position: number;
  readonly categories: Readonly<Record<string, { readonly count: number; readonly lastHash: string }>>;
  /** HMAC-SHA-256 (base64url) over the rest. */
  readonly signature: string;
};

export type Damage = { readonly stream: string; readonly revision: number; readonly position: number; readonly why: string };

export type StoreCheck = { readonly events: number; readonly streams: number; readonly heads: number; readonly damages: readonly Damage[] };

type Unsigned = Omit<SignedHead, 'signature'>;
type Row = [string, number, number, string, string, number, number, string, string, Uint8Array];

const HEADS = 'heads';
/** Two years of daily heads. */
const KEPT_HEADS = 750;

const signatureOf = (key: Uint8Array, { epoch, position, categories }: Unsigned): string =>
  createHmac('sha256', key)
    .update(`head|${JSON.stringify([epoch, position, Object.entries(categories).sort(([a], [b]) => (a < b ? -1 : 1))])}`)
    .digest('base64url');

/** The categories as they stand up to a position: `max` picks the row whose hash is the last. */
const CATEGORIES = `SELECT category, count, hex(hash) AS hash FROM (
  SELECT substr(s.name, 1, instr(s.name, '-') - 1) AS category, count(*) AS count, max(e.position), e.hash AS hash
  FROM events e JOIN streams s ON s.id = e.stream_id WHERE e.position <= ? GROUP BY 1)`;

type CategoryRow = { readonly category: string; readonly count: number; readonly hash: string };

const categoriesFrom = (rows: readonly CategoryRow[]): SignedHead['categories'] =>
  Object.fromEntries(rows.map(({ category, count, hash }) => [category, { count, lastHash: hash.toLowerCase() }]));

/** Signs how far each category has come, and keeps it in the file; later checks compare with it. Other processes may have the file open. */
export function signHead(file: string, hashKey: Uint8Array): SignedHead {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    const position = Number(db.prepare('SELECT coalesce(max(position), 0) AS position FROM events').get()?.['position']);
    const categories = categoriesFrom(db.prepare(CATEGORIES).all(position) as unknown as CategoryRow[]);
    const unsigned: Unsigned = { epoch: metaValue(db, 'epoch') ?? '', position, categories };
    const head = { ...unsigned, signature: signatureOf(hashKey, unsigned) };
    db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
    const heads = JSON.stringify([...headsFrom(metaValue(db, HEADS)), head].slice(-KEPT_HEADS));
    db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(HEADS, heads);
    db.exec('COMMIT');
    return head;
  } finally {
    db.close();
  }
}

const headsFrom = (text: string | undefined): SignedHead[] => (text === undefined ? [] : (JSON.parse(text) as SignedHead[]));

/** The heads signed so far, oldest first. */
export function readHeads(file: string): SignedHead[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return headsFrom(metaValue(db, HEADS));
  } finally {
    db.close();
  }
}

/**
 * Walks the hash chain of every stream and compares with the signed heads, those of the file and those given (from a backup);
 * names the first damaged event of each stream. A tail cut off after the last signed head cannot be seen.
 */
export function checkStore(file: string, hashKey: Uint8Array, heads: readonly SignedHead[] = []): StoreCheck {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const signed = [...headsFrom(metaValue(db, HEADS)), ...heads];
    const { events, streams, damages } = walk(db, hashKey);
    const missing = signed.flatMap((head) => compare(db, head, hashKey));
    return { events, streams, heads: signed.length, damages: [...damages, ...missing] };
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

function compare(db: DatabaseSync, head: SignedHead, hashKey: Uint8Array): Damage[] {
  const at = (category: string, why: string): Damage => ({ stream: category, revision: -1, position: head.position, why });
  if (signatureOf(hashKey, head) !== head.signature) return [at('*', 'a signed head was changed: its signature does not fit')];
  const now = categoriesFrom(db.prepare(CATEGORIES).all(head.position) as unknown as CategoryRow[]);
  return Object.entries(head.categories).flatMap(([category, { count, lastHash }]) => {
    const found = now[category] ?? { count: 0, lastHash: '' };
    if (found.count !== count)
      return [at(category, `${count} events were signed up to position ${head.position}, ${found.count} are there`)];
    return found.lastHash === lastHash
      ? []
      : [at(category, `the last event up to position ${head.position} is not the one that was signed`)];
  });
}
