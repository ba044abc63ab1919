import { DatabaseSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

type Append = {
  readonly stream: string;
  readonly expected: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly meta: string;
};

// The plainest durable log: what waits is one transaction, the expected revision is checked, nothing else is done.
const db = new DatabaseSync((workerData as { file: string }).file);
db.exec(
  'PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;',
);
db.exec('CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)');
db.exec(
  'CREATE TABLE events (position INTEGER PRIMARY KEY, stream_id INTEGER, revision INTEGER, id TEXT, type TEXT, data TEXT, meta TEXT, UNIQUE (stream_id, revision))',
);
const addStream = db.prepare('INSERT INTO streams (name) VALUES (?)');
const insert = db.prepare('INSERT INTO events (stream_id, revision, id, type, data, meta) VALUES (?, ?, ?, ?, ?, ?)');
const heads = new Map<string, { readonly id: number; revision: number }>();

function append({ stream, expected, id, type, data, meta }: Append): number {
  let head = heads.get(stream);
  if (!head) heads.set(stream, (head = { id: Number(addStream.run(stream).lastInsertRowid), revision: -1 }));
  if (head.revision !== expected) return -1;
  head.revision += 1;
  return Number(insert.run(head.id, head.revision, id, type, data, meta).lastInsertRowid);
}

parentPort?.on('message', (first: Append[] | 'end') => {
  const waiting: Append[][] = [];
  for (
    let message: Append[] | 'end' | undefined = first;
    message;
    message = receiveMessageOnPort(parentPort!)?.message as Append[] | 'end' | undefined
  ) {
    if (message === 'end') {
      db.close();
      return parentPort?.close();
    }
    waiting.push(message);
  }
  db.exec('BEGIN IMMEDIATE');
  const positions = waiting.map((batch) => batch.map(append));
  db.exec('COMMIT');
  for (const batch of positions) parentPort?.postMessage(batch);
});
