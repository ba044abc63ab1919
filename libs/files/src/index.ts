import { join } from 'node:path';
import { FolderFiles } from './folder-files.js';
import type { Files } from './files.js';
import { readS3Address, S3Files } from './s3-files.js';

export * from './files.js';
export { FolderFiles, readS3Address, S3Files };

/** The adapter that the scheme of FILES_URL chooses: `file:<folder>` (bare `file:` stands for `files` in the data folder) or `s3://…`. */
export function openFiles(url: string, dataFolder = '.'): Files {
  if (url === 'file:') return new FolderFiles(join(dataFolder, 'files'));
  if (url.startsWith('file:')) return new FolderFiles(url.slice('file:'.length));
  if (url.startsWith('s3:')) return new S3Files(readS3Address(url));
  throw new Error('FILES_URL may start with file: or s3:');
}
