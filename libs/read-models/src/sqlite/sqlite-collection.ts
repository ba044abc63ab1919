import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { decode } from '../document-codec.js';
import type { AnyOf, Collection, CollectionSpec, Find, OnRead, Sealer } from '../document-store.js';
import { column, findSql, type Sql, whereSql } from './where.js';

type Row = { id: string; body: string | Uint8Array };

/** Prepared statements of a read-only connection, kept by their text; a bound keeps ad hoc filters from filling memory. */
export class Statements {
  readonly #prepared = new Map<string, StatementSync>();

  constructor(private readonly db: DatabaseSync) {}

  all<T>(sql: string, ...values: SQLInputValue[]): T[] {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      if (this.#prepared.size >= 500) this.#prepared.clear();
      this.#prepared.set(sql, (statement = this.db.prepare(sql)));
    }
    return statement.all(...values) as T[];
  }

  clear(): void {
    this.#prepared.clear();
  }
}

/** Queries of one collection on whichever table is live. */
export class SqliteCollection<D> implements Collection<D> {
  readonly #columns: ReadonlySet<string>;

  constructor(
    private readonly spec: CollectionSpec<D>,
    private readonly statements: Statements,
    private readonly sealer: Sealer | undefined,
    /** Undefined before the first build. */
    private readonly table: () => string | undefined,
    private readonly onRead: OnRead = () => undefined,
  ) {
    this.#columns = new Set(['id', ...Object.keys(spec.columns)]);
  }

  async get(id: string): Promise<D | undefined> {
    const [row] = this.#read((table) => ({ text: `SELECT id, body FROM ${table} WHERE id = ?`, values: [id] }));
    return row?.[1];
  }

  async getMany(ids: readonly string[]): Promise<Map<string, D>> {
    const values = [JSON.stringify(ids)];
    return new Map(this.#read((table) => ({ text: `SELECT id, body FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`, values })));
  }

  async find(query: Find): Promise<D[]> {
    return this.#read((table) => findSql(query, table, this.#columns)).map(([, document]) => document);
  }

  async count(where?: AnyOf): Promise<number> {
    const { text, values } = whereSql(where, this.#columns);
    return this.#rows<{ n: number }>((table) => `SELECT count(*) AS n FROM ${table}${text}`, values)[0]?.n ?? 0;
  }

  async countBy(by: string, where?: AnyOf): Promise<Record<string, number>> {
    const name = column(by, this.#columns);
    const { text, values } = whereSql(where, this.#columns);
    const rows = this.#rows<{ value: unknown; n: number }>(
      (table) => `SELECT ${name} AS value, count(*) AS n FROM ${table}${text} GROUP BY ${name}`,
      values,
    );
    return Object.fromEntries(rows.map(({ value, n }) => [String(value), n]));
  }

  async sums(by: readonly string[], where?: AnyOf): Promise<Record<string, number>> {
    const names = by.map((one) => column(one, this.#columns));
    const { text, values } = whereSql(where, this.#columns);
    const sums = names.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(', ');
    const [row] = this.#rows<Record<string, number>>((table) => `SELECT ${sums} FROM ${table}${text}`, values);
    return row ? { ...row } : Object.fromEntries(by.map((one) => [one, 0]));
  }

  #read(query: (table: string) => Sql): [id: string, document: D][] {
    const table = this.table();
    if (table === undefined) return [];
    const { text, values } = query(table);
    const rows = this.statements.all<Row>(text, ...values);
    this.onRead(this.spec.name, rows.length);
    return rows.map(({ id, body }) => [id, decode(this.spec, body, this.sealer) as D]);
  }

  #rows<T>(sql: (table: string) => string, values: readonly SQLInputValue[]): T[] {
    const table = this.table();
    return table === undefined ? [] : this.statements.all<T>(sql(table), ...values);
  }
}
