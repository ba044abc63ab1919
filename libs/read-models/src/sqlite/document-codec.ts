import type { SQLInputValue } from 'node:sqlite';
import type { AnyCollectionSpec, Sealer } from '../document-store.js';

type Body = string | Uint8Array;

/** The body as it is stored: personal fields sealed. */
export function encode(spec: AnyCollectionSpec, document: unknown, sealer: Sealer | undefined): Body {
  if (spec.format === 'bytes') return document as Uint8Array;
  if (!spec.personal) return JSON.stringify(document);
  const person = spec.personal.person(document);
  const sealed = { ...(document as Record<string, unknown>) };
  for (const field of spec.personal.fields)
    if (sealed[field] != null && sealed[field] !== '') sealed[field] = keysOf(spec, sealer).seal(person, sealed[field]);
  return JSON.stringify(sealed);
}

/** The document of a stored body: personal fields opened. */
export function decode(spec: AnyCollectionSpec, body: Body, sealer: Sealer | undefined): unknown {
  if (spec.format === 'bytes') return body;
  const document = JSON.parse(body as string) as Record<string, unknown>;
  for (const field of spec.personal?.fields ?? [])
    if (document[field] != null) document[field] = keysOf(spec, sealer).open(document[field]);
  return document;
}

export const columnValues = (spec: AnyCollectionSpec, document: unknown): SQLInputValue[] =>
  Object.values(spec.columns).map((value) => value(document));

function keysOf(spec: AnyCollectionSpec, sealer: Sealer | undefined): Sealer {
  if (!sealer) throw new Error(`collection ${spec.name} has personal fields, so its store needs the keys of people`);
  return sealer;
}
