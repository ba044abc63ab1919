import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

export type Find = { readonly file: string; readonly text: string; readonly as: string };
type Needle = { readonly text: string; readonly as: string; readonly bytes: Buffer };

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const needlesOf = (texts: readonly string[]): Needle[] =>
  [...new Set(texts)].flatMap((text) => [
    { text, as: 'utf-8', bytes: Buffer.from(text) },
    { text, as: 'utf-16le', bytes: Buffer.from(text, 'utf16le') },
    { text, as: 'utf-16be', bytes: swapped(text) },
  ]);

/** Where any of these texts stands in clear in a folder: in every byte of every file, in every value of every database, and in every compressed stream of either. */
export function findInClear(folder: string, texts: readonly string[]): Find[] {
  const needles = needlesOf(texts);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    const name = file.slice(folder.length + 1);
    const found = [...scan(readFileSync(file), needles, name)];
    if (entry.name.endsWith('.sqlite') && entry.name !== 'lock.sqlite')
      for (const { place, bytes } of valuesOf(file)) found.push(...scan(bytes, needles, `${name} ${place}`));
    return found;
  });
}

/** Files of a folder that hold these bytes. */
export const filesHolding = (folder: string, bytes: Buffer): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(bytes))
    .map(({ name }) => name);

function* scan(bytes: Buffer, needles: readonly Needle[], file: string, depth = 0): Generator<Find> {
  for (const { text, as, bytes: wanted } of needles) if (bytes.includes(wanted)) yield { file, text, as };
  if (depth < 3) for (const inner of streamsIn(bytes)) yield* scan(inner, needles, `${file} (inflated)`, depth + 1);
}

const LENIENT = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * 1024 * 1024 };

/** Gzip and zlib by their first bytes, the members of ZIP files by their heads. */
function* streamsIn(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length - 2; at++) {
    const [first, second] = [bytes[at] as number, bytes[at + 1] as number];
    if (first === 0x78 && ((first << 8) | second) % 31 === 0) yield* inflated(() => inflateSync(bytes.subarray(at), LENIENT));
    else if (first === 0x1f && second === 0x8b && bytes[at + 2] === 8) yield* inflated(() => gunzipSync(bytes.subarray(at), LENIENT));
    else if (first === 0x50 && second === 0x4b && bytes.length > at + 30 && bytes.readUInt32LE(at) === 0x04034b50) {
      const content = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
      yield* inflated(() => inflateRawSync(bytes.subarray(content), LENIENT));
    }
  }
}

function* inflated(inflate: () => Buffer): Generator<Buffer> {
  try {
    const inner = inflate();
    if (inner.length > 3) yield inner;
  } catch {
    // no stream after all
  }
}

/** Values as a query gives them: a long one is scattered over the pages of the file. */
function* valuesOf(file: string): Generator<{ place: string; bytes: Buffer }> {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[]) {
      for (const row of db.prepare(`SELECT * FROM "${name}"`).iterate()) {
        for (const [column, value] of Object.entries(row)) {
          if (typeof value === 'string' && value.length > 1_000) yield { place: `${name}.${column}`, bytes: Buffer.from(value) };
          else if (value instanceof Uint8Array && value.length > 1_000) yield { place: `${name}.${column}`, bytes: Buffer.from(value) };
        }
      }
    }
  } finally {
    db.close();
  }
}
