// First in a background thread: nothing heavy is loaded before its priority is lower.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import type { BackgroundEntry } from './background-thread.js';

/** Half of an ordinary thread's claim and less, while never nothing: 19 would be the least. */
const NICENESS = 10;

/** Linux keeps a priority for each thread, under the id that the kernel knows it by; elsewhere it would be the process's. */
function yieldToRequests(): void {
  if (process.platform !== 'linux') return;
  const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  if (thread !== process.pid) setPriority(thread, NICENESS);
}

yieldToRequests();
await import((workerData as BackgroundEntry).entry);
