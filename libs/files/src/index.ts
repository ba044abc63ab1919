import { join } from 'node:path';
import { FolderFiles } from './folder-files.js';
import type { Files } from './files.js';

export * from './files.js';
export { FolderFiles };

/** The adapter that the scheme of FILES_URL chooses: `file:<folder>`; bare `file:` stands for `files` in the data folder. */
export function openFiles(url: string, dataFolder = '.'): Files {
  if (url === 'file:') return new FolderFiles(join(dataFolder, 'files'));
  if (url.startsWith('file:')) return new FolderFiles(url.slice('file:'.length));
  throw new Error(`FILES_URL holds "${url}": it may start with file:`);
}
