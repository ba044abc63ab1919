import { unheard } from '@ateneo/event-sourcing';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SQLInputValue } from 'node:sqlite';

/** A statement with the rows to run it with; without rows it is run as it stands (table definitions). */
export type Step = { readonly sql: string; readonly rows?: readonly (readonly SQLInputValue[])[] };

export type Order =
  | { readonly is: 'open'; readonly request: number; readonly file: number; readonly path: string }
  | { readonly is: 'write'; readonly request: number; readonly file: number; readonly steps: readonly Step[] }
  | { readonly is: 'truncate' | 'inspect' | 'close'; readonly request: number; readonly file: number }
  | { readonly is: 'end'; readonly request: number };
export type Answer = { readonly request: number; readonly value?: unknown; readonly error?: string };

type WithoutRequest<T = Order> = T extends Order ? Omit<T, 'request'> : never;

/** One open views file of a writer. */
export type ViewsFile = {
  /** One transaction, durable when it resolves. */
  write(steps: readonly Step[]): Promise<void>;
  /** Empties the write-ahead log, so that nothing erased stays in it. */
  truncateWal(): Promise<void>;
  inspect(): Promise<{ synchronous: number }>;
  close(): Promise<void>;
};

/** The views cannot be written now; what was committed stays readable. */
export class ViewsUnavailableError extends Error {
  override readonly name = 'ViewsUnavailableError';
}

/** The thread that writes all views files of a process. */
export class ViewsWriter {
  readonly #worker = new Worker(new URL(`./views-writer.worker${extname(import.meta.url)}`, import.meta.url), { name: 'views-writer' });
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #exit: Promise<void>;
  #next = 1;
  #ended = false;

  constructor() {
    this.#worker.on('message', ({ request, value, error }: Answer) => {
      const waiting = this.#waiting.get(request);
      this.#waiting.delete(request);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new ViewsUnavailableError(error));
      this.#hold();
    });
    this.#worker.on('error', (error: unknown) => this.#lose(error instanceof Error ? error.message : String(error)));
    this.#exit = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#lose('The views writer has ended.');
        resolve();
      });
    });
    this.#worker.unref();
  }

  async open(path: string): Promise<ViewsFile> {
    const file = this.#next++;
    await this.#order({ is: 'open', file, path });
    return {
      write: async (steps) => void (await this.#order({ is: 'write', file, steps })),
      truncateWal: async () => void (await this.#order({ is: 'truncate', file })),
      inspect: async () => (await this.#order({ is: 'inspect', file })) as { synchronous: number },
      close: async () => void (await this.#order({ is: 'close', file })),
    };
  }

  /** Ends the thread after all that was posted is committed. */
  async close(): Promise<void> {
    if (!this.#ended) this.#order({ is: 'end' }).catch(unheard('the thread ends anyway'));
    await this.#exit;
  }

  #order(order: WithoutRequest): Promise<unknown> {
    if (this.#ended) return Promise.reject(new ViewsUnavailableError('The views writer has ended.'));
    return new Promise((resolve, reject) => {
      const request = this.#next++;
      this.#waiting.set(request, { resolve, reject });
      this.#hold();
      this.#worker.postMessage({ ...order, request } as Order);
    });
  }

  /** The process stays alive while something is on its way, and only then. */
  #hold(): void {
    if (this.#waiting.size > 0) this.#worker.ref();
    else this.#worker.unref();
  }

  #lose(reason: string): void {
    this.#ended = true;
    for (const { reject } of this.#waiting.values()) reject(new ViewsUnavailableError(reason));
    this.#waiting.clear();
  }
}

export const startViewsWriter = (): ViewsWriter => new ViewsWriter();
