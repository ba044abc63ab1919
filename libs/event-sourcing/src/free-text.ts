import type { DomainEvent } from './event-store.js';

/** What machines write: ids, days, instants, codes, hashes. No blank, so no sentence and no full name. */
const CODE = /^[A-Za-z0-9[#*][A-Za-z0-9._:/+#*,\]=-]*$/;

type Declared = { readonly personal?: object; readonly office?: object };
type Fields = Readonly<Record<string, { readonly fields?: readonly string[] } | readonly string[] | undefined>>;

/** Where an event holds words outside the fields that its decider declares as personal or as an office's (ADR 0037); undefined = nowhere. */
export function freeTextIn({ personal, office }: Declared, event: DomainEvent): string | undefined {
  const sealed = (personal as Fields | undefined)?.[event.type] as { readonly fields?: readonly string[] } | undefined;
  const open = (office as Fields | undefined)?.[event.type] as readonly string[] | undefined;
  for (const [field, value] of Object.entries(event)) {
    if (sealed?.fields?.includes(field) || open?.includes(field)) continue;
    const found = wordsIn(value, field);
    if (found !== undefined) return `${event.type}.${found}`;
  }
  return undefined;
}

function wordsIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return value === '' || CODE.test(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = wordsIn(inner, Array.isArray(value) ? `${path}[]` : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Throws before words are stored that no erasure could reach; the words themselves are not repeated. */
export function refuseFreeText(decider: Declared, event: DomainEvent): void {
  const found = freeTextIn(decider, event);
  if (found !== undefined)
    throw new Error(`${found} holds free text in clear: declare the field «personal», or «office» where it is about nobody.`);
}
