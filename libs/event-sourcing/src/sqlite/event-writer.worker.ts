import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { EventLog, type AppendBatch } from './event-log.js';
import type { ToMain, ToWriter } from './event-writer.js';

const logs = new Map<number, EventLog>();
const port = parentPort;
if (!port) throw new Error('The event writer runs as a worker thread only.');

const say = (message: ToMain): void => port.postMessage(message);
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function logOf(file: number): EventLog {
  const log = logs.get(file);
  if (!log) throw new Error('The events file is not open.');
  return log;
}

/** One durable commit for all that waits for a file. */
function commit(file: number, batches: readonly AppendBatch[]): void {
  try {
    say({ is: 'committed', file, outcomes: logOf(file).commit(batches) });
  } catch (error) {
    say({ is: 'failed', file, batches: batches.length, error: textOf(error) });
  }
}

function call(message: Exclude<ToWriter, { is: 'append' }>): unknown {
  switch (message.is) {
    case 'open': {
      const log = new EventLog(message.path, message.hashKey, message.maxPages);
      logs.set(message.file, log);
      return log.head;
    }
    case 'inspect':
      return logOf(message.file).inspect();
    case 'limit':
      return logOf(message.file).limit(message.maxPages);
    case 'truncate':
      return logOf(message.file).truncateWal();
    case 'close':
      logOf(message.file).close();
      return logs.delete(message.file);
    case 'end':
      for (const log of logs.values()) log.close();
      return port?.close();
  }
}

function answer(message: Exclude<ToWriter, { is: 'append' }>): void {
  try {
    say({ is: 'answered', request: message.request, value: call(message) });
  } catch (error) {
    say({ is: 'refused', request: message.request, error: textOf(error) });
  }
}

/** Takes everything that waits, commits each file once, then answers the calls in the order they came. */
function drain(first: ToWriter): void {
  const waiting = new Map<number, AppendBatch[]>();
  const calls: Exclude<ToWriter, { is: 'append' }>[] = [];
  for (let message: ToWriter | undefined = first; message; message = receiveMessageOnPort(port!)?.message as ToWriter | undefined) {
    if (message.is !== 'append') {
      calls.push(message);
      continue;
    }
    const batches = waiting.get(message.file);
    if (batches) batches.push(message.batch);
    else waiting.set(message.file, [message.batch]);
  }
  for (const [file, batches] of waiting) commit(file, batches);
  calls.forEach(answer);
}

port.on('message', drain);
