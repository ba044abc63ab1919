export const MAX_JSON_BYTES = 512 * 1024;
const MAX_DEPTH = 32;

/** The body is not acceptable JSON; `code` and `at` go into the problem document. */
export class JsonRefused extends Error {
  constructor(
    readonly code: 'malformed-json' | 'json-too-deep' | 'forbidden-key',
    readonly detail: string,
  ) {
    super(detail);
  }
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** Looks at bytes before anything is built: deep nesting is told for the price of a scan. */
function checkDepth(bytes: Uint8Array): void {
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > MAX_DEPTH) throw new JsonRefused('json-too-deep', `nesting deeper than ${MAX_DEPTH} at position ${i}`);
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
}

function checkKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype')
      throw new JsonRefused('forbidden-key', `the key ${key} is not allowed`);
    checkKeys((value as Record<string, unknown>)[key]);
  }
}

/** Characters; each look parses half of what is left, before anybody has signed in. */
const SEARCHED = 4 * 1024;

const messageOf = (text: string): string => {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

/** The engine names the place of every error but a stray character, which is then the shortest beginning that shows it. */
function whereBroken(text: string): string {
  const message = messageOf(text);
  const named = /position (\d+)/.exec(message)?.[1];
  if (named) return ` at position ${named}`;
  if (!message.startsWith('Unexpected token')) return ` at position ${text.length}`;
  if (text.length > SEARCHED) return '';
  let [low, high] = [1, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messageOf(text.slice(0, middle)).startsWith('Unexpected token')) high = middle;
    else low = middle + 1;
  }
  return ` at position ${low - 1}`;
}

/** Parses a JSON body. Throws JsonRefused: malformed (with its position), too deep, or with keys that reach for prototypes. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  checkDepth(bytes);
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JsonRefused('malformed-json', `the text is not JSON${whereBroken(text)}`);
  }
  // an escaped key is worth the walk as well
  if (text.includes('proto') || text.includes('constructor') || text.includes('\\u')) checkKeys(value);
  return value;
}
