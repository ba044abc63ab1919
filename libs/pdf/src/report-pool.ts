import { Worker } from 'node:worker_threads';
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

/** Draws reports on worker threads, started when there is work and ended when idle; refuses with `ReportPoolBusy` beyond its queue. */
export function createReportPool({ size = 1, queue: most = 64, idle = 30_000 }: ReportPoolOptions = {}): ReportPool {
  const threads = new Set<Thread>();
  const waiting: Job[] = [];
  let closed = false;

  const give = (thread: Thread, job: Job) => {
    clearTimeout(thread.timer);
    thread.job = job;
    thread.worker.ref();
    thread.worker.postMessage(job.task);
  };
  const rest = (thread: Thread) => {
    thread.job = undefined;
    const next = waiting.shift();
    if (next) return give(thread, next);
    thread.worker.unref();
    thread.timer = setTimeout(() => end(thread), idle);
    thread.timer.unref();
  };
  const end = (thread: Thread) => {
    threads.delete(thread);
    clearTimeout(thread.timer);
    return thread.worker.terminate();
  };
  const lose = (thread: Thread, error: Error) => {
    threads.delete(thread);
    thread.job?.reject(error);
    thread.job = undefined;
    const next = waiting.shift();
    if (next && !closed) give(start(), next);
  };
  const start = (): Thread => {
    const thread: Thread = { worker: new Worker(workerFile) };
    threads.add(thread);
    thread.worker.on('message', (answer: ReportAnswer) => {
      const { job } = thread;
      rest(thread);
      if ('bytes' in answer) job?.resolve(answer.bytes);
      else job?.reject(new Error(answer.failed));
    });
    thread.worker.on('error', (error) => lose(thread, error instanceof Error ? error : new Error(String(error))));
    thread.worker.on('exit', () => threads.has(thread) && lose(thread, new Error('The thread that draws reports ended')));
    return thread;
  };
  const submit = (task: ReportTask) =>
    new Promise<Uint8Array>((resolve, reject) => {
      if (closed) return reject(new Error('The report pool is closed'));
      const job: Job = { task, resolve, reject };
      const free = [...threads].find((thread) => !thread.job);
      if (free) return give(free, job);
      if (threads.size < size) return give(start(), job);
      if (waiting.length >= most) return reject(new ReportPoolBusy());
      waiting.push(job);
    });

  return {
    render: (model, options) => submit({ is: 'report', model, options }),
    mergeForPrinter: (reports, options = {}) => submit({ is: 'print-copy', reports, options }),
    get threads() {
      return threads.size;
    },
    async close() {
      closed = true;
      const error = new Error('The report pool is closed');
      for (const job of waiting.splice(0)) job.reject(error);
      await Promise.all(
        [...threads].map((thread) => {
          thread.job?.reject(error);
          thread.job = undefined;
          return end(thread);
        }),
      );
    },
  };
}
