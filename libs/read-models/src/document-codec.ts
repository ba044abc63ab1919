import type { AnyCollectionSpec, Sealer } from './document-store.js';

export type Body = string | Uint8Array;

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
  return spec.format === 'bytes' ? body : opened(spec, JSON.parse(body as string) as Document, sealer);
}

/** The documents of stored bodies, once the keys that other processes made are at hand. */
export async function decodeAll(spec: AnyCollectionSpec, bodies: readonly Body[], sealer: Sealer | undefined): Promise<unknown[]> {
  if (spec.format === 'bytes') return [...bodies];
  const documents = bodies.map((body) => JSON.parse(body as string) as Document);
  const { personal } = spec;
  if (!personal) return documents;
  const sealed = documents.filter((document) => personal.fields.some((field) => document[field] != null));
  if (sealed.length > 0) await sealer?.fetch?.([...new Set(sealed.map((document) => personal.person(document)))]);
  return documents.map((document) => opened(spec, document, sealer));
}

/** Makes the keys of the people whose documents are about to be sealed. */
export async function ensureKeys(
  writes: readonly { readonly spec: AnyCollectionSpec; readonly document: unknown }[],
  sealer: Sealer | undefined,
): Promise<void> {
  const people = writes.flatMap(({ spec: { personal }, document }) =>
    personal && document !== undefined ? [personal.person(document)] : [],
  );
  if (people.length > 0) await sealer?.ensure([...new Set(people)]);
}

type Document = Record<string, unknown>;

function opened(spec: AnyCollectionSpec, document: Document, sealer: Sealer | undefined): unknown {
  for (const field of spec.personal?.fields ?? [])
    if (document[field] != null) document[field] = keysOf(spec, sealer).open(document[field]);
  return document;
}

function keysOf(spec: AnyCollectionSpec, sealer: Sealer | undefined): Sealer {
  if (!sealer) throw new Error(`collection ${spec.name} has personal fields, so its store needs the keys of people`);
  return sealer;
}
