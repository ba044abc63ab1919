import type { z } from 'zod';
import { type TextKind, textKindOf } from './index.js';

type Found = { readonly path: string; readonly kind: TextKind | 'patterned' | 'undeclared' };
type Def = {
  readonly type: string;
  readonly format?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly check: string; readonly format?: string } } }[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly getter?: () => z.ZodType;
};

/** Every string of a schema with its place: dots for fields, `[]` for items, `.*` for values of a record. */
export function strings(schema: z.ZodType, path = '', seen: readonly z.ZodType[] = []): Found[] {
  if (seen.includes(schema)) return [];
  const inside = (inner: z.ZodType, at: string): Found[] => strings(inner, at, [...seen, schema]);
  const def = schema.def as unknown as Def;
  const under = (name: string): string => (path === '' ? name : `${path}.${name}`);
  switch (def.type) {
    case 'string':
      return [{ path, kind: textKindOf(schema) ?? (isPatterned(def) ? 'patterned' : 'undeclared') }];
    case 'object':
      return Object.entries(def.shape ?? {}).flatMap(([name, inner]) => inside(inner, under(name)));
    case 'array':
      return inside(def.element as z.ZodType, `${path}[]`);
    case 'union':
      return (def.options ?? []).flatMap((inner) => inside(inner, path));
    case 'record':
      return [...inside(def.keyType as z.ZodType, `${path}.key`), ...inside(def.valueType as z.ZodType, under('*'))];
    case 'lazy':
      return inside((def.getter as () => z.ZodType)(), path);
    case 'pipe':
      return (def.out as z.ZodType).type === 'boolean' ? [] : inside(def.in as z.ZodType, path);
    default:
      return def.innerType ? inside(def.innerType, path) : [];
  }
}

/** An own format, a pattern, or a check written for it alone, as a day has. */
const isPatterned = ({ format, checks = [] }: Def): boolean =>
  format !== undefined ||
  checks.some(({ _zod: { def } }) => (def.check === 'string_format' && def.format !== undefined) || def.check === 'custom');

export const undeclaredIn = (schema: z.ZodType): string[] => [
  ...new Set(strings(schema).flatMap(({ path, kind }) => (kind === 'undeclared' ? [path] : []))),
];
export const textsIn = (schema: z.ZodType): Found[] => strings(schema).filter(({ kind }) => kind !== 'patterned' && kind !== 'undeclared');
