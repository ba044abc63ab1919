import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type FileMeta, type Files, FileTooLargeError, type OpenedFile, type StoredFile } from './files.js';
import { openRecord, RECORD, sealRecord, TAG } from './sealed-records.js';

/** The first record holds the description, padded so that the content begins at a fixed place. */
const HEAD = 2 * 1024;
const CONTENT_AT = HEAD + TAG;

const parse = (fileId: string): { name: string; key: Buffer } | undefined => {
  const [, name, key] = /^([0-9a-f-]{36})\.([\w-]{43})$/.exec(fileId) ?? [];
  return name && key ? { name, key: Buffer.from(key, 'base64url') } : undefined;
};

/** Files in a folder. */
export class FolderFiles implements Files {
  constructor(private readonly folder: string) {}

  async put(
    content: Readable | Uint8Array,
    meta: FileMeta,
    { maxBytes = Number.MAX_SAFE_INTEGER }: { readonly maxBytes?: number } = {},
  ): Promise<StoredFile> {
    await mkdir(this.folder, { recursive: true });
    const [name, key] = [randomUUID(), randomBytes(32)];
    const path = join(this.folder, name);
    const handle = await open(`${path}.part`, 'wx', 0o600);
    try {
      await handle.write(sealRecord(key, 0, false, head(meta)));
      const size = await this.#write(handle, key, content, maxBytes);
      await handle.sync();
      await handle.close();
      await rename(`${path}.part`, path);
      await this.#syncFolder();
      return { fileId: `${name}.${key.toString('base64url')}`, size };
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(`${path}.part`, { force: true });
      throw error;
    }
  }

  async open(fileId: string): Promise<OpenedFile | undefined> {
    const { name, key } = parse(fileId) ?? {};
    if (!name || !key) return undefined;
    const handle = await open(join(this.folder, name), 'r').catch(() => undefined);
    if (!handle) return undefined;
    try {
      const { size: stored } = await handle.stat();
      const meta = JSON.parse(openRecord(key, 0, false, await read(handle, 0, CONTENT_AT)).toString()) as FileMeta;
      const records = Math.ceil((stored - CONTENT_AT) / (RECORD + TAG));
      const stream = Readable.from(content(handle, key, records, stored), { objectMode: false });
      stream.once('close', () => void handle.close());
      return { ...meta, size: stored - CONTENT_AT - records * TAG, stream };
    } catch {
      await handle.close();
      return undefined;
    }
  }

  async delete(fileId: string): Promise<void> {
    const { name } = parse(fileId) ?? {};
    if (name) await rm(join(this.folder, name), { force: true });
  }

  async #write(handle: FileHandle, key: Buffer, source: Readable | Uint8Array, maxBytes: number): Promise<number> {
    let [waiting, size, index] = [Buffer.alloc(0) as Buffer, 0, 1];
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      const bytes = chunk as Uint8Array;
      size += bytes.length;
      if (size > maxBytes) throw new FileTooLargeError(maxBytes);
      waiting = Buffer.concat([waiting, bytes]);
      for (; waiting.length > RECORD; waiting = waiting.subarray(RECORD))
        await handle.write(sealRecord(key, index++, false, waiting.subarray(0, RECORD)));
    }
    await handle.write(sealRecord(key, index, true, waiting));
    return size;
  }

  async #syncFolder(): Promise<void> {
    const folder = await open(this.folder, 'r');
    await folder.sync().finally(() => folder.close());
  }
}

function head(meta: FileMeta): Buffer {
  const text = Buffer.from(JSON.stringify({ name: meta.name.slice(0, 300), type: meta.type.slice(0, 100) }));
  return Buffer.concat([text, Buffer.alloc(HEAD - text.length, ' ')]);
}

async function read(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}

async function* content(handle: FileHandle, key: Buffer, records: number, stored: number): AsyncGenerator<Buffer> {
  for (let index = 1; index <= records; index++) {
    const from = CONTENT_AT + (index - 1) * (RECORD + TAG);
    yield openRecord(key, index, index === records, await read(handle, from, Math.min(RECORD + TAG, stored - from)));
  }
}
