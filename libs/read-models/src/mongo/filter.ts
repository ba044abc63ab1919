import type { mongo } from 'mongoose';
import { type AnyOf, type Condition, type Find, inOrder, type Scalar, type Where } from '../document-store.js';
import type { StoredDocument } from './layout.js';

/** The field of a column; only columns of the specification are let through. */
export function field(name: string, columns: ReadonlySet<string>): string {
  if (!columns.has(name)) throw new RangeError(`no column ${name}: documents can be found by ${[...columns].join(', ')}`);
  return name === 'id' ? '_id' : `c.${name}`;
}

/** Documents that are there and meet every condition, compared as SQL does. */
export function filterOf(where: AnyOf | undefined, columns: ReadonlySet<string>): mongo.Filter<StoredDocument> {
  if (!Array.isArray(where)) return { ...conditions(where as Where | undefined, columns), gone: null } as mongo.Filter<StoredDocument>;
  const any = (where as readonly Where[]).map((one) => conditions(one, columns));
  return { ...(any.length === 0 ? { _id: NOTHING } : { $or: any }), gone: null } as mongo.Filter<StoredDocument>;
}

const conditions = (where: Where = {}, columns: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(where).map(([name, condition]) => [field(name, columns), comparison(condition)]));

export const sortOf = (find: Find, columns: ReadonlySet<string>): Map<string, 1 | -1> =>
  new Map(inOrder(find).map(({ by, descending }): [string, 1 | -1] => [field(by, columns), descending ? -1 : 1]));

const BOUNDS = { gte: '$gte', lte: '$lte', gt: '$gt', lt: '$lt' } as const;
const NOTHING = { $in: [] };

function comparison(condition: Condition): object {
  if (condition === null || typeof condition !== 'object') return { $eq: condition };
  if ('in' in condition) return { $in: condition.in };
  if ('not' in condition) return { $ne: condition.not };
  if ('contains' in condition) return { $regex: containing(condition.contains) };
  const bounds = Object.entries(condition).filter(([, value]) => value !== undefined) as [keyof typeof BOUNDS, Scalar][];
  if (bounds.some(([, value]) => value === null)) return NOTHING;
  return bounds.length === 0 ? { $exists: true } : Object.fromEntries(bounds.map(([bound, value]) => [BOUNDS[bound], value]));
}

/** Letters of ASCII match in both cases, as in SQLite; everything else stands for itself. */
const containing = (text: string): string => Array.from(text, literal).join('');

function literal(sign: string): string {
  if (/[a-zA-Z]/.test(sign)) return `[${sign.toLowerCase()}${sign.toUpperCase()}]`;
  if (sign === '\0') return '\\x00';
  return sign < '\x7f' && /\W/.test(sign) ? `\\${sign}` : sign;
}
