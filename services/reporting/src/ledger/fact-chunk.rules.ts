import { COLUMNS, type Columns, type ColumnName, type FactColumns } from './fact-columns.rules.js';

/** A stretch of one enrolment's facts, with the entries and shapes that appear in it for the first time. */
export type ChunkHeader = {
  readonly enrolmentId: string;
  readonly first: number;
  readonly count: number;
  readonly firstEntry: number;
  readonly firstShape: number;
  /** keys of shapes */
  readonly shapes: readonly string[];
  readonly entries: number;
};
export type Chunk = { readonly header: ChunkHeader; readonly columns: Columns; readonly entryIds: () => string[] };

const uuidLength = 36;
const aligned = (offset: number): number => (offset + 3) & ~3;
const bytesOf = (column: Int32Array): Uint8Array => new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

/** Stored form: header length (u32), header as JSON, entry ids as text, padding to 4, then every column as little-endian i32. */
export const encodeChunk = (
  header: Omit<ChunkHeader, 'entries' | 'count'>,
  facts: FactColumns,
  end: number,
  entryIds: readonly string[],
): Uint8Array => {
  const count = end - header.first;
  const head = Buffer.from(JSON.stringify({ ...header, count, entries: entryIds.length } satisfies ChunkHeader));
  const idsAt = 4 + head.length;
  const columnsAt = aligned(idsAt + entryIds.length * uuidLength);
  const bytes = Buffer.alloc(columnsAt + count * 4 * COLUMNS.length);
  bytes.writeUInt32LE(head.length, 0);
  head.copy(bytes, 4);
  entryIds.forEach((id, index) => bytes.write(id, idsAt + index * uuidLength, uuidLength, 'latin1'));
  COLUMNS.forEach((name, index) => bytes.set(bytesOf(facts[name].subarray(header.first, end)), columnsAt + index * count * 4));
  return bytes;
};

/** First fact and number of facts of a stored chunk. */
export const stretchOf = (stored: Uint8Array): Pick<ChunkHeader, 'first' | 'count'> => decodeChunk(stored).header;

export const decodeChunk = (stored: Uint8Array): Chunk => {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const idsAt = 4 + bytes.readUInt32LE(0);
  const header = JSON.parse(bytes.toString('utf8', 4, idsAt)) as ChunkHeader;
  const columnsAt = aligned(idsAt + header.entries * uuidLength);
  const columns = {} as Record<ColumnName, Int32Array>;
  COLUMNS.forEach((name, index) => {
    const start = columnsAt + index * header.count * 4;
    const at = bytes.byteOffset + start;
    columns[name] =
      at % 4 === 0
        ? new Int32Array(bytes.buffer, at, header.count)
        : new Int32Array(new Uint8Array(bytes.subarray(start, start + header.count * 4)).buffer);
  });
  return {
    header,
    columns,
    entryIds: () =>
      Array.from({ length: header.entries }, (_, index) =>
        bytes.toString('latin1', idsAt + index * uuidLength, idsAt + (index + 1) * uuidLength),
      ),
  };
};
