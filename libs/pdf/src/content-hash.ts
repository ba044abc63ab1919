import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 (hexadecimal) of the figures as RFC 8785 JSON; throws where they are no JSON. */
export function contentHash(figures: unknown): string {
  const json = canonicalize(figures);
  if (json === undefined) throw new TypeError('The figures of a report must be JSON');
  return createHash('sha256').update(json).digest('hex');
}
