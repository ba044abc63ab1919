/** A value that a document may be found and sorted by. */
export type Scalar = string | number | null;

/** One read model's collection: what its documents can be filtered and sorted by. Everything else of a document is opaque to the store. */
export type CollectionSpec<D> = {
  readonly name: string;
  /** Raised when the shape changes: the collection is then rebuilt side by side from events. */
  readonly version: number;
  /** Columns derived from the document; each is indexed as named in `indexes`. */
  readonly columns: { readonly [column: string]: (document: D) => Scalar };
  /** Compound indexes over columns, e.g. [['traineeId', 'performedOn']]; each ends with the id, so that pages sorted by it need no other sorting. */
  readonly indexes?: readonly (readonly string[])[];
  /** `bytes`: documents are Uint8Array and carry no columns but those derived from the bytes. Default `json`. */
  readonly format?: 'json' | 'bytes';
  /** Top-level fields that are stored sealed under the key of a person; no column may be derived from them. */
  readonly personal?: { readonly fields: readonly (keyof D & string)[]; readonly person: (document: D) => string };
};

/** A specification whose documents' type does not matter to the one who holds it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a column reads the document, so the type parameter is contravariant
export type AnyCollectionSpec = CollectionSpec<any>;

export type Condition =
  | Scalar
  | { readonly in: readonly Scalar[] }
  | { readonly gte?: Scalar; readonly lte?: Scalar; readonly lt?: Scalar; readonly gt?: Scalar }
  | { readonly not: Scalar }
  | { readonly contains: string };
export type Where = { readonly [column: string]: Condition };
/** Documents that meet all conditions of one of them; none where there is none. */
export type AnyOf = Where | readonly Where[];
export type Find = {
  readonly where?: AnyOf;
  readonly sort?: readonly { readonly by: string; readonly descending?: boolean }[];
  readonly offset?: number;
  readonly limit?: number;
};

/** What a query is sorted by; ties go by the id, in the direction of what they tie in, so that an index alone gives the order. */
export function inOrder({ sort = [] }: Find): NonNullable<Find['sort']> {
  return sort.some(({ by }) => by === 'id') ? sort : [...sort, { by: 'id', descending: sort.at(-1)?.descending }];
}

/** Reads of one collection. Writes go only through the projection runner. */
export interface Collection<D> {
  get(id: string): Promise<D | undefined>;
  getMany(ids: readonly string[]): Promise<Map<string, D>>;
  find(query: Find): Promise<D[]>;
  count(where?: AnyOf): Promise<number>;
  /** Number of documents by value of a column: `{ submitted: 3, draft: 1 }`. */
  countBy(column: string, where?: AnyOf): Promise<Record<string, number>>;
  /** Sum of each of the columns over the documents, without reading one of them. */
  sums(columns: readonly string[], where?: AnyOf): Promise<Record<string, number>>;
}

/** Seals what is personal in documents; the keys of people have this form. */
export interface Sealer {
  /** Makes the keys that are missing, durable before it resolves. */
  ensure(personIds: readonly string[]): Promise<void> | void;
  /** What other processes made is at hand when it resolves; to be called before `open`. Without it nobody else makes keys. */
  fetch?(personIds: readonly string[]): Promise<void>;
  seal(personId: string, value: unknown): unknown;
  /** What was sealed, or the constant that stands for an erased person's text. */
  open(sealed: unknown): unknown;
}

/** Told how many documents a query has read. */
export type OnRead = (collection: string, documents: number) => void;

/** Position of the newest event of each origin (`<service>/<partition>`) that a document has taken in. */
export type Positions = { readonly [origin: string]: number };
export type LoadedDocument = { readonly document: unknown; readonly positions: Positions };
/** A document to keep, or to remove where it is undefined. */
export type DocumentWrite = { readonly collection: string; readonly id: string; readonly document: unknown; readonly positions: Positions };

/** How far a projection has come in one origin: `own` (the service's own store) or the name of a service. */
export type Checkpoint = { readonly origin: string; readonly epoch: string; readonly mappingVersion: number; readonly position: number };

/** An event that waits, under its partition key, for an operator or for the missing fact. */
export type AsideEvent = {
  /** Order in which events were set aside. */
  readonly sequence: number;
  readonly key: string;
  readonly origin: string;
  readonly position: number;
  readonly stream: string;
  readonly why: 'poison' | 'not-known-yet' | 'behind-another';
  readonly reason: string;
  /** The origin that the missing fact is expected from; undefined: any. */
  readonly awaits?: string;
  /** JSON of a public event; null for an own event, which stays in its store. */
  readonly event: string | null;
};

export type Commit = {
  readonly documents: readonly DocumentWrite[];
  readonly checkpoints: readonly Checkpoint[];
  /** Rows to keep; one with a sequence that is there already replaces it. */
  readonly aside: readonly AsideEvent[];
  readonly released: readonly number[];
  readonly skipped?: readonly { readonly sequence: number; readonly reason: string; readonly at: string }[];
};

/** Somebody else has taken over what this commit was about: nothing of it counts, and what was folded is to be read anew. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** One generation of a projection's documents with its checkpoints and what it set aside. */
export interface Build {
  readonly id: string;
  /**
   * A part of the build with checkpoints, set-aside events and commits of its own, e.g. one partition. From now on whoever claimed the unit
   * before is fenced out: its commits throw FencedError. `scan` and `load` of it see the documents written by that unit only.
   * Only where the read models are shared.
   */
  claim?(unit: string): Promise<Build>;
  /** Checkpoints of every unit as queries may rely on them: all documents up to there are written. Only where shared. */
  visible?(): Promise<readonly (Checkpoint & { readonly unit: string })[]>;
  /** Set-aside events of every unit. Only where shared. */
  waiting?(): Promise<readonly (AsideEvent & { readonly unit: string })[]>;
  load(collection: string, ids: readonly string[]): Promise<Map<string, LoadedDocument>>;
  /** Up to `limit` documents with ids after `after`, in the order of their ids. */
  scan(collection: string, after: string, limit: number): Promise<{ readonly id: string; readonly document: unknown }[]>;
  /** All or nothing, durable when it resolves. */
  commit(commit: Commit): Promise<void>;
  /** To be read before anything else that a commit rests on: where somebody else commits meanwhile, that commit throws FencedError. */
  checkpoints(): Promise<Checkpoint[]>;
  aside(): Promise<AsideEvent[]>;
  /** Skipped events with their reasons. */
  skipped(): Promise<{ readonly event: AsideEvent; readonly reason: string; readonly at: string }[]>;
}

/** Documents of one service's read models. Adapters: SQLite (embedded), MongoDB (distributed); one conformance suite for both. */
export interface ReadModels {
  /** Several instances of the service read and write the same documents (MongoDB), not each its own file. */
  readonly shared: boolean;
  /** Reads the live build of the projection, whichever that is at the moment of the query; empty before the first. */
  collection<D>(projection: string, spec: CollectionSpec<D>): Collection<D>;
  /** The build that queries read, and all that exist. */
  builds(projection: string): Promise<{ readonly live?: string; readonly all: readonly string[] }>;
  /** Creates the build where it does not exist. */
  openBuild(projection: string, id: string, specs: readonly AnyCollectionSpec[]): Promise<Build>;
  /** From now on queries read this build; every other build of the projection is dropped. */
  switchTo(projection: string, id: string): Promise<void>;
  dropBuild(projection: string, id: string): Promise<void>;
  close(): Promise<void>;
}
