import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { StoreUnavailableError } from '@ateneo/event-sourcing';
import type { Blobs, OpenedBlob } from './blobs.js';
import { type FileMeta, type Files, FileTooLargeError, type OpenedFile, type PutOptions, type StoredFile } from './files.js';
import { openRecord, RECORD, sealRecord, TAG } from './sealed-records.js';

/** The first record holds the description, padded so that the content begins at a fixed place. */
const HEAD = 2 * 1024;
const CONTENT_AT = HEAD + TAG;

const parse = (fileId: string): { name: string; key: Buffer } | undefined => {
  const [, name, key] = /^([0-9a-f-]{36})\.([\w-]{43})$/.exec(fileId) ?? [];
  return name && key ? { name, key: Buffer.from(key, 'base64url') } : undefined;
};

/** Files as ciphertext under a key that only their id carries, wherever the bytes lie. */
export class SealedFiles implements Files {
  constructor(private readonly blobs: Blobs) {}

  async put(
    content: Readable | Uint8Array,
    meta: FileMeta,
    { maxBytes = Number.MAX_SAFE_INTEGER, announced }: PutOptions = {},
  ): Promise<StoredFile> {
    const [name, key] = [randomUUID(), randomBytes(32)];
    await announced?.(name);
    const source = new Source(content, maxBytes);
    try {
      await this.blobs.put(name, sealed(key, meta, source.chunks()));
    } catch (error) {
      if (source.failure) throw source.failure.error;
      throw unavailable(error);
    }
    return { fileId: `${name}.${key.toString('base64url')}`, size: source.size };
  }

  async open(fileId: string): Promise<OpenedFile | undefined> {
    const { name, key } = parse(fileId) ?? {};
    if (!name || !key) return undefined;
    const blob = await this.blobs.open(name).catch((error: unknown) => {
      throw unavailable(error);
    });
    if (!blob) return undefined;
    const records = recordsOf(blob);
    try {
      const first = await records.next();
      const meta = JSON.parse(openRecord(key, 0, false, first.value ?? Buffer.alloc(0)).toString()) as FileMeta;
      const count = Math.ceil((blob.size - CONTENT_AT) / (RECORD + TAG));
      const stream = Readable.from(opened(records, key, count), { objectMode: false });
      stream.once('close', () => blob.close());
      return { ...meta, size: blob.size - CONTENT_AT - count * TAG, stream };
    } catch {
      blob.close();
      return undefined;
    }
  }

  async delete(fileId: string): Promise<void> {
    const name = /^[0-9a-f-]{36}$/.test(fileId) ? fileId : parse(fileId)?.name;
    if (name) await this.blobs.delete(name);
  }
}

/** What is to be stored, counted; keeps its own failure apart from those of the place where it goes. */
class Source {
  size = 0;
  failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly content: Readable | Uint8Array,
    private readonly maxBytes: number,
  ) {}

  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const bytes of (this.content instanceof Uint8Array ? [this.content] : this.content) as AsyncIterable<Uint8Array>) {
        this.size += bytes.length;
        if (this.size > this.maxBytes) throw new FileTooLargeError(this.maxBytes);
        yield bytes;
      }
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}

function unavailable(error: unknown): StoreUnavailableError {
  const { message, code } = error as NodeJS.ErrnoException;
  return new StoreUnavailableError(`The files cannot be reached: ${message || code || String(error)}`, { cause: error });
}

async function* sealed(key: Buffer, meta: FileMeta, source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  yield sealRecord(key, 0, false, head(meta));
  let [waiting, index] = [Buffer.alloc(0) as Buffer, 1];
  for await (const bytes of source) {
    waiting = Buffer.concat([waiting, bytes]);
    for (; waiting.length > RECORD; waiting = waiting.subarray(RECORD)) yield sealRecord(key, index++, false, waiting.subarray(0, RECORD));
  }
  yield sealRecord(key, index, true, waiting);
}

function head(meta: FileMeta): Buffer {
  const text = Buffer.from(JSON.stringify({ name: meta.name.slice(0, 300), type: meta.type.slice(0, 100) }));
  return Buffer.concat([text, Buffer.alloc(HEAD - text.length, ' ')]);
}

/** The head, then record by record; what is cut short comes as it is, and does not open. */
async function* recordsOf({ chunks }: OpenedBlob): AsyncGenerator<Buffer> {
  let waiting = Buffer.alloc(0) as Buffer;
  let wanted = CONTENT_AT;
  for await (const chunk of chunks) {
    waiting = Buffer.concat([waiting, chunk]);
    for (; waiting.length >= wanted; wanted = RECORD + TAG) {
      yield waiting.subarray(0, wanted);
      waiting = waiting.subarray(wanted);
    }
  }
  if (waiting.length > 0) yield waiting;
}

async function* opened(records: AsyncGenerator<Buffer>, key: Buffer, count: number): AsyncGenerator<Buffer> {
  for (let index = 1; index <= count; index++) {
    const { value } = await records.next();
    yield openRecord(key, index, index === count, value ?? Buffer.alloc(0));
  }
}
