import { unheard } from '../problems.js';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreUnavailableError } from '../event-store.js';
import type { AppendBatch, BatchOutcome, EventLog, Settled } from './event-log.js';

type Request = { readonly request: number };
export type ToWriter =
  | { readonly is: 'append'; readonly file: number; readonly batch: AppendBatch }
  | (Request & {
      readonly is: 'open';
      readonly file: number;
      readonly path: string;
      readonly hashKey: Uint8Array;
      readonly maxPages?: number;
    })
  | (Request & { readonly is: 'limit'; readonly file: number; readonly maxPages?: number })
  | (Request & { readonly is: 'inspect' | 'truncate' | 'close'; readonly file: number })
  | (Request & { readonly is: 'end' });
export type ToMain =
  | { readonly is: 'settled'; readonly file: number; readonly settled: Settled }
  | { readonly is: 'answered'; readonly request: number; readonly value: unknown }
  | { readonly is: 'refused'; readonly request: number; readonly error: string };

/** Who is told how the batches posted for a file ended, in the order of posting. */
export type BatchListener = {
  settled(outcomes: readonly BatchOutcome[], head: number): void;
  failed(batches: number, error: StoreUnavailableError): void;
};

export type WriterInspection = ReturnType<EventLog['inspect']>;

/** One open events file of a writer. */
export type WriterFile = {
  readonly head: number;
  post(batch: AppendBatch): void;
  inspect(): Promise<WriterInspection>;
  limit(maxPages?: number): Promise<void>;
  truncateWal(): Promise<void>;
  close(): Promise<void>;
};

type Open = { readonly listener: BatchListener; inFlight: number };
type Call<T = ToWriter> = T extends Request ? Omit<T, 'request'> : never;

/** The thread that writes the events files of one process: one durable commit per file and drain. */
export class EventWriter {
  readonly #worker = new Worker(new URL(`./event-writer.worker${extname(import.meta.url)}`, import.meta.url), { name: 'event-writer' });
  readonly #files = new Map<number, Open>();
  readonly #calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #exit: Promise<void>;
  #next = 1;
  #ended: StoreUnavailableError | undefined;

  constructor() {
    this.#worker.on('message', (message: ToMain) => this.#hear(message));
    this.#worker.on('error', (error) => this.#lose(error instanceof Error ? error.message : String(error)));
    this.#exit = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#lose('The event writer has ended.');
        resolve();
      });
    });
  }

  /** Opens or creates an events file; batches posted to it are settled in order. */
  async open(path: string, options: { hashKey: Uint8Array; maxPages?: number; listener: BatchListener }): Promise<WriterFile> {
    const file = this.#next++;
    const head = await this.#call<number>({ is: 'open', file, path, hashKey: options.hashKey, maxPages: options.maxPages });
    const open: Open = { listener: options.listener, inFlight: 0 };
    this.#files.set(file, open);
    return {
      head,
      post: (batch) => this.#post(file, open, batch),
      inspect: () => this.#call({ is: 'inspect', file }),
      limit: (maxPages) => this.#call({ is: 'limit', file, maxPages }),
      truncateWal: () => this.#call({ is: 'truncate', file }),
      close: async () => {
        await this.#call({ is: 'close', file });
        this.#files.delete(file);
      },
    };
  }

  /** Ends the thread after all that was posted is committed. */
  async close(): Promise<void> {
    if (!this.#ended) this.#call({ is: 'end' }).catch(unheard('the thread ends anyway'));
    await this.#exit;
  }

  #post(file: number, open: Open, batch: AppendBatch): void {
    if (this.#ended) return open.listener.failed(1, this.#ended);
    open.inFlight += 1;
    this.#worker.postMessage({ is: 'append', file, batch } satisfies ToWriter);
  }

  #call<T>(message: Call): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const request = this.#next++;
    this.#worker.postMessage({ ...message, request });
    return new Promise<T>((resolve, reject) => this.#calls.set(request, { resolve: (value) => resolve(value as T), reject }));
  }

  #hear(message: ToMain): void {
    if (message.is === 'settled') return this.#tell(message.file, message.settled);
    const call = this.#calls.get(message.request);
    this.#calls.delete(message.request);
    if (message.is === 'answered') call?.resolve(message.value);
    else call?.reject(new StoreUnavailableError(message.error));
  }

  #tell(file: number, settled: Settled): void {
    const open = this.#files.get(file);
    if (!open) return;
    open.inFlight -= settled.ok ? settled.outcomes.length : settled.batches;
    if (settled.ok) open.listener.settled(settled.outcomes, settled.head);
    else open.listener.failed(settled.batches, new StoreUnavailableError(settled.error));
  }

  #lose(why: string): void {
    this.#ended ??= new StoreUnavailableError(why);
    for (const open of this.#files.values()) {
      open.listener.failed(open.inFlight, this.#ended);
      open.inFlight = 0;
    }
    for (const call of this.#calls.values()) call.reject(this.#ended);
    this.#calls.clear();
  }
}

/** Starts the one writer thread that all stores of a composed process share. */
export const startEventWriter = (): EventWriter => new EventWriter();
