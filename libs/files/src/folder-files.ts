import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
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
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, name);
    const handle = await open(`${path}.part`, 'wx', 0o600);
    try {
      for await (const bytes of source) await handle.write(bytes);
      await handle.sync();
      await handle.close();
      await rename(`${path}.part`, path);
      await this.#syncFolder();
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(`${path}.part`, { force: true });
      throw error;
    }
  }

  async open(name: string): Promise<OpenedBlob | undefined> {
    const path = join(this.folder, name);
    const found = await stat(path).catch(() => undefined);
    if (!found) return undefined;
    const chunks = createReadStream(path);
    return { size: found.size, chunks, close: () => void chunks.destroy() };
  }

  delete(name: string): Promise<void> {
    return rm(join(this.folder, name), { force: true });
  }

  async #syncFolder(): Promise<void> {
    const folder = await open(this.folder, 'r');
    await folder.sync().finally(() => folder.close());
  }
}
