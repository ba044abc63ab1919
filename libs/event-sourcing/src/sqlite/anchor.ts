import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { HistoryError, type SignedHead } from './signed-head.js';

export type Anchored = Readonly<Record<string, SignedHead>>;

const TABLE = 'CREATE TABLE IF NOT EXISTS anchor (id INTEGER PRIMARY KEY CHECK (id = 1), heads TEXT NOT NULL, signature TEXT NOT NULL)';

const signatureOf = (key: Uint8Array, heads: string): string => createHmac('sha256', key).update(`anchor|${heads}`).digest('base64url');

/** The newest signed head of each service, signed together; undefined where there is no such file. Throws HistoryError where somebody changed it. */
export function readAnchor(file: string, key: Uint8Array): Anchored | undefined {
  if (!existsSync(file)) return undefined;
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return contentOf(db, key);
  } finally {
    db.close();
  }
}

function contentOf(db: DatabaseSync, key: Uint8Array): Anchored | undefined {
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'anchor'").get()) return undefined;
  const row = db.prepare('SELECT heads, signature FROM anchor').get() as { heads: string; signature: string } | undefined;
  if (!row) return undefined;
  if (signatureOf(key, row.heads) !== row.signature)
    throw new HistoryError('the signed heads outside the files were changed: their signature does not fit');
  return JSON.parse(row.heads) as Anchored;
}

/** Keeps these heads, each unless one further on is there; `anew`: whatever is there. Durable when it returns; several processes may do it at once. */
export function keepAnchored(file: string, key: Uint8Array, heads: Anchored, anew = false): void {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    db.exec(`PRAGMA synchronous = FULL; BEGIN IMMEDIATE; ${TABLE}`);
    const kept: Record<string, SignedHead> = { ...(anew ? genuine(db, key) : contentOf(db, key)) };
    for (const [service, head] of Object.entries(heads)) if (anew || !isFurther(kept[service], head)) kept[service] = head;
    const text = JSON.stringify(Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1))));
    db.prepare('INSERT OR REPLACE INTO anchor VALUES (1, ?, ?)').run(text, signatureOf(key, text));
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

function genuine(db: DatabaseSync, key: Uint8Array): Anchored | undefined {
  try {
    return contentOf(db, key);
  } catch (error) {
    if (error instanceof HistoryError) return undefined;
    throw error;
  }
}

const isFurther = (kept: SignedHead | undefined, head: SignedHead): boolean =>
  kept !== undefined && (kept.position > head.position || (kept.position === head.position && (kept.signedAt ?? 0) > (head.signedAt ?? 0)));
