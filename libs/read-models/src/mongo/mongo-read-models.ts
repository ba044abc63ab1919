import { randomBytes } from 'node:crypto';
import { type OnProblem, Trouble } from '@ateneo/event-sourcing';
import { connectMongo, databaseOf, isDuplicate } from '@ateneo/event-sourcing/mongo';
import type { Connection, mongo } from 'mongoose';
import { checkSpec } from '../collection-spec.js';
import type { AnyCollectionSpec, Build, Collection, CollectionSpec, OnRead, ReadModels, Sealer } from '../document-store.js';
import { BuildCollections, type Line, linesOf } from './layout.js';
import { LiveBuilds } from './live-builds.js';
import { MongoBuild } from './mongo-build.js';
import { MongoCollection } from './mongo-collection.js';

export type MongoReadModelsOptions = {
  readonly service: string;
  /** Default `ateneo_<service>`. */
  readonly database?: string;
  /** Needed when a collection has personal fields. */
  readonly sealer?: Sealer;
  readonly onRead?: OnRead;
  readonly onProblem?: OnProblem;
  /** So long the collections of a build that was replaced are kept for queries on their way; default 30 s. */
  readonly keepMs?: number;
} & ({ readonly connection: Connection } | { readonly url: string });

const KEEP_MS = 30_000;

/** The distributed document store: one database per service, shared by its instances. With `url` it has a connection of its own. */
export async function openMongoReadModels(options: MongoReadModelsOptions): Promise<MongoReadModels> {
  const own = 'url' in options ? await connectMongo(options.url) : undefined;
  const connection = 'url' in options ? own! : options.connection;
  return new MongoReadModels(databaseOf(connection, options.database ?? `ateneo_${options.service}`), options, own);
}

export class MongoReadModels implements ReadModels {
  readonly shared = true;
  readonly #lines: mongo.Collection<Line>;
  readonly #live: LiveBuilds;
  readonly #sweepTrouble: Trouble;
  #sweeping: Promise<void> = Promise.resolve();
  #sweeper: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  constructor(
    private readonly db: mongo.Db,
    private readonly options: Partial<MongoReadModelsOptions>,
    private readonly own: Connection | undefined,
  ) {
    this.#lines = linesOf(db);
    this.#live = new LiveBuilds(db);
    const { service, onProblem } = options;
    this.#sweepTrouble = new Trouble(onProblem, { service, part: 'read-models', what: 'old builds are swept away' });
  }

  collection<D>(projection: string, spec: CollectionSpec<D>): Collection<D> {
    const live = async () => {
      const suffix = await this.#live.suffix(projection);
      return suffix === undefined ? undefined : new BuildCollections(this.db, projection, '', suffix).documents(spec.name);
    };
    return new MongoCollection(spec, this.options.sealer, live, this.options.onRead);
  }

  async builds(projection: string): Promise<{ live?: string; all: string[] }> {
    const line = await this.#lines.findOne({ _id: projection });
    return { live: line?.builds.find(({ suffix }) => suffix === line.live)?.id, all: line?.builds.map(({ id }) => id) ?? [] };
  }

  async openBuild(projection: string, id: string, specs: readonly AnyCollectionSpec[]): Promise<Build> {
    for (const spec of specs) checkSpec(spec);
    await this.#enter(projection, id);
    const entry = (await this.#entries(projection)).find((build) => build.id === id);
    if (!entry) throw new Error(`build ${id} of ${projection} was dropped while it was opened`);
    const at = new BuildCollections(this.db, projection, id, entry.suffix);
    await at.create(specs);
    this.#sweepSoon();
    return MongoBuild.open({ at, specs: new Map(specs.map((spec) => [spec.name, spec])), sealer: this.options.sealer });
  }

  async switchTo(projection: string, id: string): Promise<void> {
    const builds = await this.#entries(projection);
    const next = builds.find((build) => build.id === id);
    if (!next) throw new RangeError(`${projection} has no build ${id}`);
    const others = builds.filter((build) => build !== next);
    await this.#drop(projection, others, { $set: { live: next.suffix } });
  }

  async dropBuild(projection: string, id: string): Promise<void> {
    const builds = await this.#entries(projection);
    const dropped = builds.filter((build) => build.id === id);
    if (dropped.length > 0) await this.#drop(projection, dropped);
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#end());
  }

  async #end(): Promise<void> {
    clearTimeout(this.#sweeper);
    await this.#sweeping;
    this.#sweepTrouble.over();
    await this.own?.close();
  }

  async #enter(projection: string, id: string): Promise<void> {
    const suffix = `@${projection}@${id}.${randomBytes(4).toString('hex')}`;
    try {
      await this.#lines.updateOne({ _id: projection, 'builds.id': { $ne: id } }, { $push: { builds: { id, suffix } } }, { upsert: true });
    } catch (error) {
      if (!isDuplicate(error)) throw error; // it exists
    }
  }

  async #entries(projection: string): Promise<Line['builds']> {
    return (await this.#lines.findOne({ _id: projection }))?.builds ?? [];
  }

  /** They are no builds from now on; their collections go when nobody queries them any more. */
  async #drop(projection: string, builds: Line['builds'], change: mongo.UpdateFilter<Line> = {}): Promise<void> {
    const at = await this.#now();
    const suffixes = builds.map(({ suffix }) => suffix);
    await this.#lines.updateOne(
      { _id: projection },
      {
        ...change,
        $pull: { builds: { suffix: { $in: suffixes } } },
        $push: { retired: { $each: suffixes.map((suffix) => ({ suffix, at })) } },
      },
    );
    this.#live.forget();
    for (const { id, suffix } of builds) await new BuildCollections(this.db, projection, id, suffix).retire();
    this.#sweepSoon();
  }

  #sweepSoon(): void {
    clearTimeout(this.#sweeper);
    if (this.#closed) return;
    this.#sweeper = setTimeout(() => (this.#sweeping = this.#sweepTrouble.heard(this.#sweep())), this.#keepMs + 1_000);
    this.#sweeper.unref();
  }

  get #keepMs(): number {
    return this.options.keepMs ?? KEEP_MS;
  }

  /** The clock of the database, since those of the instances may differ: one replaces a build, another clears it up. 0 while there is no projection. */
  async #now(): Promise<number> {
    const [found] = await this.#lines.aggregate<{ now: Date }>([{ $limit: 1 }, { $project: { now: '$$NOW' } }]).toArray();
    return found?.now.getTime() ?? 0;
  }

  /** Drops the collections of no build; what fails is done by the next, here or elsewhere. */
  async #sweep(): Promise<void> {
    const names = (await this.db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    const lines = await this.#lines.find({}).toArray();
    const before = (await this.#now()) - this.#keepMs;
    const kept = new Set(
      lines.flatMap(({ builds, retired = [] }) => [...builds, ...retired.filter(({ at }) => at > before)]).map(({ suffix }) => suffix),
    );
    for (const name of names) {
      const from = name.indexOf('@');
      if (from > 0 && !kept.has(name.slice(from))) await this.db.dropCollection(name);
    }
    await this.#lines.updateMany({}, { $pull: { retired: { at: { $lte: before } } } });
  }
}
