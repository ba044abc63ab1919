import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, unheard } from '@ateneo/event-sourcing';
import type { Blobs, OpenedBlob } from './blobs.js';
import { SealedFiles } from './sealed-files.js';

/** Files in a folder. */
export class FolderFiles extends SealedFiles {
  constructor(folder: string) {
    super(new FolderBlobs(folder));
  }
}

class FolderBlobs implements Blobs {
  constructor(private readonly folder: string) {}

  async put(name: string, source: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#makeFolder();
    const path = join(this.folder, name);
    const handle = await open(`${path}.part`, 'wx', 0o600);
    try {
      const written = await writeWhole(handle, source);
      await handle.sync();
      const { size } = await handle.stat();
      if (size !== written) throw new Error(`${written} bytes were written, ${size} are there`);
      await handle.close();
      await rename(`${path}.part`, path);
      await syncFolder(this.folder);
    } catch (error) {
      await handle.close().catch(unheard('why the file could not be written is thrown'));
      await rm(`${path}.part`, { force: true });
      throw error;
    }
  }

  async open(name: string): Promise<OpenedBlob | undefined> {
    const path = join(this.folder, name);
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!found) return undefined;
    const chunks = createReadStream(path);
    return { size: found.size, chunks, close: () => void chunks.destroy() };
  }

  async delete(name: string): Promise<void> {
    for (const path of [join(this.folder, `${name}.part`), join(this.folder, name)]) await rm(path, { force: true });
  }

  async #makeFolder(): Promise<void> {
    if (existsSync(this.folder)) return;
    makeFolder(this.folder);
    await syncFolder(dirname(this.folder));
  }
}

/** Writes all there is, however little the system takes at a time, and answers how many bytes that was. */
export async function writeWhole(handle: Pick<FileHandle, 'write'>, source: AsyncIterable<Uint8Array>): Promise<number> {
  let written = 0;
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at);
      if (bytesWritten === 0) throw Object.assign(new Error('nothing more can be written'), { code: 'ENOSPC' });
      at += bytesWritten;
    }
    written += bytes.length;
  }
  return written;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
