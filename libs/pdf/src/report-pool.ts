import type { Worker } from 'node:worker_threads';
import { backgroundThread } from '@ateneo/threads';
import type { ReportFile } from './report-archive.js';
import type { RenderOptions, ReportModel } from './report-model.js';
import type { ReportAnswer, ReportTask } from './report-worker.js';

/** The queue of the pool is full: the caller waits or says so. */
export class ReportPoolBusy extends Error {
  constructor() {
    super('Too many reports are waiting to be drawn');
  }
}

export interface ReportPoolOptions {
  /** Most worker threads at once; 1 where absent, so that the server keeps a core. */
  size?: number;
  /** Most tasks waiting for a thread; 64 where absent. */
  queue?: number;
  /** Milliseconds without work after which a thread ends; 30,000 where absent. */
  idle?: number;
}

export interface ReportPool {
  render(model: ReportModel, options: RenderOptions): Promise<Uint8Array>;
  mergeForPrinter(reports: ReportFile[], options?: Partial<RenderOptions>): Promise<Uint8Array>;
  /** Worker threads alive now. */
  readonly threads: number;
  /** Ends the threads; what was not finished is rejected. */
  close(): Promise<void>;
}

interface Job {
  task: ReportTask;
  resolve: (bytes: Uint8Array) => void;
  reject: (error: Error) => void;
}

interface Thread {
  worker: Worker;
  job?: Job;
  timer?: NodeJS.Timeout;
}

// The sources and the build name the worker alike but for the extension.
const workerFile = new URL(import.meta.url.endsWith('.ts') ? './report-worker.ts' : './report-worker.js', import.meta.url);
const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

/** Draws reports on worker threads, started when there is work and ended when idle; refuses with `ReportPoolBusy` beyond its queue. */
export const createReportPool = ({ size = 1, queue = 64, idle = 30_000 }: ReportPoolOptions = {}): ReportPool =>
  new DrawingThreads(size, queue, idle);

class DrawingThreads implements ReportPool {
  readonly #threads = new Set<Thread>();
  readonly #waiting: Job[] = [];
  #closed = false;

  constructor(
    private readonly size: number,
    private readonly queue: number,
    private readonly idle: number,
  ) {}

  get threads(): number {
    return this.#threads.size;
  }

  render(model: ReportModel, options: RenderOptions): Promise<Uint8Array> {
    return this.#submit({ is: 'report', model, options });
  }

  mergeForPrinter(reports: ReportFile[], options: Partial<RenderOptions> = {}): Promise<Uint8Array> {
    return this.#submit({ is: 'print-copy', reports, options });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const error = new Error('The report pool is closed');
    for (const job of this.#waiting.splice(0)) job.reject(error);
    const ending = [...this.#threads].map((thread) => {
      thread.job?.reject(error);
      thread.job = undefined;
      return this.#end(thread);
    });
    await Promise.all(ending);
  }

  #submit(task: ReportTask): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('The report pool is closed'));
      const job: Job = { task, resolve, reject };
      const free = [...this.#threads].find((thread) => !thread.job);
      if (free) return this.#give(free, job);
      if (this.#threads.size < this.size) return this.#give(this.#start(), job);
      if (this.#waiting.length >= this.queue) return reject(new ReportPoolBusy());
      this.#waiting.push(job);
    });
  }

  #give(thread: Thread, job: Job): void {
    clearTimeout(thread.timer);
    thread.job = job;
    thread.worker.ref();
    try {
      thread.worker.postMessage(job.task);
    } catch (error) {
      job.reject(asError(error));
      this.#rest(thread);
    }
  }

  #rest(thread: Thread): void {
    thread.job = undefined;
    const next = this.#waiting.shift();
    if (next) return this.#give(thread, next);
    thread.worker.unref();
    thread.timer = setTimeout(() => this.#end(thread), this.idle);
    thread.timer.unref();
  }

  #end(thread: Thread): Promise<number> {
    this.#threads.delete(thread);
    clearTimeout(thread.timer);
    return thread.worker.terminate();
  }

  #start(): Thread {
    const thread: Thread = { worker: backgroundThread(workerFile, 'report') };
    this.#threads.add(thread);
    thread.worker.on('message', (answer: ReportAnswer) => {
      const { job } = thread;
      this.#rest(thread);
      if ('bytes' in answer) job?.resolve(answer.bytes);
      else job?.reject(new Error(answer.failed));
    });
    thread.worker.on('error', (error) => this.#lose(thread, asError(error)));
    thread.worker.on('exit', () => this.#threads.has(thread) && this.#lose(thread, new Error('The thread that draws reports ended')));
    return thread;
  }

  #lose(thread: Thread, error: Error): void {
    this.#threads.delete(thread);
    clearTimeout(thread.timer);
    thread.job?.reject(error);
    thread.job = undefined;
    const next = this.#waiting.shift();
    if (next && !this.#closed) this.#give(this.#start(), next);
  }
}
