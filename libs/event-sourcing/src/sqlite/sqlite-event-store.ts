import { unheard } from '../problems.js';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { StoreBusyError, StoreUnavailableError } from '../event-store.js';
import type { AppendItem, AppendResult, EventStore, StoredEvent } from '../event-store.js';
import { metaValue } from './event-file.js';
import type { BatchOutcome, SideStatement } from './event-log.js';
import { flatten, resultsFrom, SELECT_EVENTS, storedFrom } from './event-rows.js';
import { RecentEvents } from './recent-events.js';
import { startEventWriter, type BatchListener, type EventWriter, type WriterFile, type WriterInspection } from './event-writer.js';

const RECENT_AT_ONCE = 1_000;

export type SqliteEventStoreOptions = {
  readonly file: string;
  /** Key of the hash chain, 32 bytes derived from the master key. */
  readonly hashKey: Buffer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Events that may wait for the writer; default 10,000. */
  readonly queueLimit?: number;
  /** Shared by the stores of a process; without it the store starts and ends its own. */
  readonly writer?: EventWriter;
  /** Bound of the file's size in pages of 8 KiB; default: the disk. */
  readonly maxPages?: number;
};

type Waiter = { readonly events: number; resolve(results: AppendResult[]): void; reject(error: Error): void; readonly items: number };
type SideWaiter = { resolve(): void; reject(error: Error): void };
type Batch = {
  readonly flat: (string | number)[];
  readonly waiters: Waiter[];
  readonly side: SideStatement[][];
  readonly sideWaiters: SideWaiter[];
};

/** So many appends of one turn travel ahead of the rest: the writer inserts them while this thread makes the next. */
const AHEAD = 32;

/** The embedded event store: an SQLite file written by a worker thread, read here through a connection of its own. */
export class SqliteEventStore implements EventStore {
  readonly epoch: string;
  readonly #now: () => number;
  readonly #queueLimit: number;
  readonly #ownWriter: EventWriter | undefined;
  readonly #file: WriterFile;
  readonly #db: DatabaseSync;
  readonly #ofStream: StatementSync;
  readonly #after: StatementSync;
  readonly #queries = new Map<string, StatementSync>();
  readonly #listeners = new Set<(head: number) => void>();
  readonly #inFlight: Batch[] = [];
  readonly #idle: (() => void)[] = [];
  #collecting: Batch | undefined;
  #waiting = 0;
  #head: number;
  /** Read once for all who follow live. */
  #recent = new RecentEvents(0, []);
  #closed: Promise<void> | undefined;

  private constructor(options: SqliteEventStoreOptions, writer: EventWriter, file: WriterFile) {
    this.#now = options.now;
    this.#queueLimit = options.queueLimit ?? 10_000;
    this.#ownWriter = options.writer ? undefined : writer;
    this.#file = file;
    this.#head = file.head;
    this.#db = new DatabaseSync(options.file, { readOnly: true, timeout: 5_000 });
    this.epoch = metaValue(this.#db, 'epoch') ?? '';
    this.#ofStream = this.#db.prepare(`${SELECT_EVENTS} WHERE s.name = ? ORDER BY e.revision`);
    this.#after = this.#db.prepare(`${SELECT_EVENTS} WHERE e.position > ? ORDER BY e.position LIMIT ?`);
    for (const statement of [this.#ofStream, this.#after]) statement.setReturnArrays(true);
  }

  static async open(options: SqliteEventStoreOptions): Promise<SqliteEventStore> {
    mkdirSync(dirname(options.file), { recursive: true });
    const writer = options.writer ?? startEventWriter();
    let store: SqliteEventStore | undefined;
    const listener: BatchListener = {
      settled: (outcomes, head) => store && store.#settled(outcomes, head),
      failed: (batches, error) => store && store.#failed(batches, error),
    };
    try {
      const file = await writer.open(options.file, { hashKey: options.hashKey, maxPages: options.maxPages, listener });
      store = new SqliteEventStore(options, writer, file);
      return store;
    } catch (error) {
      if (!options.writer) await writer.close();
      throw error;
    }
  }

  append(item: AppendItem): Promise<AppendResult> {
    return new Promise((resolve, reject) => this.#enqueue([item], ([result]) => resolve(result as AppendResult), reject));
  }

  async appendMany(items: readonly AppendItem[]): Promise<AppendResult[]> {
    if (items.length === 0) return [];
    if (new Set(items.map((item) => item.stream)).size < items.length)
      throw new RangeError('A stream stands in one item of appendMany only.');
    return new Promise((resolve, reject) => this.#enqueue(items, resolve, reject));
  }

  async readStream(stream: string): Promise<StoredEvent[]> {
    return this.#ofStream.all(stream).map(storedFrom);
  }

  async readAfter(position: number, limit: number): Promise<StoredEvent[]> {
    const recent = this.#recent;
    if (recent.length === 0 || position < recent.from || position > recent.to) {
      const events = this.#after.all(position, limit).map(storedFrom);
      if (events.length < limit) this.#recent = new RecentEvents(position, events);
      return events;
    }
    while (recent.to < this.#head && recent.to < position + limit) recent.add(this.#after.all(recent.to, RECENT_AT_ONCE).map(storedFrom));
    return recent.after(position, limit);
  }

  async readAt(position: number): Promise<StoredEvent | undefined> {
    const [found] = this.#after.all(position - 1, 1).map(storedFrom);
    return found?.position === position ? found : undefined;
  }

  /** Positions are given one after another here: nothing is read. */
  async countAfter(position: number): Promise<number> {
    return Math.max(0, this.#head - position);
  }

  async head(): Promise<number> {
    return this.#head;
  }

  onCommit(listener: (head: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Commits statements on the file's side tables durably, together with the appends of that moment; all of them or none. */
  write(statements: readonly SideStatement[]): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreUnavailableError('The event store is closed.'));
    return new Promise((resolve, reject) => {
      const batch = this.#collect();
      batch.side.push([...statements]);
      batch.sideWaiters.push({ resolve, reject });
    });
  }

  /** Reads committed rows of the file; the statement is prepared once per text. */
  query<T>(sql: string, ...params: SQLInputValue[]): T[] {
    let statement = this.#queries.get(sql);
    if (!statement) this.#queries.set(sql, (statement = this.#db.prepare(sql)));
    return statement.all(...params) as T[];
  }

  inspect(): Promise<WriterInspection> {
    return this.#file.inspect();
  }

  limit(maxPages?: number): Promise<void> {
    return this.#file.limit(maxPages);
  }

  truncateWal(): Promise<void> {
    return this.#file.truncateWal();
  }

  /** Waits for what was accepted, then releases the file. */
  close(): Promise<void> {
    return (this.#closed ??= this.#end());
  }

  #settled(outcomes: readonly BatchOutcome[], head: number): void {
    const grown = head > this.#head;
    this.#head = head;
    for (const outcome of outcomes) this.#answer(outcome);
    if (grown) for (const listener of this.#listeners) listener(head);
    this.#rest();
  }

  #answer(outcome: BatchOutcome): void {
    const batch = this.#inFlight.shift();
    let at = 0;
    for (const waiter of batch?.waiters ?? []) {
      this.#waiting -= waiter.events;
      waiter.resolve(resultsFrom(outcome.items, at, waiter.items));
      at += waiter.items * 4;
    }
    batch?.sideWaiters.forEach(({ resolve, reject }, i) =>
      outcome.side[i] == null ? resolve() : reject(new Error(outcome.side[i] as string)),
    );
  }

  #failed(batches: number, error: Error): void {
    for (const batch of this.#inFlight.splice(0, batches)) {
      for (const waiter of batch.waiters) {
        this.#waiting -= waiter.events;
        waiter.reject(error);
      }
      for (const waiter of batch.sideWaiters) waiter.reject(error);
    }
    this.#rest();
  }

  #enqueue(items: readonly AppendItem[], resolve: Waiter['resolve'], reject: Waiter['reject']): void {
    if (this.#closed) throw new StoreUnavailableError('The event store is closed.');
    let events = 0;
    for (const item of items) events += countOf(item);
    if (this.#waiting + events > this.#queueLimit) throw new StoreBusyError('The event store is busy: its queue is full.');
    const batch = this.#collect();
    const before = batch.flat.length;
    try {
      for (const item of items) flatten(item, batch.flat);
    } catch (error) {
      batch.flat.length = before;
      throw error;
    }
    this.#waiting += events;
    batch.waiters.push({ events, items: items.length, resolve, reject });
    if (batch.waiters.length >= AHEAD) this.#post();
  }

  /** What is asked in one turn of the event loop travels as one message. */
  #collect(): Batch {
    if (!this.#collecting) {
      this.#collecting = { flat: [], waiters: [], side: [], sideWaiters: [] };
      setImmediate(() => this.#post());
    }
    return this.#collecting;
  }

  #post(): void {
    const batch = this.#collecting;
    if (!batch) return;
    this.#collecting = undefined;
    this.#inFlight.push(batch);
    this.#file.post({ now: this.#now(), items: batch.flat, side: batch.side });
  }

  #rest(): void {
    if (this.#inFlight.length === 0 && !this.#collecting) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #end(): Promise<void> {
    if (this.#inFlight.length > 0 || this.#collecting) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#db.close();
    await this.#file.close().catch(unheard('the opening has failed, which is thrown'));
    await this.#ownWriter?.close();
  }
}

function countOf({ stream, events }: AppendItem): number {
  if (events.length === 0) throw new RangeError(`Nothing to append to ${stream}.`);
  return events.length;
}

/** Opens the embedded event store of one service. Throws StoreUnavailableError where the file cannot be opened. */
export const openSqliteEventStore = (options: SqliteEventStoreOptions): Promise<SqliteEventStore> => SqliteEventStore.open(options);
