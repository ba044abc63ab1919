import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openViewsFile } from './views-file.js';
import type { Answer, Order } from './views-writer.js';

type Write = Extract<Order, { is: 'write' }>;
type Open = { readonly db: DatabaseSync; readonly statements: Map<string, StatementSync> };

const port = parentPort;
if (!port) throw new Error('The views writer runs as a worker thread only.');
const files = new Map<number, Open>();
const answer = (message: Answer): void => port.postMessage(message);
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function opened(file: number): Open {
  const open = files.get(file);
  if (!open) throw new Error('The views file is not open.');
  return open;
}

/** Tables change with builds, so whatever changes them is not prepared for reuse. */
function run({ db, statements }: Open, { steps }: Write): void {
  for (const { sql, rows } of steps) {
    if (!rows) {
      db.exec(sql);
      statements.clear();
      continue;
    }
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = db.prepare(sql)));
    for (const row of rows) statement.run(...row);
  }
}

function transaction(open: Open, writes: readonly Write[]): void {
  open.db.exec('BEGIN IMMEDIATE');
  try {
    for (const write of writes) run(open, write);
    open.db.exec('COMMIT');
  } catch (error) {
    if (open.db.isTransaction) open.db.exec('ROLLBACK');
    throw error;
  }
}

/** One durable commit for all that waits for a file; where that fails, each is tried by itself, so that one cannot take the others with it. */
function commit(file: number, writes: readonly Write[]): void {
  try {
    transaction(opened(file), writes);
    for (const { request } of writes) answer({ request });
  } catch (error) {
    if (writes.length === 1) return answer({ request: writes[0]!.request, error: textOf(error) });
    for (const write of writes) commit(file, [write]);
  }
}

function carryOut(order: Exclude<Order, { is: 'write' }>): unknown {
  if (order.is === 'open') return void files.set(order.file, { db: openViewsFile(order.path), statements: new Map() });
  if (order.is === 'inspect') return opened(order.file).db.prepare('PRAGMA synchronous').get();
  if (order.is === 'truncate') return opened(order.file).db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  if (order.is === 'close') {
    opened(order.file).db.close();
    return files.delete(order.file);
  }
  for (const { db } of files.values()) db.close();
  return port?.close();
}

/** Whatever waits when the last commit ends is one batch; an order that is not a write takes its turn after the writes before it. */
function drain(first: Order): void {
  const waiting = new Map<number, Write[]>();
  const flush = () => {
    for (const [file, writes] of waiting) commit(file, writes);
    waiting.clear();
  };
  for (let order: Order | undefined = first; order; order = receiveMessageOnPort(port!)?.message as Order | undefined) {
    if (order.is === 'write') {
      const writes = waiting.get(order.file);
      if (writes) writes.push(order);
      else waiting.set(order.file, [order]);
      continue;
    }
    flush();
    try {
      answer({ request: order.request, value: carryOut(order) });
    } catch (error) {
      answer({ request: order.request, error: textOf(error) });
    }
  }
  flush();
}

port.on('message', drain);
