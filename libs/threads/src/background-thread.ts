import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** What a background thread is told at its start. */
export type BackgroundEntry = { readonly entry: string };

/**
 * A thread for long work beside the event loop: `entry` runs in it at a lower priority of the processor, so that requests are answered first
 * where processors are few (ADR 0046). Messages sent before `entry` listens wait for it. Where the system gives threads no priority of their
 * own the work is done all the same.
 */
export function backgroundThread(entry: URL, name: string): Worker {
  const file = new URL(`./background.worker${extname(import.meta.url)}`, import.meta.url);
  return new Worker(file, { name, workerData: { entry: entry.href } satisfies BackgroundEntry });
}
