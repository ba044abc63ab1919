import { DatabaseSync } from 'node:sqlite';
import { keepAnchored, readAnchor } from './anchor.js';
import { metaValue } from './event-file.js';
import { HistoryError, IN_ORDER, keepInFile, Progress, type SignedHead, signatureOf } from './signed-head.js';

export type Signing = {
  readonly file: string;
  readonly hashKey: Uint8Array;
  readonly service: string;
  /** Where the newest heads are kept outside the events files, and the key that signs them. */
  readonly anchor: { readonly file: string; readonly key: Uint8Array };
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Signs what is there without asking the anchor; for a history that was checked by other means. */
  readonly anew?: boolean;
};

/** Rows read at a time, so that whoever signs beside other work does not hold it up. */
const PAGE = 500;

type Row = { readonly position: number; readonly category: string; readonly hash: Uint8Array };

/**
 * Signs how far a history has come, going on from the head that the anchor keeps, which it replaces there and joins those of the file. Others may have the file
 * open. Throws HistoryError where the anchor's head is missing, was changed, or is further on than the file.
 */
export async function signHead(signing: Signing): Promise<SignedHead> {
  const { file, hashKey, service, anchor, now } = signing;
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    const last = db.prepare('SELECT position, at FROM events ORDER BY position DESC LIMIT 1').get() as
      { position: number; at: number } | undefined;
    const progress = await advanced(db, beginning(signing, last?.position ?? 0), last?.position ?? 0);
    const { position, categories, order } = progress;
    const unsigned = { epoch: metaValue(db, 'epoch') ?? '', position, categories, order, signedAt: Math.max(now, last?.at ?? 0) };
    const head = { ...unsigned, signature: signatureOf(hashKey, unsigned) };
    keepAnchored(anchor.file, anchor.key, { [service]: head }, signing.anew);
    // after the anchor: a file whose newest head is further on than the anchor was meddled with
    keepInFile(db, head);
    return head;
  } finally {
    db.close();
  }
}

function beginning({ hashKey, service, anchor, anew }: Signing, last: number): Progress {
  if (anew) return new Progress();
  const kept = readAnchor(anchor.file, anchor.key)?.[service];
  if (!kept) {
    if (last === 0) return new Progress();
    throw new HistoryError(`${service} has a history of ${last} events and no signed head outside its file`);
  }
  if (signatureOf(hashKey, kept) !== kept.signature) throw new HistoryError(`the signed head of ${service} outside its file was changed`);
  if (kept.position > last)
    throw new HistoryError(`the history of ${service} was signed up to position ${kept.position} and ends at ${last}`);
  return Progress.from(kept);
}

async function advanced(db: DatabaseSync, progress: Progress, to: number): Promise<Progress> {
  const page = db.prepare(`${IN_ORDER} LIMIT ${PAGE}`);
  while (progress.position < to) {
    const rows = page.all(progress.position) as unknown as Row[];
    for (const { position, category, hash } of rows) if (position <= to) progress.add(position, category, hash);
    if (rows.length === 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return progress;
}
