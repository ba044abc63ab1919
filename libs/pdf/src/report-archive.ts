import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface ReportFile {
  name: string;
  bytes: Uint8Array;
}

// Without the extended timestamp a ZIP keeps wall-clock fields only: the same in every time zone.
const fixedDate = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true };

/** A ZIP of the files as a stream that holds one file at a time; names are UTF-8, and one that comes again is numbered. */
export function zipReports(files: Iterable<ReportFile> | AsyncIterable<ReportFile>): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const fail = (error: unknown) => void output.destroy(error instanceof Error ? error : new Error(String(error)));
  zip.on('error', fail);
  fill(zip, output, files).catch(fail);
  return output;
}

async function fill(zip: ZipFile, output: Readable, files: Iterable<ReportFile> | AsyncIterable<ReportFile>): Promise<void> {
  const names = new Set<string>();
  for await (const { name, bytes } of files) {
    const free = freeName(name, names);
    await new Promise<void>((written, failed) => {
      output.once('close', written);
      zip.addReadStreamLazy(free, fixedDate, (supply) => {
        const content = Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)]);
        content.once('end', () => {
          output.off('close', written);
          written();
        });
        content.once('error', failed);
        supply(null, content);
      });
    });
    if (output.destroyed) return;
  }
  zip.end();
}

function freeName(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length;
  let free = name;
  for (let copy = 2; taken.has(free.toLowerCase()); copy += 1) free = `${name.slice(0, dot)} (${copy})${name.slice(dot)}`;
  taken.add(free.toLowerCase());
  return free;
}
