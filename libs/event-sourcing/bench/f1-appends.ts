import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EventToStore } from '../src/event-store.js';
import { openSqliteEventStore } from '../src/sqlite/sqlite-event-store.js';

const CALLERS = 64;
const STREAMS_PER_CALLER = 20;
const ROUNDS = 5;
const ROUND_MS = 1_000;

const data = { activities: ['A1-104', 'A1-105'], performedOn: '2026-03-14', unitId: randomUUID(), note: 'x'.repeat(200) };
const metadata = { actor: { id: randomUUID(), kind: 'person' as const }, scope: { traineeId: randomUUID() }, correlationId: randomUUID() };

type Append = (stream: string, expected: number) => Promise<void>;
type Contestant = { readonly append: Append; close(): Promise<void> };

async function ours(folder: string): Promise<Contestant> {
  const store = await openSqliteEventStore({ file: join(folder, 'ours.sqlite'), hashKey: randomBytes(32), now: Date.now });
  return {
    append: async (stream, expectedRevision) => {
      const event: EventToStore = { id: randomUUID(), type: 'EntryRecorded', version: 1, data, metadata };
      const result = await store.append({ stream, expectedRevision, events: [event] });
      if (!result.ok) throw new Error(`${stream} refused ${expectedRevision}`);
    },
    close: () => store.close(),
  };
}

async function reference(folder: string): Promise<Contestant> {
  const worker = new Worker(new URL(`./bare-writer.worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: { file: join(folder, 'bare.sqlite') },
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let collecting: { readonly rows: object[]; readonly settle: ((position: number) => void)[] } | undefined;
  const inFlight: ((position: number) => void)[][] = [];
  worker.on('message', (positions: number[]) => inFlight.shift()?.forEach((settle, i) => settle(positions[i] ?? -1)));
  const post = () => {
    if (!collecting) return;
    inFlight.push(collecting.settle);
    worker.postMessage(collecting.rows);
    collecting = undefined;
  };
  return {
    append: (stream, expected) =>
      new Promise((resolve, reject) => {
        if (!collecting) setImmediate(post);
        collecting ??= { rows: [], settle: [] };
        collecting.rows.push({
          stream,
          expected,
          id: randomUUID(),
          type: 'EntryRecorded',
          data: JSON.stringify(data),
          meta: JSON.stringify(metadata),
        });
        collecting.settle.push((position) => (position > 0 ? resolve() : reject(new Error(`${stream} refused ${expected}`))));
      }),
    close: async () => {
      worker.postMessage('end');
      await ended;
    },
  };
}

/** Appends of one event by 64 callers, each waiting for its own acknowledgement, per second. */
async function round(append: Append, revisions: Map<string, number>): Promise<number> {
  const started = performance.now();
  const until = started + ROUND_MS;
  let done = 0;
  const caller = async (n: number) => {
    for (let i = 0; performance.now() < until; i += 1) {
      const stream = `bench-${n}-${i % STREAMS_PER_CALLER}`;
      const expected = revisions.get(stream) ?? -1;
      await append(stream, expected);
      revisions.set(stream, expected + 1);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, (_, n) => caller(n)));
  return (done * 1000) / (performance.now() - started);
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** F1: durable appends per second through the store port and through a bare group-commit loop in a worker, in interleaved rounds (medians). */
export async function f1(): Promise<{ ours: number; reference: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-f1-'));
  const contestants = [await ours(folder), await reference(folder)] as const;
  const revisions = contestants.map(() => new Map<string, number>());
  const rates: [number[], number[]] = [[], []];
  try {
    for (let i = 0; i < ROUNDS * 2; i += 1) {
      const turn = i % 2 === 0 ? 0 : 1;
      rates[turn].push(await round(contestants[turn].append, revisions[turn] as Map<string, number>));
    }
  } finally {
    for (const contestant of contestants) await contestant.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { ours: Math.round(median(rates[0])), reference: Math.round(median(rates[1])) };
}
