import type { SQLInputValue } from 'node:sqlite';
import type { Condition, Find, Scalar, Where } from '../document-store.js';

export type Sql = { readonly text: string; readonly values: readonly SQLInputValue[] };

/** A column's name as an identifier; only columns of the specification are let through. */
export function column(name: string, columns: ReadonlySet<string>): string {
  if (!columns.has(name)) throw new RangeError(`no column ${name}: documents can be found by ${[...columns].join(', ')}`);
  return `"${name}"`;
}

export function whereSql(where: Where | undefined, columns: ReadonlySet<string>): Sql {
  const parts = Object.entries(where ?? {}).map(([name, condition]) => conditionSql(column(name, columns), condition));
  if (parts.length === 0) return { text: '', values: [] };
  return { text: ` WHERE ${parts.map(({ text }) => text).join(' AND ')}`, values: parts.flatMap(({ values }) => values) };
}

/** The text depends only on the form of the query, so that statements are prepared once. */
export function findSql(find: Find, columns: ReadonlySet<string>): Sql {
  const where = whereSql(find.where, columns);
  const order = [...(find.sort ?? []).map(({ by, descending }) => `${column(by, columns)}${descending ? ' DESC' : ''}`), '"id"'].join(', ');
  return { text: `${where.text} ORDER BY ${order} LIMIT ? OFFSET ?`, values: [...where.values, find.limit ?? -1, find.offset ?? 0] };
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
  const text = `${name} IN (SELECT value FROM json_each(?))`;
  return {
    text: values.includes(null) ? `(${text} OR ${name} IS NULL)` : text,
    values: [JSON.stringify(values.filter((value) => value !== null))],
  };
}
