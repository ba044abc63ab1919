import {
  type AnyCollectionSpec,
  type AsideEvent,
  type Build,
  type Checkpoint,
  type Collection,
  type CollectionSpec,
  type Commit,
  FencedError,
  type Find,
  type LoadedDocument,
  type Positions,
  type ReadModels,
  type Scalar,
  type Where,
} from '../src/index.js';

type Stored = { readonly unit: string; readonly document: unknown; readonly positions: Positions };
type Unit = {
  owner: number;
  readonly checkpoints: Map<string, Checkpoint>;
  readonly aside: Map<number, AsideEvent>;
  readonly skipped: { event: AsideEvent; reason: string; at: string }[];
};
type Built = { readonly units: Map<string, Unit>; readonly documents: Map<string, Map<string, Stored>> };
type Line = { live?: string; readonly builds: Map<string, Built> };

const emptyUnit = (): Unit => ({ owner: 0, checkpoints: new Map(), aside: new Map(), skipped: [] });

/** Documents that several instances share, in memory. */
export class SharedStore {
  readonly lines = new Map<string, Line>();
  claims = 0;

  /** Moments of instances are their own: one may hang while the others go on. */
  instance(): StoreInstance {
    return new StoreInstance(this);
  }

  line(projection: string): Line {
    let line = this.lines.get(projection);
    if (!line) this.lines.set(projection, (line = { builds: new Map() }));
    return line;
  }
}

export class StoreInstance implements ReadModels {
  readonly shared = true;
  /** Everything that the instance says to the store waits for it. */
  gate: Promise<void> = Promise.resolve();

  constructor(private readonly store: SharedStore) {}

  collection<D>(projection: string, spec: CollectionSpec<D>): Collection<D> {
    const documents = async (): Promise<[string, D][]> => {
      await this.gate;
      const { live, builds } = this.store.line(projection);
      const stored = builds.get(live ?? '')?.documents.get(spec.name) ?? new Map<string, Stored>();
      return [...stored].map(([id, { document }]) => [id, structuredClone(document) as D]);
    };
    const find = async (query: Find) =>
      select(
        (await documents()).map(([, document]) => document),
        spec,
        query,
      );
    return {
      get: async (id) => (await documents()).find(([one]) => one === id)?.[1],
      getMany: async (ids) => new Map((await documents()).filter(([id]) => ids.includes(id))),
      find,
      count: async (where) => (await find({ where })).length,
      countBy: async (column, where) => {
        const groups = Object.groupBy(await find({ where }), (one) => String(spec.columns[column]!(one)));
        return Object.fromEntries(Object.entries(groups).map(([value, all]) => [value, all!.length]));
      },
      sums: async (columns, where) => {
        const found = await find({ where });
        return Object.fromEntries(columns.map((name) => [name, found.reduce((sum, one) => sum + Number(spec.columns[name]!(one)), 0)]));
      },
    };
  }

  async builds(projection: string) {
    await this.gate;
    const { live, builds } = this.store.line(projection);
    return { live, all: [...builds.keys()] };
  }

  async openBuild(projection: string, id: string, specs: readonly AnyCollectionSpec[]): Promise<Build> {
    await this.gate;
    const { builds } = this.store.line(projection);
    if (!builds.has(id)) builds.set(id, { units: new Map(), documents: new Map(specs.map(({ name }) => [name, new Map()])) });
    return this.#build(projection, id, builds.get(id)!, 'all', undefined);
  }

  async switchTo(projection: string, id: string): Promise<void> {
    await this.gate;
    const line = this.store.line(projection);
    if (!line.builds.has(id)) throw new RangeError(`${projection} has no build ${id}`);
    line.live = id;
    for (const other of [...line.builds.keys()]) if (other !== id) line.builds.delete(other);
  }

  async dropBuild(projection: string, id: string): Promise<void> {
    await this.gate;
    this.store.line(projection).builds.delete(id);
  }

  async close(): Promise<void> {}

  #build(projection: string, id: string, built: Built, name: string, owner: number | undefined): Build {
    const unit = (): Unit => {
      const is = this.store.line(projection).builds.get(id) === built;
      const found = built.units.get(name) ?? emptyUnit();
      if (!is || (owner !== undefined && found.owner !== owner)) throw new FencedError(`${name} of ${id}`);
      built.units.set(name, found);
      return found;
    };
    const own = (collection: string) => [...built.documents.get(collection)!].filter(([, stored]) => stored.unit === name);
    return {
      id,
      claim: async (claimed) => {
        await this.gate;
        const owner = ++this.store.claims;
        built.units.set(claimed, { ...(built.units.get(claimed) ?? emptyUnit()), owner });
        return this.#build(projection, id, built, claimed, owner);
      },
      visible: async () => {
        await this.gate;
        return [...built.units].flatMap(([unit, { checkpoints }]) => [...checkpoints.values()].map((at) => ({ ...at, unit })));
      },
      waiting: async () => {
        await this.gate;
        return [...built.units].flatMap(([unit, { aside }]) => [...aside.values()].map((event) => ({ ...event, unit })));
      },
      load: async (collection, ids) => {
        await this.gate;
        const found = own(collection).filter(([one]) => ids.includes(one));
        return new Map(found.map(([one, { document, positions }]): [string, LoadedDocument] => [one, { document, positions }]));
      },
      scan: async (collection, after, limit) => {
        await this.gate;
        const sorted = own(collection).sort(([a], [b]) => (a < b ? -1 : 1));
        return sorted
          .filter(([one]) => one > after)
          .slice(0, limit)
          .map(([one, { document }]) => ({ id: one, document: structuredClone(document) }));
      },
      commit: async (commit) => {
        await this.gate;
        write(built, unit(), name, commit);
      },
      checkpoints: async () => (await this.gate, [...unit().checkpoints.values()]),
      aside: async () => (await this.gate, [...unit().aside.values()].sort((a, b) => a.sequence - b.sequence)),
      skipped: async () => (await this.gate, unit().skipped),
    };
  }
}

function write(built: Built, unit: Unit, name: string, { documents, checkpoints, aside, released, skipped = [] }: Commit): void {
  for (const { collection, id, document, positions } of documents) {
    const stored = built.documents.get(collection)!;
    if (document === undefined) stored.delete(id);
    else stored.set(id, { unit: name, document: structuredClone(document), positions });
  }
  for (const at of checkpoints) unit.checkpoints.set(at.origin, at);
  for (const event of aside) unit.aside.set(event.sequence, event);
  for (const { sequence, ...why } of skipped) unit.skipped.push({ event: unit.aside.get(sequence)!, ...why });
  for (const sequence of [...released, ...skipped.map((one) => one.sequence)]) unit.aside.delete(sequence);
}

/** Equality only: what these tests ask. */
function select<D>(all: D[], spec: CollectionSpec<D>, { where = {}, offset = 0, limit }: Find): D[] {
  const any = (Array.isArray(where) ? where : [where]) as readonly Where[];
  const meets = (one: D, each: Where) => Object.entries(each).every(([column, value]) => spec.columns[column]!(one) === (value as Scalar));
  const matching = all.filter((one) => any.some((each) => meets(one, each)));
  return matching.slice(offset, limit === undefined ? undefined : offset + limit);
}
