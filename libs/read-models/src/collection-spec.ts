import type { AnyCollectionSpec } from './document-store.js';

/** Throws where a name of the specification cannot be one of a table or a field, or an index stands on no column. */
export function checkSpec(spec: AnyCollectionSpec): void {
  const names = Object.keys(spec.columns);
  const indexed = (spec.indexes ?? []).flat();
  const wrong = [
    /^[a-z][a-zA-Z0-9_.-]*$/.test(spec.name) ? undefined : spec.name,
    names.find((name) => !/^[a-z][a-zA-Z0-9_]*$/.test(name)),
    indexed.find((name) => !names.includes(name)),
  ].find((name) => name !== undefined);
  if (wrong !== undefined) throw new RangeError(`collection ${spec.name}: ${wrong} is no name of a column`);
}
