import { unheard } from '@ateneo/event-sourcing';
import type { mongo } from 'mongoose';
import { type Body, decodeAll, encode, ensureKeys } from '../document-codec.js';
import type {
  AnyCollectionSpec,
  AsideEvent,
  Build,
  Checkpoint,
  Commit,
  DocumentWrite,
  LoadedDocument,
  Scalar,
  Sealer,
} from '../document-store.js';
import { ASIDE, binaryBody, type BuildCollections, type StoredAside, type StoredDocument, type Write } from './layout.js';
import { UnitHead } from './unit-head.js';

/** The unit of a build that nobody divides. */
const ALL = 'all';

export type BuildOptions = {
  readonly at: BuildCollections;
  readonly specs: ReadonlyMap<string, AnyCollectionSpec>;
  readonly sealer: Sealer | undefined;
};

/** One generation of a projection in collections of its own, or one unit of it. */
export class MongoBuild implements Build {
  readonly id: string;
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly options: BuildOptions,
    private readonly unit: string,
    private readonly head: UnitHead,
  ) {
    this.id = options.at.build;
  }

  static open(options: BuildOptions): MongoBuild {
    return new MongoBuild(options, ALL, UnitHead.open(options.at, ALL));
  }

  async claim(unit: string): Promise<Build> {
    return new MongoBuild(this.options, unit, await UnitHead.claim(this.options.at, unit));
  }

  async visible(): Promise<(Checkpoint & { unit: string })[]> {
    const heads = await this.options.at.heads.find({}, { projection: { visible: 1 } }).toArray();
    return heads.flatMap(({ _id, visible }) => visible.map((checkpoint) => ({ ...checkpoint, unit: _id })));
  }

  async waiting(): Promise<(AsideEvent & { unit: string })[]> {
    const rows = await this.options.at.aside.find({ gone: null, skipped: null }).toArray();
    return rows.map((row) => ({ ...toAside(row), unit: row.unit }));
  }

  async load(collection: string, ids: readonly string[]): Promise<Map<string, LoadedDocument>> {
    const found = await this.#read(collection, { _id: { $in: [...ids] } }, (cursor) => cursor);
    return new Map(found.map(({ stored, document }) => [stored._id, { document, positions: stored.p ?? {} }]));
  }

  async scan(collection: string, after: string, limit: number): Promise<{ id: string; document: unknown }[]> {
    const found = await this.#read(collection, { _id: { $gt: after } }, (cursor) => cursor.sort({ _id: 1 }).limit(limit));
    return found.map(({ stored, document }) => ({ id: stored._id, document }));
  }

  commit(commit: Commit): Promise<void> {
    return this.#alone(async () => {
      const { documents, checkpoints } = commit;
      await ensureKeys(
        documents.map(({ collection, document }) => ({ spec: this.#spec(collection), document })),
        this.options.sealer,
      );
      const writes = [...documents.map((one) => this.#documentWrite(one)), ...asideWrites(this.unit, commit)];
      if (writes.length === 0 && checkpoints.length === 0) return;
      const last = new Map(writes.map((write) => [`${write.to}/${write.id}`, write]));
      await this.head.commit([...last.values()], checkpoints);
    });
  }

  async checkpoints(): Promise<Checkpoint[]> {
    return [...(await this.#alone(() => this.head.readAnew()))];
  }

  async aside(): Promise<AsideEvent[]> {
    return (await this.#asideRows(null)).map(toAside);
  }

  async skipped(): Promise<{ event: AsideEvent; reason: string; at: string }[]> {
    return (await this.#asideRows({ $ne: null })).map((row) => ({ event: toAside(row), ...row.skipped! }));
  }

  async #asideRows(skipped: null | { $ne: null }): Promise<StoredAside[]> {
    await this.#head();
    return this.options.at.aside.find({ unit: this.unit, gone: null, skipped }).sort({ sequence: 1 }).toArray();
  }

  async #read(
    collection: string,
    filter: mongo.Filter<StoredDocument>,
    page: (cursor: mongo.FindCursor<StoredDocument>) => mongo.FindCursor<StoredDocument>,
  ): Promise<{ stored: StoredDocument; document: unknown }[]> {
    const spec = this.#spec(collection);
    await this.#head();
    const all = this.options.at.documents(collection).find({ ...filter, unit: this.unit, gone: null });
    const stored = await page(all).project<StoredDocument>({ d: 1, p: 1 }).toArray();
    const documents = await decodeAll(
      spec,
      stored.map(({ d }) => binaryBody(d!)),
      this.options.sealer,
    );
    return stored.map((one, n) => ({ stored: one, document: documents[n] }));
  }

  #documentWrite({ collection, id, document, positions }: DocumentWrite): Write {
    if (typeof id !== 'string') throw new TypeError(`a document of ${collection} has no id`);
    if (document === undefined) return { to: collection, id, put: { gone: new Date() } };
    const spec = this.#spec(collection);
    const d: Body = encode(spec, document, this.options.sealer);
    return { to: collection, id, put: { c: columnsOf(spec, document), p: positions, d } };
  }

  /** What was committed before is written before anything is read. */
  #head(): Promise<readonly Checkpoint[]> {
    return this.#alone(() => this.head.read());
  }

  #alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(task);
    this.#busy = result.catch(unheard('whoever asked for it is told'));
    return result;
  }

  #spec(collection: string): AnyCollectionSpec {
    const spec = this.options.specs.get(collection);
    if (!spec) throw new RangeError(`projection ${this.options.at.projection} has no collection ${collection}`);
    return spec;
  }
}

function columnsOf(spec: AnyCollectionSpec, document: unknown): Record<string, Scalar> {
  const columns: Record<string, Scalar> = {};
  for (const [name, value] of Object.entries(spec.columns)) {
    const scalar = value(document);
    if (scalar !== null && typeof scalar !== 'string' && typeof scalar !== 'number')
      throw new TypeError(`column ${name} of ${spec.name} is a ${typeof scalar}`);
    columns[name] = scalar;
  }
  return columns;
}

function asideWrites(unit: string, { aside, released, skipped = [] }: Commit): Write[] {
  const at = (sequence: number) => ({ to: ASIDE, id: `${unit}/${sequence}` });
  return [
    ...aside.map(({ awaits, ...event }) => ({ ...at(event.sequence), put: { ...event, awaits: awaits ?? null } })),
    ...released.map((sequence) => ({ ...at(sequence), put: { gone: new Date() } })),
    ...skipped.map(({ sequence, reason, at: when }) => ({ ...at(sequence), set: { skipped: { reason, at: when } } })),
  ];
}

function toAside(row: StoredAside): AsideEvent {
  const { sequence, key, origin, position, stream, why, reason, awaits, event } = row as Required<StoredAside>;
  return { sequence, key, origin, position, stream, why, reason, awaits: awaits ?? undefined, event };
}
