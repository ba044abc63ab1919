import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkSpec } from '../collection-spec.js';
import type { AnyCollectionSpec, Build, Collection, CollectionSpec, OnRead, ReadModels, Sealer } from '../document-store.js';
import { SqliteBuild, tableOf } from './sqlite-build.js';
import { SqliteCollection, Statements } from './sqlite-collection.js';
import { startViewsWriter, type Step, type ViewsFile, type ViewsWriter } from './views-writer.js';

export type SqliteReadModelsOptions = {
  readonly file: string;
  /** Shared by the views files of a process; without it the read models start and end their own. */
  readonly writer?: ViewsWriter;
  /** Needed when a collection has personal fields. */
  readonly sealer?: Sealer;
  readonly onRead?: OnRead;
};

/** The embedded document store: an SQLite file written by a worker thread, read here through a connection of its own. */
export async function openSqliteReadModels(options: SqliteReadModelsOptions): Promise<SqliteReadModels> {
  mkdirSync(dirname(options.file), { recursive: true });
  const writer = options.writer ?? startViewsWriter();
  try {
    return new SqliteReadModels(options, await writer.open(options.file), writer);
  } catch (error) {
    if (!options.writer) await writer.close();
    throw error;
  }
}

type BuildRow = { projection: string; build: string; live: number; tables: string };

export class SqliteReadModels implements ReadModels {
  readonly shared = false;
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #live = new Map<string, string>();
  #closed: Promise<void> | undefined;

  constructor(
    private readonly options: SqliteReadModelsOptions,
    private readonly file: ViewsFile,
    private readonly writer: ViewsWriter,
  ) {
    this.#db = new DatabaseSync(options.file, { readOnly: true, timeout: 5_000 });
    this.#db.exec('PRAGMA cache_size = -16000;');
    this.#statements = new Statements(this.#db);
    for (const { projection, build, live } of this.#builds()) if (live) this.#live.set(projection, build);
  }

  collection<D>(projection: string, spec: CollectionSpec<D>): Collection<D> {
    const table = () => {
      const live = this.#live.get(projection);
      return live === undefined ? undefined : tableOf(spec.name, live);
    };
    return new SqliteCollection(spec, this.#statements, this.options.sealer, table, this.options.onRead);
  }

  async builds(projection: string): Promise<{ live?: string; all: string[] }> {
    const all = this.#builds().filter((row) => row.projection === projection);
    return { live: this.#live.get(projection), all: all.map(({ build }) => build) };
  }

  async openBuild(projection: string, id: string, specs: readonly AnyCollectionSpec[]): Promise<Build> {
    if (!(await this.builds(projection)).all.includes(id)) {
      const tables = specs.map(({ name }) => tableOf(name, id));
      const steps = [
        ...specs.flatMap((spec) => tableSteps(spec, id)),
        { sql: 'INSERT INTO builds VALUES (?, ?, 0, ?)', rows: [[projection, id, JSON.stringify(tables)]] },
      ];
      await this.file.write(steps);
    }
    return new SqliteBuild(projection, id, specs, this.file, this.#statements, this.options.sealer);
  }

  async switchTo(projection: string, id: string): Promise<void> {
    const others = this.#builds().filter((row) => row.projection === projection && row.build !== id);
    const live = { sql: 'UPDATE builds SET live = 1 WHERE projection = ? AND build = ?', rows: [[projection, id]] };
    const before = this.#live.get(projection);
    this.#live.set(projection, id);
    try {
      await this.file.write([live, ...others.flatMap(dropSteps)]);
    } catch (error) {
      if (before === undefined) this.#live.delete(projection);
      else this.#live.set(projection, before);
      throw error;
    }
    this.#statements.clear();
  }

  async dropBuild(projection: string, id: string): Promise<void> {
    const rows = this.#builds().filter((row) => row.projection === projection && row.build === id);
    await this.file.write(rows.flatMap(dropSteps));
    if (this.#live.get(projection) === id) this.#live.delete(projection);
    this.#statements.clear();
  }

  /** Empties the write-ahead log, so that nothing erased stays in it. */
  truncateWal(): Promise<void> {
    return this.file.truncateWal();
  }

  inspect(): Promise<{ synchronous: number }> {
    return this.file.inspect();
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#end());
  }

  async #end(): Promise<void> {
    this.#db.close();
    await this.file.close();
    if (!this.options.writer) await this.writer.close();
  }

  #builds(): BuildRow[] {
    return this.#statements.all<BuildRow>('SELECT * FROM builds');
  }
}

function tableSteps(spec: AnyCollectionSpec, build: string): Step[] {
  checkSpec(spec);
  const names = Object.keys(spec.columns);
  const table = tableOf(spec.name, build);
  const columns = names.map((name) => `, "${name}"`).join('');
  const indexes = (spec.indexes ?? []).map((by, n) => ({
    sql: `CREATE INDEX ${tableOf(`${spec.name}_by_${n}`, build)} ON ${table} (${[...by, 'id'].map((name) => `"${name}"`).join(', ')})`,
  }));
  return [{ sql: `CREATE TABLE ${table} (id TEXT PRIMARY KEY, body NOT NULL, positions TEXT NOT NULL${columns})` }, ...indexes];
}

function dropSteps({ projection, build, tables }: BuildRow): Step[] {
  const rows = [[projection, build]];
  const forget = ['builds', 'checkpoints', 'aside'].map((table) => ({
    sql: `DELETE FROM ${table} WHERE projection = ? AND build = ?`,
    rows,
  }));
  return [...forget, ...(JSON.parse(tables) as string[]).map((table) => ({ sql: `DROP TABLE ${table}` }))];
}
