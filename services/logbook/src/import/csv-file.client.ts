import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { logbook } from '@ateneo/contracts';
import { FieldClip } from './csv-fields.rules.js';
import { type Column, delimiterOf, readHeader } from './import-columns.rules.js';

/** The file as a whole cannot be read as an import; `message` is a code, a colon and what it is about. */
export class ImportFileError extends Error {
  override readonly name = 'ImportFileError';
}

export const MOST_ROWS = logbook.IMPORT_LIMITS.rows;
const MOST_RECORD_CHARS = 64 * 1024;
/** How much of the file the header line must fit in. */
const MOST_HEADER_CHARS = 16 * 1024;

/** One record and the line of the file that it begins on. */
export type CsvRecord = { readonly line: number; readonly cells: readonly string[] };
export type CsvFile = {
  readonly header: Readonly<Record<Column, number>>;
  /** up to `size` records at a time, in the order of the file */ batches(size: number): AsyncGenerator<CsvRecord[]>;
};

/** Opens a CSV (RFC 4180) in UTF-8, with or without BOM, fields apart by `,` or `;`, and reads it as a stream. Throws ImportFileError. */
export async function openCsv(bytes: Readable): Promise<CsvFile> {
  const texts = decoded(bytes);
  let head = '';
  for (let next = await texts.next(); !next.done; next = await texts.next()) {
    head += next.value;
    if (/[\r\n]/.test(head) || head.length > MOST_HEADER_CHARS) break;
  }
  if (head.trim() === '') throw new ImportFileError('file-empty');
  const records = recordsOf(head, texts);
  const first = await records.next();
  if (first.done) throw new ImportFileError('file-empty');
  const header = readHeader(first.value.cells);
  if ('problem' in header) throw new ImportFileError(header.problem);
  return { header, batches: (size) => batches(records, size) };
}

async function* decoded(bytes: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new ImportFileError('file-not-utf-8');
    }
  };
  for await (const chunk of bytes) yield decode(chunk as Uint8Array);
  yield decode();
}

async function* clipped(head: string, rest: AsyncGenerator<string>, delimiter: string): AsyncGenerator<string> {
  const fields = new FieldClip(delimiter);
  yield fields.clip(head);
  for await (const text of rest) yield fields.clip(text);
}

async function* recordsOf(head: string, rest: AsyncGenerator<string>): AsyncGenerator<CsvRecord> {
  let [last, skipped] = [0, 0];
  const delimiter = delimiterOf(head);
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MOST_RECORD_CHARS,
    on_record: (cells: string[], { lines, empty_lines: empty }) => {
      const line = last + 1 + empty - skipped;
      [last, skipped] = [lines, empty];
      return { line, cells } satisfies CsvRecord as unknown as string[];
    },
  });
  pipeline(Readable.from(clipped(head, rest, delimiter)), parser, () => undefined);
  try {
    yield* parser as AsyncIterable<unknown> as AsyncIterable<CsvRecord>;
  } catch (error) {
    throw error instanceof CsvError ? new ImportFileError(`file-not-csv: ${last + 1}`) : error;
  }
}

async function* batches(records: AsyncGenerator<CsvRecord>, size: number): AsyncGenerator<CsvRecord[]> {
  let [batch, rows] = [[] as CsvRecord[], 0];
  for await (const record of records) {
    rows += 1;
    if (rows > MOST_ROWS) throw new ImportFileError(`file-too-long: ${MOST_ROWS}`);
    batch.push(record);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
