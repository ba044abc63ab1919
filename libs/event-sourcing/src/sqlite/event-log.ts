import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { openEventFile, idFromHex, idToBytes } from './event-file.js';
import { EventHasher } from './event-hash.js';
import { isStorageFailure } from './storage-database.js';

/** SQL that a store's owner commits beside its events: checkpoints, deadlines, heads. */
export type SideStatement = { readonly sql: string; readonly params: readonly SQLInputValue[] };

/** What one message asks of a file. `items` is flat: stream, expected revision, n, then n times id, type, version, data, metadata. */
export type AppendBatch = {
  readonly now: number;
  readonly items: readonly (string | number)[];
  readonly side: readonly (readonly SideStatement[])[];
};

/** Four numbers an item: outcome, revision, position, at. `side` holds an error text where statements were refused. */
export type BatchOutcome = { readonly items: Float64Array; readonly side: readonly (string | null)[] };

/** How a transaction ended: an outcome for each batch in order, or one reason for all of them. */
export type Settled =
  | { readonly ok: true; readonly outcomes: readonly BatchOutcome[]; readonly head: number }
  | { readonly ok: false; readonly batches: number; readonly error: string };

export const CONFLICT = 0;
export const STORED = 1;
export const REPEATED = 2;

type StreamHead = { readonly id: number; revision: number; hash: Uint8Array | undefined };
type Statements = Record<'addStream' | 'findStream' | 'lastOf' | 'insert' | 'idsFrom' | 'begin' | 'commit', StatementSync>;

type Transaction = { readonly outcomes: BatchOutcome[]; batches: number; failure: { readonly error: unknown } | undefined };

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const REMEMBERED_STREAMS = 20_000;

function prepare(db: DatabaseSync): Statements {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    addStream: db.prepare('INSERT INTO streams (name) VALUES (?) ON CONFLICT DO NOTHING'),
    findStream: db.prepare('SELECT id FROM streams WHERE name = ?'),
    lastOf: db.prepare('SELECT revision, hash FROM events WHERE stream_id = ? ORDER BY revision DESC LIMIT 1'),
    insert: db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    idsFrom: db.prepare('SELECT hex(id) AS id, position, at FROM events WHERE stream_id = ? AND revision > ? ORDER BY revision LIMIT ?'),
  };
}

/** One events file as its only writer sees it: many requests, one durable commit. Synchronous; lives in the writer's thread. */
export class EventLog {
  readonly #file: string;
  readonly #hasher: EventHasher;
  #maxPages: number | undefined;
  #db: DatabaseSync;
  #sql: Statements;
  #heads = new Map<string, StreamHead>();
  #position = 0;
  #at = 0;
  #commits = 0;
  #open: Transaction | undefined;

  constructor(file: string, hashKey: Uint8Array, maxPages?: number) {
    this.#file = file;
    this.#hasher = new EventHasher(hashKey);
    this.#maxPages = maxPages;
    this.#db = openEventFile(file, maxPages);
    this.#sql = prepare(this.#db);
    this.#readHead();
  }

  get head(): number {
    return this.#position;
  }

  /** Puts a batch into the open transaction; a failure is told by `settle`. */
  add(batch: AppendBatch): void {
    if (this.#open?.failure) return void (this.#open.batches += 1);
    try {
      this.#open ??= this.#begin();
      this.#open.batches += 1;
      this.#open.outcomes.push(this.#apply(batch));
    } catch (error) {
      this.#open ??= { outcomes: [], batches: 1, failure: undefined };
      this.#open.failure = { error };
    }
  }

  /** Commits durably what was added, or has stored nothing of it. */
  settle(): Settled {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return { ok: true, outcomes: [], head: this.#position };
    try {
      if (open.failure) throw open.failure.error;
      this.#sql.commit.run();
      this.#commits += 1;
      return { ok: true, outcomes: open.outcomes, head: this.#position };
    } catch (error) {
      this.#abandon();
      return { ok: false, batches: open.batches, error: textOf(error) };
    }
  }

  inspect(): { synchronous: number; journalMode: string; secureDelete: number; pageSize: number; commits: number } {
    const pragma = (name: string) => Object.values(this.#db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    return {
      synchronous: Number(pragma('synchronous')),
      journalMode: String(pragma('journal_mode')),
      secureDelete: Number(pragma('secure_delete')),
      pageSize: Number(pragma('page_size')),
      commits: this.#commits,
    };
  }

  /** Changes how many pages the file may have; undefined = as many as the disk holds. */
  limit(maxPages: number | undefined): void {
    this.#maxPages = maxPages;
    if (this.#db.isOpen) this.#db.exec(`PRAGMA max_page_count = ${Math.trunc(maxPages ?? 0xffff_fffe)}`);
  }

  /** Moves the WAL into the file and empties it, so that no deleted byte stays behind. */
  truncateWal(): void {
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #begin(): Transaction {
    if (!this.#db.isOpen) this.#reopen();
    this.#sql.begin.run();
    return { outcomes: [], batches: 0, failure: undefined };
  }

  #apply({ now, items, side }: AppendBatch): BatchOutcome {
    this.#at = Math.max(this.#at, now);
    const results: number[] = [];
    for (let i = 0; i < items.length;) {
      const n = items[i + 2] as number;
      this.#appendItem(items, i, n, results);
      i += 3 + n * 5;
    }
    return { items: Float64Array.from(results), side: side.map((statements) => this.#runSide(statements)) };
  }

  #appendItem(items: readonly (string | number)[], offset: number, n: number, results: number[]): void {
    const stream = items[offset] as string;
    const expected = items[offset + 1] as number;
    const head = this.#headOf(stream, expected === -1);
    if (head?.revision !== expected) return this.#answerConflict(head, items, offset, n, results);
    for (let i = 0, at = offset + 3; i < n; i += 1, at += 5) {
      this.#insert(
        stream,
        head,
        items[at] as string,
        items[at + 1] as string,
        items[at + 2] as number,
        items[at + 3] as string,
        items[at + 4] as string,
      );
    }
    results.push(STORED, head.revision, this.#position, this.#at);
  }

  #insert(stream: string, head: StreamHead, id: string, type: string, version: number, data: string, metadata: string): void {
    head.hash = this.#hasher.hash(head.hash, { stream, id, type, version, at: this.#at, data, metadata });
    head.revision += 1;
    this.#position += 1;
    this.#sql.insert.run(this.#position, head.id, head.revision, idToBytes(id), type, version, this.#at, data, metadata, head.hash);
  }

  /** The same ids at the expected place are a repeat of what was stored, not a conflict. */
  #answerConflict(head: StreamHead | undefined, items: readonly (string | number)[], offset: number, n: number, results: number[]): void {
    const expected = items[offset + 1] as number;
    const stored = head && head.revision >= expected + n ? this.#sql.idsFrom.all(head.id, expected, n) : [];
    const repeated = stored.length === n && stored.every((row, i) => idFromHex(row['id'] as string) === items[offset + 3 + i * 5]);
    const last = stored.at(-1);
    if (repeated && last) results.push(REPEATED, expected + n, last['position'] as number, last['at'] as number);
    else results.push(CONFLICT, head?.revision ?? -1, 0, 0);
  }

  #headOf(stream: string, mayCreate: boolean): StreamHead | undefined {
    const known = this.#heads.get(stream);
    if (known) return known;
    const head = (mayCreate && this.#newStream(stream)) || this.#storedHead(stream);
    if (!head) return undefined;
    if (this.#heads.size >= REMEMBERED_STREAMS) this.#heads.clear();
    this.#heads.set(stream, head);
    return head;
  }

  #newStream(stream: string): StreamHead | undefined {
    const { changes, lastInsertRowid } = this.#sql.addStream.run(stream);
    return changes === 1 ? { id: Number(lastInsertRowid), revision: -1, hash: undefined } : undefined;
  }

  #storedHead(stream: string): StreamHead | undefined {
    const id = this.#sql.findStream.get(stream)?.['id'] as number | undefined;
    if (id === undefined) return undefined;
    const last = this.#sql.lastOf.get(id);
    return { id, revision: (last?.['revision'] as number | undefined) ?? -1, hash: last?.['hash'] as Uint8Array | undefined };
  }

  /** A refused statement takes back its own group only. */
  #runSide(statements: readonly SideStatement[]): string | null {
    this.#db.exec('SAVEPOINT side');
    try {
      for (const { sql, params } of statements) this.#db.prepare(sql).run(...params);
      this.#db.exec('RELEASE side');
      return null;
    } catch (error) {
      if (isStorageFailure(error)) throw error;
      this.#db.exec('ROLLBACK TO side; RELEASE side');
      return textOf(error);
    }
  }

  #readHead(): void {
    const last = this.#db
      .prepare('SELECT max(position) AS position, max(at) AS at FROM (SELECT position, at FROM events ORDER BY position DESC LIMIT 1)')
      .get();
    this.#position = (last?.['position'] as number | null) ?? 0;
    this.#at = (last?.['at'] as number | null) ?? 0;
  }

  /** After a failure nothing remembered can be trusted: the next commit opens the file anew. */
  #abandon(): void {
    this.#heads.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #reopen(): void {
    this.#db = openEventFile(this.#file, this.#maxPages);
    this.#sql = prepare(this.#db);
    this.#readHead();
  }
}
