import { createHmac, hash as digestOf } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { metaValue } from './event-file.js';

/** How far a history has come: count and last hash of each category of streams, and the order of all events. */
export type SignedHead = {
  readonly epoch: string;
  readonly position: number;
  readonly categories: Readonly<Record<string, { readonly count: number; readonly lastHash: string }>>;
  /** Digest (hex) over position and hash of every event as far as here; heads of before ADR 0034 have none. */
  readonly order?: string;
  /** Milliseconds since 1970. */
  readonly signedAt?: number;
  /** HMAC-SHA-256 (base64url) over the rest. */
  readonly signature: string;
};

/** What was signed before does not fit what is there: nothing was signed. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

const HEADS = 'heads';
/** Two years of daily heads. */
const KEPT_HEADS = 750;

export const signatureOf = (key: Uint8Array, { epoch, position, categories, order, signedAt }: Omit<SignedHead, 'signature'>): string => {
  const entries = Object.entries(categories).sort(([a], [b]) => (a < b ? -1 : 1));
  const text =
    order === undefined
      ? `head|${JSON.stringify([epoch, position, entries])}`
      : `head2|${JSON.stringify([epoch, position, entries, order, signedAt])}`;
  return createHmac('sha256', key).update(text).digest('base64url');
};

/** A history walked in global order. */
export class Progress {
  position = 0;
  #order: Uint8Array = new Uint8Array(32);
  readonly #categories = new Map<string, { count: number; last: Uint8Array }>();
  readonly #link = Buffer.alloc(72);

  /** Goes on from a head whose signature fits. */
  static from({ position, categories, order = '' }: SignedHead): Progress {
    const progress = new Progress();
    progress.position = position;
    progress.#order = Buffer.from(order, 'hex');
    for (const [name, { count, lastHash }] of Object.entries(categories))
      progress.#categories.set(name, { count, last: Buffer.from(lastHash, 'hex') });
    return progress;
  }

  add(position: number, category: string, hash: Uint8Array): void {
    const of = this.#categories.get(category);
    if (of) {
      of.count += 1;
      of.last = hash;
    } else this.#categories.set(category, { count: 1, last: hash });
    this.#link.set(this.#order, 0);
    this.#link.writeUIntBE(position, 34, 6);
    this.#link.set(hash, 40);
    this.#order = digestOf('sha256', this.#link, 'buffer');
    this.position = position;
  }

  get order(): string {
    return Buffer.from(this.#order).toString('hex');
  }

  get categories(): SignedHead['categories'] {
    return Object.fromEntries(
      [...this.#categories].map(([name, { count, last }]) => [name, { count, lastHash: Buffer.from(last).toString('hex') }]),
    );
  }
}

export const IN_ORDER = `SELECT e.position, coalesce(substr(s.name, 1, instr(s.name, '-') - 1), '?') AS category, e.hash
  FROM events e LEFT JOIN streams s ON s.id = e.stream_id WHERE e.position > ? ORDER BY e.position`;

const headsFrom = (text: string | undefined): SignedHead[] => (text === undefined ? [] : (JSON.parse(text) as SignedHead[]));

/** The heads that an open events file keeps of itself, oldest first. */
export const headsIn = (db: DatabaseSync): SignedHead[] => headsFrom(metaValue(db, HEADS));

/** Puts a head among those that an open events file keeps of itself. */
export function keepInFile(db: DatabaseSync, head: SignedHead): void {
  db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
  const heads = [...headsFrom(metaValue(db, HEADS)), head].sort((a, b) => a.position - b.position).slice(-KEPT_HEADS);
  db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(HEADS, JSON.stringify(heads));
  db.exec('COMMIT');
}
