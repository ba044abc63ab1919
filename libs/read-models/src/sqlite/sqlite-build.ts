import type { SQLInputValue } from 'node:sqlite';
import { loopTurns } from '@ateneo/threads';
import type {
  AnyCollectionSpec,
  AsideEvent,
  Build,
  Checkpoint,
  Commit,
  DocumentWrite,
  LoadedDocument,
  Positions,
  Sealer,
} from '../document-store.js';
import { decode, encode, ensureKeys } from '../document-codec.js';
import type { Statements } from './sqlite-collection.js';
import type { Step, ViewsFile } from './views-writer.js';

/** The quoted name of a collection's table in one build. */
export const tableOf = (collection: string, build: string): string => `"${collection}@${build.replaceAll('"', '')}"`;

/** So many documents are made ready before others have their turn. */
const IN_A_TURN = 100;

type AsideRow = Omit<AsideEvent, 'awaits'> & { awaits: string | null; skipped_at: string | null; skip_reason: string | null };
type Row = { id: string; body: string | Uint8Array; positions: string };

/** One generation of a projection in the views file: tables of its own, and its rows in the shared ones. */
export class SqliteBuild implements Build {
  readonly #specs: ReadonlyMap<string, AnyCollectionSpec>;

  constructor(
    private readonly projection: string,
    readonly id: string,
    specs: readonly AnyCollectionSpec[],
    private readonly file: ViewsFile,
    private readonly statements: Statements,
    private readonly sealer: Sealer | undefined,
  ) {
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
  }

  async load(collection: string, ids: readonly string[]): Promise<Map<string, LoadedDocument>> {
    const spec = this.#spec(collection);
    const sql = `SELECT id, body, positions FROM ${tableOf(collection, this.id)} WHERE id IN (SELECT value FROM json_each(?))`;
    const rows = this.statements.all<Row>(sql, JSON.stringify(ids));
    return new Map(
      rows.map(({ id, body, positions }) => [
        id,
        { document: decode(spec, body, this.sealer), positions: JSON.parse(positions) as Positions },
      ]),
    );
  }

  async scan(collection: string, after: string, limit: number): Promise<{ id: string; document: unknown }[]> {
    const spec = this.#spec(collection);
    const rows = this.statements.all<Row>(
      `SELECT id, body FROM ${tableOf(collection, this.id)} WHERE id > ? ORDER BY id LIMIT ?`,
      after,
      limit,
    );
    return rows.map(({ id, body }) => ({ id, document: decode(spec, body, this.sealer) }));
  }

  async commit(commit: Commit): Promise<void> {
    await ensureKeys(
      commit.documents.map(({ collection, document }) => ({ spec: this.#spec(collection), document })),
      this.sealer,
    );
    const steps = [...(await this.#documentSteps(commit.documents)), ...this.#checkpointSteps(commit), ...this.#asideSteps(commit)];
    if (steps.length > 0) await this.file.write(steps);
  }

  async checkpoints(): Promise<Checkpoint[]> {
    const sql = 'SELECT origin, epoch, mapping AS mappingVersion, position FROM checkpoints WHERE projection = ? AND build = ?';
    return this.statements.all<Checkpoint>(sql, this.projection, this.id).map((row) => ({ ...row }));
  }

  async aside(): Promise<AsideEvent[]> {
    return this.#asideRows('skipped_at IS NULL').map(toAside);
  }

  async skipped(): Promise<{ event: AsideEvent; reason: string; at: string }[]> {
    return this.#asideRows('skipped_at IS NOT NULL').map((row) => ({
      event: toAside(row),
      reason: row.skip_reason ?? '',
      at: row.skipped_at ?? '',
    }));
  }

  #asideRows(condition: string): AsideRow[] {
    return this.statements.all<AsideRow>(
      `SELECT * FROM aside WHERE projection = ? AND build = ? AND ${condition} ORDER BY sequence`,
      this.projection,
      this.id,
    );
  }

  async #documentSteps(documents: readonly DocumentWrite[]): Promise<Step[]> {
    const kept = new Map<string, SQLInputValue[][]>();
    const removed = new Map<string, SQLInputValue[][]>();
    for (const [n, { collection, id, document, positions }] of documents.entries()) {
      if (n % IN_A_TURN === IN_A_TURN - 1) await loopTurns.next();
      const spec = this.#spec(collection);
      const rows = document === undefined ? removed : kept;
      if (!rows.has(collection)) rows.set(collection, []);
      rows
        .get(collection)!
        .push(
          document === undefined
            ? [id]
            : [id, encode(spec, document, this.sealer), JSON.stringify(positions), ...columnValues(spec, document)],
        );
    }
    return [
      ...[...kept].map(([name, rows]) => ({
        sql: `INSERT OR REPLACE INTO ${tableOf(name, this.id)} VALUES (${rows[0]!.map(() => '?').join(', ')})`,
        rows,
      })),
      ...[...removed].map(([name, rows]) => ({ sql: `DELETE FROM ${tableOf(name, this.id)} WHERE id = ?`, rows })),
    ];
  }

  #checkpointSteps({ checkpoints }: Commit): Step[] {
    if (checkpoints.length === 0) return [];
    const rows = checkpoints.map(({ origin, epoch, mappingVersion, position }) => [
      this.projection,
      this.id,
      origin,
      epoch,
      mappingVersion,
      position,
    ]);
    return [{ sql: 'INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)', rows }];
  }

  #asideSteps({ aside, released, skipped = [] }: Commit): Step[] {
    const steps: Step[] = [];
    if (aside.length > 0) {
      const rows = aside.map((event) => [
        this.projection,
        this.id,
        event.sequence,
        event.key,
        event.origin,
        event.position,
        event.stream,
        event.why,
        event.reason,
        event.awaits ?? null,
        event.event,
      ]);
      steps.push({ sql: 'INSERT OR REPLACE INTO aside VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)', rows });
    }
    if (released.length > 0)
      steps.push({
        sql: 'DELETE FROM aside WHERE projection = ? AND build = ? AND sequence = ?',
        rows: released.map((sequence) => [this.projection, this.id, sequence]),
      });
    if (skipped.length > 0) {
      const rows = skipped.map(({ sequence, reason, at }) => [at, reason, this.projection, this.id, sequence]);
      steps.push({ sql: 'UPDATE aside SET skipped_at = ?, skip_reason = ? WHERE projection = ? AND build = ? AND sequence = ?', rows });
    }
    return steps;
  }

  #spec(collection: string): AnyCollectionSpec {
    const spec = this.#specs.get(collection);
    if (!spec) throw new RangeError(`projection ${this.projection} has no collection ${collection}`);
    return spec;
  }
}

const columnValues = (spec: AnyCollectionSpec, document: unknown): SQLInputValue[] =>
  Object.values(spec.columns).map((value) => value(document));

const toAside = ({ sequence, key, origin, position, stream, why, reason, awaits, event }: AsideRow): AsideEvent => ({
  sequence,
  key,
  origin,
  position,
  stream,
  why,
  reason,
  awaits: awaits ?? undefined,
  event,
});
