import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

export type Find = { readonly file: string; readonly text: string; readonly as: string };
type Needle = { readonly text: string; readonly as: string; readonly bytes: Buffer };

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
/** Shorter ones stand in encoded random bytes by chance. */
const LEAST_ENCODED = 8;
/** What of a base64 text is made of these bytes alone, wherever among others they begin. */
const base64Of = (bytes: Buffer): string[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const tail = (before + bytes.length) % 3 === 0 ? 0 : 1;
    return text.slice(Math.ceil((before * 8) / 6), text.length - tail);
  });
const encoded = (text: string): (readonly [as: string, written: string])[] => {
  const bytes = Buffer.from(text);
  const [address, form] = [encodeURIComponent(text), new URLSearchParams({ q: text }).toString().slice(2)];
  const base64 = bytes.length < LEAST_ENCODED ? [] : [...base64Of(bytes), ...base64Of(Buffer.from(text, 'utf16le'))];
  return [
    ...base64.flatMap((one) => [['base64', one] as const, ['base64url', one.replaceAll('+', '-').replaceAll('/', '_')] as const]),
    ...(bytes.length < LEAST_ENCODED ? [] : [['hex', bytes.toString('hex')] as const]),
    ...[address, address.toLowerCase(), form].map((one) => ['percent', one] as const),
    ['json', text.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)],
    ['decomposed', text.normalize('NFD')],
    ['lower case', text.toLowerCase()],
  ];
};
const needlesOf = (texts: readonly string[]): Needle[] => {
  const all = [...new Set(texts)].flatMap((text) => [
    { text, as: 'utf-8', bytes: Buffer.from(text) },
    { text, as: 'utf-16le', bytes: Buffer.from(text, 'utf16le') },
    { text, as: 'utf-16be', bytes: swapped(text) },
    ...encoded(text).map(([as, written]) => ({ text, as, bytes: Buffer.from(written) })),
  ]);
  return [...new Map(all.map((needle) => [needle.bytes.toString('latin1'), needle])).values()];
};

/** Which of these texts stand in clear in these bytes. */
export const inClear = (bytes: Buffer, texts: readonly string[]): Find[] => [...scan(bytes, needlesOf(texts), '')];

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
