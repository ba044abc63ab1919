import type { JsonSchema } from '@ateneo/contracts/json-schema';

/** `out`: the platform sends it, a consumer must still understand it. `in`: a consumer sends it, the platform must still take it. */
export type Direction = 'out' | 'in';
export type Change = { readonly rule: string; readonly field: string; readonly says: string };

/** On a schema whose list of values never grows: consumers may switch over it without an otherwise. */
export const CLOSED = 'x-closed';
/** Limits on what is taken: by name, whether a higher number narrows. */
const LIMITS: Readonly<Record<string, boolean>> = {
  minimum: true,
  exclusiveMinimum: true,
  minLength: true,
  minItems: true,
  maximum: false,
  exclusiveMaximum: false,
  maxLength: false,
  maxItems: false,
};

type Side = { readonly node: JsonSchema; readonly root: JsonSchema };

function resolved({ node, root }: Side): Side {
  const name = typeof node['$ref'] === 'string' ? (node['$ref'] as string).split('/').at(-1) : undefined;
  const target = name === undefined ? undefined : root.$defs?.[name];
  return target ? resolved({ node: target, root }) : { node, root };
}

/** The alternatives of a schema without null, each of one type. */
function choicesOf(side: Side): Side[] {
  const { node, root } = resolved(side);
  const several = (node['anyOf'] ?? node['oneOf']) as JsonSchema[] | undefined;
  if (several) return several.flatMap((one) => choicesOf({ node: one, root }));
  const types = Array.isArray(node['type']) ? (node['type'] as string[]) : [node['type'] as string | undefined];
  return types.filter((type) => type !== 'null').map((type) => ({ node: { ...node, type }, root }));
}

function isNullable(side: Side): boolean {
  const { node, root } = resolved(side);
  const several = (node['anyOf'] ?? node['oneOf']) as JsonSchema[] | undefined;
  return several ? several.some((one) => isNullable({ node: one, root })) : [node['type']].flat().includes('null');
}

const typeOf = ({ node }: Side): string => (node['type'] as string | undefined) ?? 'anything';
/** What tells an alternative from its neighbours: its fields with one fixed value, else its type. */
function nameOf(side: Side): string {
  const fixed = Object.entries(side.node.properties ?? {}).flatMap(([field, { const: value }]) =>
    value === undefined ? [] : [`${field} ${String(value)}`],
  );
  return fixed.length > 0 ? fixed.join(', ') : typeOf(side);
}
const valuesOf = ({ node }: Side): readonly unknown[] | undefined =>
  node['const'] === undefined ? (node['enum'] as unknown[] | undefined) : [node['const']];
const isType = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

/** What in `after` would break a consumer written against `before`. */
export function schemaChanges(before: JsonSchema, after: JsonSchema, direction: Direction): Change[] {
  const found: Change[] = [];
  const seen = new Set<string>();
  const tell = (rule: string, field: string, says: string) => void found.push({ rule: `${direction}-${rule}`, field, says });

  const compare = (old: Side, now: Side, field: string): void => {
    const refs = `${String(old.node['$ref'])} ${String(now.node['$ref'])}`;
    if (old.node['$ref'] !== undefined && seen.has(refs)) return;
    seen.add(refs);
    compareNull(old, now, field);
    const [then, today] = [choicesOf(old), choicesOf(now)];
    if (then.length === 1 && today.length === 1) return compareOne(then[0] as Side, today[0] as Side, field);
    compareChoices(then, today, field, resolved(old).node[CLOSED] === true);
  };

  const compareNull = (old: Side, now: Side, field: string): void => {
    if (direction === 'out' && !isNullable(old) && isNullable(now)) tell('null', field, 'may now be null');
    if (direction === 'in' && isNullable(old) && !isNullable(now)) tell('null', field, 'no longer takes null');
  };

  const compareChoices = (then: readonly Side[], today: readonly Side[], field: string, closed: boolean): void => {
    const find = (sides: readonly Side[], name: string) => sides.find((side) => nameOf(side) === name);
    for (const old of then) {
      const now = find(today, nameOf(old));
      if (now) compareOne(old, now, field);
      else if (direction === 'in') tell('value', field, `no longer takes ${nameOf(old)}`);
    }
    if (direction === 'in') return;
    for (const now of today.filter((one) => !find(then, nameOf(one)))) {
      if (nameOf(now) === typeOf(now)) tell('type', field, `may now be ${typeOf(now)}`);
      else if (closed) tell('value', field, `may now be ${nameOf(now)}, though its list is closed`);
    }
  };

  const compareOne = (old: Side, now: Side, field: string): void => {
    if (!sameType(old, now, field)) return;
    compareValues(old, now, field);
    if (direction === 'in') compareLimits(old.node, now.node, field);
    compareFields(old, now, field);
    for (const [key, suffix] of [
      ['items', '[]'],
      ['additionalProperties', '{}'],
    ] as const) {
      const [then, today] = [old.node[key], now.node[key]];
      if (isType(then) && isType(today)) compare({ ...old, node: then }, { ...now, node: today }, `${field}${suffix}`);
      else if (isType(then) !== isType(today) && old.node.type !== undefined && key === 'items')
        tell('type', field, 'holds other things than before');
    }
  };

  const sameType = (old: Side, now: Side, field: string): boolean => {
    const [then, today] = [typeOf(old), typeOf(now)];
    const [from, to] = direction === 'out' ? [today, then] : [then, today];
    const fits = from === to || to === 'anything' || (from === 'integer' && to === 'number');
    if (!fits) tell('type', field, `was ${then} and is ${today}`);
    const [given, wanted] = direction === 'out' ? [now.node['format'], old.node['format']] : [old.node['format'], now.node['format']];
    if (fits && wanted !== undefined && given !== wanted)
      tell('type', field, `was ${String(old.node['format'] ?? then)} and is ${String(now.node['format'] ?? today)}`);
    return fits;
  };

  const compareValues = (old: Side, now: Side, field: string): void => {
    const [then, today] = [valuesOf(old), valuesOf(now)];
    if (direction === 'out' && then && old.node[CLOSED] === true) {
      const added = today?.filter((value) => !then.includes(value)) ?? ['anything'];
      if (added.length > 0) tell('value', field, `may now be ${added.join(', ')}, though its list is closed`);
    }
    if (direction === 'in' && today) {
      const gone = then?.filter((value) => !today.includes(value)) ?? ['any text'];
      if (gone.length > 0) tell('value', field, `no longer takes ${gone.join(', ')}`);
    }
  };

  const compareLimits = (then: JsonSchema, today: JsonSchema, field: string): void => {
    for (const [limit, higherNarrows] of Object.entries(LIMITS)) {
      const [was, is] = [then[limit] as number | undefined, today[limit] as number | undefined];
      const narrower = is !== undefined && (was === undefined || (higherNarrows ? is > was : is < was));
      if (narrower) tell('narrowed', field, `has ${limit} ${is} now${was === undefined ? '' : `, ${was} before`}`);
    }
    if (today['pattern'] !== undefined && today['pattern'] !== then['pattern'])
      tell('narrowed', field, 'must match another pattern than before');
  };

  const compareFields = (old: Side, now: Side, field: string): void => {
    const [then, today] = [old.node.properties ?? {}, now.node.properties ?? {}];
    const must = (side: Side, name: string) => side.node.required?.includes(name) === true;
    for (const [name, node] of Object.entries(then)) {
      const at = field === '' ? name : `${field}.${name}`;
      const still = today[name];
      if (!still) tell('removed', at, direction === 'out' ? 'is gone' : 'is no longer read');
      else {
        if (direction === 'out' && must(old, name) && !must(now, name)) tell('optional', at, 'may now be absent');
        if (direction === 'in' && !must(old, name) && must(now, name)) tell('required', at, 'must now be given');
        compare({ ...old, node }, { ...now, node: still }, at);
      }
    }
    if (direction === 'out') return;
    for (const name of Object.keys(today).filter((one) => !then[one] && must(now, one)))
      tell('required', field === '' ? name : `${field}.${name}`, 'is new and must be given');
  };

  compare({ node: before, root: before }, { node: after, root: after }, '');
  return found;
}
