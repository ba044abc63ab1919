import { on } from 'node:events';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { backgroundThread } from '@ateneo/threads';
import { type CsvFile, type CsvRecord, ImportFileError } from './csv-file.client.js';

/** To the thread: a piece of the file (none: its end), or the wish for the next records. */
export type CsvOrder = { readonly bytes: Uint8Array | null } | { readonly next: number };
/** From it: that it needs another piece, the header, records (none: the end), or why the file cannot be read. */
export type CsvAnswer =
  | { readonly is: 'hungry' }
  | { readonly is: 'header'; readonly header: CsvFile['header'] }
  | { readonly is: 'records'; readonly records: CsvRecord[] }
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'broken'; readonly message: string };

/** Opens a CSV as `openCsv` does, in a thread of its own that lives as long as the file is read. To be closed. Throws ImportFileError. */
export async function openCsvApart(bytes: Readable): Promise<CsvFile & { close(): Promise<void> }> {
  const thread = new CsvThread(bytes);
  try {
    const { header } = (await thread.told('header')) as Extract<CsvAnswer, { is: 'header' }>;
    return { header, batches: (size) => thread.batches(size), close: () => thread.close() };
  } catch (error) {
    await thread.close();
    throw error;
  }
}

class CsvThread {
  readonly #worker = backgroundThread(new URL(`./csv-file.worker${extname(import.meta.url)}`, import.meta.url), 'csv');
  readonly #pieces: AsyncIterator<Uint8Array>;
  /** Answers in their order: the thread reads ahead, and asks for more while nobody waits. */
  readonly #answers: AsyncIterator<[CsvAnswer]>;

  constructor(private readonly bytes: Readable) {
    this.#pieces = bytes[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    this.#answers = on(this.#worker, 'message', { close: ['exit'] }) as AsyncIterator<[CsvAnswer]>;
  }

  async *batches(size: number): AsyncGenerator<CsvRecord[]> {
    for (;;) {
      this.#order({ next: size });
      const { records } = (await this.told('records')) as Extract<CsvAnswer, { is: 'records' }>;
      if (records.length === 0) return;
      yield records;
    }
  }

  /** Feeds the thread until it answers this. */
  async told(wanted: CsvAnswer['is']): Promise<CsvAnswer> {
    for (;;) {
      const { value: told, done: hasEnded } = await this.#answers.next();
      if (hasEnded) throw new Error('the thread that reads the file has ended');
      const [answer] = told;
      if (answer.is === wanted) return answer;
      if (answer.is === 'refused') throw new ImportFileError(answer.message);
      if (answer.is === 'broken') throw new Error(answer.message);
      const { value, done } = await this.#pieces.next();
      this.#order({ bytes: done ? null : value });
    }
  }

  async close(): Promise<void> {
    this.bytes.destroy();
    await this.#worker.terminate();
  }

  #order(order: CsvOrder): void {
    this.#worker.postMessage(order);
  }
}
