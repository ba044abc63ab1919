import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { decode } from '../document-codec.js';
import type { Collection, CollectionSpec, Find, Sealer, Where } from '../document-store.js';
import { column, findSql, whereSql } from './where.js';

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
  ) {
    this.#columns = new Set(['id', ...Object.keys(spec.columns)]);
  }

  async get(id: string): Promise<D | undefined> {
    const [row] = this.#rows<Row>((table) => `SELECT id, body FROM ${table} WHERE id = ?`, [id]);
    return row && this.#decode(row);
  }

  async getMany(ids: readonly string[]): Promise<Map<string, D>> {
    const rows = this.#rows<Row>(
      (table) => `SELECT id, body FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [row.id, this.#decode(row)]));
  }

  async find(query: Find): Promise<D[]> {
    const { text, values } = findSql(query, this.#columns);
    return this.#rows<Row>((table) => `SELECT id, body FROM ${table}${text}`, values).map((row) => this.#decode(row));
  }

  async count(where?: Where): Promise<number> {
    const { text, values } = whereSql(where, this.#columns);
    return this.#rows<{ n: number }>((table) => `SELECT count(*) AS n FROM ${table}${text}`, values)[0]?.n ?? 0;
  }

  async countBy(by: string, where?: Where): Promise<Record<string, number>> {
    const name = column(by, this.#columns);
    const { text, values } = whereSql(where, this.#columns);
    const rows = this.#rows<{ value: unknown; n: number }>(
      (table) => `SELECT ${name} AS value, count(*) AS n FROM ${table}${text} GROUP BY ${name}`,
      values,
    );
    return Object.fromEntries(rows.map(({ value, n }) => [String(value), n]));
  }

  #rows<T>(sql: (table: string) => string, values: readonly SQLInputValue[]): T[] {
    const table = this.table();
    return table === undefined ? [] : this.statements.all<T>(sql(table), ...values);
  }

  #decode(row: Row): D {
    return decode(this.spec, row.body, this.sealer) as D;
  }
}
