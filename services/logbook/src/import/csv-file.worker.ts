import { Readable } from 'node:stream';
import { parentPort } from 'node:worker_threads';
import { type CsvFile, ImportFileError, openCsv } from './csv-file.client.js';
import type { CsvAnswer, CsvOrder } from './csv-thread.client.js';

const port = parentPort!;
const tell = (answer: CsvAnswer): void => port.postMessage(answer);
let fed: ((bytes: Uint8Array | null) => void) | undefined;
let records: ReturnType<CsvFile['batches']> | undefined;
let file: CsvFile | undefined;

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = new Promise<Uint8Array | null>((resolve) => (fed = resolve));
    tell({ is: 'hungry' });
    const bytes = await piece;
    if (bytes === null) return;
    yield bytes;
  }
}

const told = (error: unknown): void =>
  tell({ is: error instanceof ImportFileError ? 'refused' : 'broken', message: error instanceof Error ? error.message : String(error) });

async function next(size: number): Promise<void> {
  records ??= file?.batches(size);
  const { value, done } = (await records?.next()) ?? { value: undefined, done: true };
  tell({ is: 'records', records: done ? [] : (value as Awaited<ReturnType<NonNullable<typeof records>['next']>>['value']) });
}

port.on('message', (order: CsvOrder) => {
  if ('next' in order) next(order.next).catch(told);
  else fed?.(order.bytes);
});

openCsv(Readable.from(pieces(), { objectMode: true, highWaterMark: 1 })).then((opened) => {
  file = opened;
  tell({ is: 'header', header: opened.header });
}, told);
