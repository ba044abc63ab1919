import type { mongo } from 'mongoose';
import type { Body } from '../document-codec.js';
import { type AsideEvent, type Checkpoint, FencedError, type Positions, type Scalar } from '../document-store.js';

/** What every document of a build carries: who wrote it last. A batch with a lower number than the one that stands there changes nothing. */
type Written = {
  readonly _id: string;
  readonly unit: string;
  readonly batch: number;
  /** It was removed then. It stays for an hour, so that a writer of an older batch cannot bring it back. */
  readonly gone?: Date | null;
};
/** `c` holds the columns, `p` the positions, `d` the document. */
export type StoredDocument = Written & {
  readonly c?: { readonly [column: string]: Scalar };
  readonly p?: Positions;
  readonly d?: string | mongo.Binary;
};
/** The id is `<unit>/<sequence>`. */
export type StoredAside = Written & Partial<AsideEvent> & { readonly skipped?: { readonly reason: string; readonly at: string } | null };

/** The fields of a write: `put` replaces the document, or makes it, with `gone` in it removes it; `set` changes fields of one that is there. */
export type Write = { readonly to: string; readonly id: string } & ({ readonly put: Fields } | { readonly set: Fields });
type Fields = { readonly [field: string]: unknown };

/** A committed batch whose documents may not all be written yet: its writes, or in how many parts they lie in `_batches`. */
export type Pending = { readonly seq: number; readonly token: string; readonly parts: number; readonly writes: readonly Write[] };
/** Where one unit of a build is. `seq` rises with each commit and each claim. */
export type Head = {
  readonly _id: string;
  readonly seq: number;
  readonly owner: string | null;
  /** Committed, and those that queries may rely on since all documents are written. */
  readonly checkpoints: readonly Checkpoint[];
  readonly visible: readonly Checkpoint[];
  readonly pending: Pending | null;
};
/** A part of a batch too large for its head; the id is `<token>/<part>`. */
export type BatchPart = {
  readonly _id: string;
  readonly unit: string;
  readonly seq: number;
  readonly token: string;
  readonly writes: readonly Write[];
};

/** Everything that a document of a build or an event set aside may hold besides `Written`. */
export const CONTENT: readonly (keyof StoredDocument | keyof StoredAside)[] = [
  ...(['c', 'p', 'd'] as const),
  ...(['sequence', 'key', 'origin', 'position', 'stream', 'why', 'reason', 'awaits', 'event', 'skipped'] as const),
];

/** Builds of a projection; the id is the projection. */
export type Line = {
  readonly _id: string;
  /** The suffix of the build that queries read. */
  readonly live?: string;
  readonly builds: readonly { readonly id: string; readonly suffix: string }[];
  /** Collections of these are dropped when no instance queries them any more; `at` by the clock of the database. */
  readonly retired?: readonly { readonly suffix: string; readonly at: number }[];
};

export const linesOf = (db: mongo.Db): mongo.Collection<Line> => db.collection('projections');

/** No collection of a projection is called so: their names begin with a letter. */
export const ASIDE = '_set-aside';
const GONE_FOR_S = 3_600;

/** The collections of one build: `<name>@<projection>@<build>.<random>`, so that nothing of a dropped build is met under the same id again. */
export class BuildCollections {
  constructor(
    private readonly db: mongo.Db,
    readonly projection: string,
    readonly build: string,
    readonly suffix: string,
  ) {}

  /** Throws FencedError where the build was dropped. */
  async mustExist(): Promise<void> {
    const line = await linesOf(this.db).findOne({ _id: this.projection, 'builds.suffix': this.suffix }, { projection: { _id: 1 } });
    if (!line) throw new FencedError(`${this.projection} ${this.build} was dropped`);
  }

  documents(collection: string): mongo.Collection<StoredDocument> {
    return this.db.collection(`${collection}${this.suffix}`);
  }

  get aside(): mongo.Collection<StoredAside> {
    return this.db.collection(`${ASIDE}${this.suffix}`);
  }

  get heads(): mongo.Collection<Head> {
    return this.db.collection(`_heads${this.suffix}`);
  }

  get parts(): mongo.Collection<BatchPart> {
    return this.db.collection(`_batches${this.suffix}`);
  }

  /** Whoever still writes is fenced out. */
  async retire(): Promise<void> {
    await this.heads.updateMany({}, { $inc: { seq: 1 }, $set: { owner: null } });
  }

  async create(collections: readonly { readonly name: string; readonly indexes?: readonly (readonly string[])[] }[]): Promise<void> {
    const common = [{ key: { unit: 1, _id: 1 } }, { key: { gone: 1 }, expireAfterSeconds: GONE_FOR_S }] as const;
    const columns = (by: readonly string[]) => ({ key: Object.fromEntries([...by.map((name) => [`c.${name}`, 1]), ['_id', 1]]) });
    await Promise.all([
      this.aside.createIndexes([...common]),
      ...collections.map(({ name, indexes = [] }) => this.documents(name).createIndexes([...common, ...indexes.map(columns)])),
    ]);
  }
}

export const binaryBody = (body: string | mongo.Binary): Body => (typeof body === 'string' ? body : new Uint8Array(body.value()));
