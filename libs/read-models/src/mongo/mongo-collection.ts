import type { mongo } from 'mongoose';
import { decodeAll } from '../document-codec.js';
import type { AnyOf, Collection, CollectionSpec, Find, OnRead, Sealer } from '../document-store.js';
import { field, filterOf, sortOf } from './filter.js';
import { binaryBody, type StoredDocument } from './layout.js';

/** Queries of one collection of whichever build is live. */
export class MongoCollection<D> implements Collection<D> {
  readonly #columns: ReadonlySet<string>;

  constructor(
    private readonly spec: CollectionSpec<D>,
    private readonly sealer: Sealer | undefined,
    /** Undefined before the first build. */
    private readonly live: () => Promise<mongo.Collection<StoredDocument> | undefined>,
    private readonly onRead: OnRead = () => undefined,
  ) {
    this.#columns = new Set(['id', ...Object.keys(spec.columns)]);
  }

  async get(id: string): Promise<D | undefined> {
    return (await this.getMany([id])).get(id);
  }

  async getMany(ids: readonly string[]): Promise<Map<string, D>> {
    const live = await this.live();
    const stored = (await live?.find(filterOf({ id: { in: ids } }, this.#columns), { projection: { d: 1 } }).toArray()) ?? [];
    const documents = await this.#decode(stored);
    return new Map(stored.map(({ _id }, n) => [_id, documents[n]!]));
  }

  async find(query: Find): Promise<D[]> {
    const [filter, sort] = [filterOf(query.where, this.#columns), sortOf(query, this.#columns)];
    const { limit = -1, offset = 0 } = query;
    const live = await this.live();
    if (!live || limit === 0) return [];
    const page = live
      .find(filter, { projection: { d: 1 } })
      .sort(sort)
      .skip(Math.max(offset, 0))
      .limit(Math.max(limit, 0));
    return this.#decode(await page.toArray());
  }

  async count(where?: AnyOf): Promise<number> {
    const filter = filterOf(where, this.#columns);
    return (await (await this.live())?.countDocuments(filter)) ?? 0;
  }

  async countBy(by: string, where?: AnyOf): Promise<Record<string, number>> {
    const stages = [{ $match: filterOf(where, this.#columns) }, { $group: { _id: `$${field(by, this.#columns)}`, n: { $sum: 1 } } }];
    const rows = (await (await this.live())?.aggregate<{ _id: unknown; n: number }>(stages).toArray()) ?? [];
    return Object.fromEntries(rows.map(({ _id, n }) => [String(_id), n]));
  }

  async sums(by: readonly string[], where?: AnyOf): Promise<Record<string, number>> {
    const sums = Object.fromEntries(by.map((name) => [name, { $sum: `$${field(name, this.#columns)}` }]));
    const stages = [{ $match: filterOf(where, this.#columns) }, { $group: { _id: null, ...sums } }];
    const [row] = (await (await this.live())?.aggregate<Record<string, number>>(stages).toArray()) ?? [];
    return Object.fromEntries(by.map((name) => [name, row?.[name] ?? 0]));
  }

  async #decode(stored: readonly StoredDocument[]): Promise<D[]> {
    this.onRead(this.spec.name, stored.length);
    const bodies = stored.map(({ d }) => binaryBody(d!));
    return (await decodeAll(this.spec, bodies, this.sealer)) as D[];
  }
}
