import { hash, randomFillSync } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const PARTITIONS = 64;

/** True for the text of any uuid, whatever its version. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** The uuid in the name of a stream, `<category>-<uuid>`. */
export const idOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

function withVersion(hex: string, version: 7 | 8): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A new time-ordered uuid (RFC 9562, version 7) for a moment in milliseconds since 1970. */
export function uuidv7(now: number): string {
  const random = randomFillSync(Buffer.allocUnsafe(10)).toString('hex');
  return withVersion(Math.trunc(now).toString(16).padStart(12, '0') + random, 7);
}

/** The uuid (RFC 9562, version 8) that the same parts always give: the first bits of a SHA-256 over them. */
export function uuidv8(...parts: readonly (string | number)[]): string {
  let text = '';
  for (const part of parts) text += `${String(part).length}:${part}`;
  return withVersion(hash('sha256', text, 'hex'), 8);
}

/** Partition 0-63 of a key: FNV-1a-32 of its lower-case text, modulo 64. */
export function partitionOf(key: string): number {
  const text = key.toLowerCase();
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return (sum >>> 0) % PARTITIONS;
}
