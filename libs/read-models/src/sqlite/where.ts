import type { SQLInputValue } from 'node:sqlite';
import { type AnyOf, type Condition, type Find, inOrder, type Scalar, type Where } from '../document-store.js';

export type Sql = { readonly text: string; readonly values: readonly SQLInputValue[] };

/** A column's name as an identifier; only columns of the specification are let through. */
export function column(name: string, columns: ReadonlySet<string>): string {
  if (!columns.has(name)) throw new RangeError(`no column ${name}: documents can be found by ${[...columns].join(', ')}`);
  return `"${name}"`;
}

export function whereSql(where: AnyOf | undefined, columns: ReadonlySet<string>): Sql {
  const any = asList(where).map((one) => allOf(one, columns));
  if (any.some(({ text }) => text === '')) return { text: '', values: [] };
  return { text: ` WHERE ${oneOfTexts(any.map(({ text }) => `(${text})`))}`, values: any.flatMap(({ values }) => values) };
}

/** Halved again and again: SQLite bounds how deep an expression is, and a plain chain is as deep as it is long. */
function oneOfTexts(texts: readonly string[]): string {
  if (texts.length < 2) return texts[0] ?? 'FALSE';
  const half = texts.length >> 1;
  return `(${oneOfTexts(texts.slice(0, half))} OR ${oneOfTexts(texts.slice(half))})`;
}

const asList = (where: AnyOf = {}): readonly Where[] => (Array.isArray(where) ? where : [where as Where]);

function allOf(where: Where, columns: ReadonlySet<string>): Sql {
  const parts = Object.entries(where).map(([name, condition]) => conditionSql(column(name, columns), condition));
  return { text: parts.map(({ text }) => text).join(' AND '), values: parts.flatMap(({ values }) => values) };
}

/** The text depends only on the form of the query, so that statements are prepared once. Bodies are fetched for the page alone, not for what is sorted on the way to it. */
export function findSql(find: Find, table: string, columns: ReadonlySet<string>): Sql {
  const where = whereSql(find.where, columns);
  const order = inOrder(find)
    .map(({ by, descending }) => `${column(by, columns)}${descending ? ' DESC' : ''}`)
    .join(', ');
  if (find.limit === undefined && !find.offset)
    return { text: `SELECT id, body FROM ${table}${where.text} ORDER BY ${order}`, values: where.values };
  const page = `SELECT rowid FROM ${table}${where.text} ORDER BY ${order} LIMIT ? OFFSET ?`;
  return {
    text: `SELECT id, body FROM ${table} WHERE rowid IN (${page}) ORDER BY ${order}`,
    values: [...where.values, find.limit ?? -1, find.offset ?? 0],
  };
}

const comparisons = { gte: '>=', lte: '<=', gt: '>', lt: '<' } as const;

function conditionSql(name: string, condition: Condition): Sql {
  if (condition === null || typeof condition !== 'object') return equals(name, condition);
  if ('in' in condition) return oneOf(name, condition.in);
  if ('not' in condition) return { text: `${name} IS NOT ?`, values: [condition.not] };
  if ('contains' in condition) return { text: `instr(lower(${name}), lower(?)) > 0`, values: [condition.contains] };
  const bounds = Object.entries(condition).filter(([, value]) => value !== undefined) as [keyof typeof comparisons, Scalar][];
  if (bounds.length === 0) return { text: 'TRUE', values: [] };
  return { text: bounds.map(([bound]) => `${name} ${comparisons[bound]} ?`).join(' AND '), values: bounds.map(([, value]) => value) };
}

const equals = (name: string, value: Scalar): Sql =>
  value === null ? { text: `${name} IS NULL`, values: [] } : { text: `${name} = ?`, values: [value] };

function oneOf(name: string, values: readonly Scalar[]): Sql {
  if (values.length === 1) return equals(name, values[0] as Scalar);
  const text = `${name} IN (SELECT value FROM json_each(?))`;
  return {
    text: values.includes(null) ? `(${text} OR ${name} IS NULL)` : text,
    values: [JSON.stringify(values.filter((value) => value !== null))],
  };
}
