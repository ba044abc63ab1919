import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { EventLog } from './event-log.js';
import type { ToMain, ToWriter } from './event-writer.js';

type Call = Exclude<ToWriter, { is: 'append' }>;

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

function call(message: Call): unknown {
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

function answer(message: Call): void {
  try {
    say({ is: 'answered', request: message.request, value: call(message) });
  } catch (error) {
    say({ is: 'refused', request: message.request, error: textOf(error) });
  }
}

/** Takes messages as long as some wait, commits each file once, then answers the calls in the order they came. */
function drain(first: ToWriter): void {
  const touched = new Map<number, EventLog>();
  const calls: Call[] = [];
  for (let message: ToWriter | undefined = first; message; message = receiveMessageOnPort(port!)?.message as ToWriter | undefined) {
    if (message.is === 'append') {
      const log = logOf(message.file);
      touched.set(message.file, log);
      log.add(message.batch);
    } else calls.push(message);
  }
  for (const [file, log] of touched) say({ is: 'settled', file, settled: log.settle() });
  calls.forEach(answer);
}

port.on('message', drain);
