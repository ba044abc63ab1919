import type { Build, DocumentWrite } from './document-store.js';
import type { Documents, ProjectedEvent } from './projection.js';

type Entry = { readonly id: string; document: unknown; positions: Record<string, number>; dirty: boolean; by: ProjectedEvent | undefined };
type Undo = { readonly entry: Entry; readonly document: unknown; readonly positions: Record<string, number>; readonly dirty: boolean };

/** Documents kept between batches, so that what is touched often is not read again. */
const MOST_KEPT = 20_000;

/** The documents of one build while it folds: loaded in one go, changed in memory, written together. A document ignores events that are not newer than its position at their origin. */
export class Fold implements Documents {
  readonly #collections = new Map<string, Map<string, Entry>>();
  readonly #dirty = new Map<Entry, string>();
  #kept = 0;
  #event: ProjectedEvent | undefined;
  #guarded = true;
  #undo: Undo[] = [];

  constructor(private readonly build: Build) {}

  /** Reads what is not at hand yet. */
  async load(keys: Iterable<readonly [string, string]>): Promise<void> {
    const missing = new Map<string, Set<string>>();
    for (const [collection, id] of keys) {
      if (this.#entries(collection).has(id)) continue;
      if (!missing.has(collection)) missing.set(collection, new Set());
      missing.get(collection)!.add(id);
    }
    for (const [collection, ids] of missing) {
      const found = await this.build.load(collection, [...ids]);
      for (const id of ids) {
        const { document, positions } = found.get(id) ?? { document: undefined, positions: {} };
        this.#keep(collection, { id, document, positions: { ...positions }, dirty: false, by: undefined });
      }
    }
  }

  /** Runs one event's changes: all of them or, when it throws, none. Outside the guard for events that were set aside. */
  apply(event: ProjectedEvent, guarded: boolean, change: () => void): void {
    this.#event = event;
    this.#guarded = guarded;
    this.#undo = [];
    try {
      change();
    } catch (error) {
      for (const { entry, ...before } of this.#undo.reverse()) this.#restore(entry, before);
      throw error;
    } finally {
      this.#event = undefined;
    }
  }

  get<D>(collection: string, id: string): D | undefined {
    const entry = this.#entries(collection).get(id);
    if (!entry) throw new RangeError(`document ${id} of ${collection} was not named by keys()`);
    return entry.document as D | undefined;
  }

  put(collection: string, id: string, document: unknown): void {
    this.#change(collection, id, document);
  }

  delete(collection: string, id: string): void {
    this.#change(collection, id, undefined);
  }

  /** What changed since the last commit. */
  writes(): DocumentWrite[] {
    return [...this.#dirty].map(([{ id, document, positions }, collection]) => ({ collection, id, document, positions }));
  }

  /** How many documents `writes` would answer. */
  get changed(): number {
    return this.#dirty.size;
  }

  /** What `writes` answered is durable. */
  committed(): void {
    for (const entry of this.#dirty.keys()) entry.dirty = false;
    this.#dirty.clear();
    if (this.#kept > MOST_KEPT) this.drop();
  }

  /** Forgets everything; only what was committed stays. */
  drop(): void {
    this.#collections.clear();
    this.#dirty.clear();
    this.#kept = 0;
  }

  #change(collection: string, id: string, document: unknown): void {
    const event = this.#event;
    let entry = this.#entries(collection).get(id);
    if (!entry) {
      if (event) throw new RangeError(`document ${id} of ${collection} was not named by keys()`);
      entry = this.#keep(collection, { id, document: undefined, positions: {}, dirty: false, by: undefined });
    }
    const origin = event && `${event.origin}/${event.partition}`;
    const seen = origin === undefined ? 0 : (entry.positions[origin] ?? 0);
    if (event && this.#guarded && entry.by !== event && seen >= event.position) return;
    if (event) this.#undo.push({ entry, document: entry.document, positions: entry.positions, dirty: entry.dirty });
    entry.document = document;
    entry.by = event;
    if (event && origin !== undefined && seen < event.position) entry.positions = { ...entry.positions, [origin]: event.position };
    entry.dirty = true;
    this.#dirty.set(entry, collection);
  }

  #restore(entry: Entry, { document, positions, dirty }: Omit<Undo, 'entry'>): void {
    Object.assign(entry, { document, positions, dirty, by: undefined });
    if (!dirty) this.#dirty.delete(entry);
  }

  #keep(collection: string, entry: Entry): Entry {
    this.#entries(collection).set(entry.id, entry);
    this.#kept++;
    return entry;
  }

  #entries(collection: string): Map<string, Entry> {
    let entries = this.#collections.get(collection);
    if (!entries) this.#collections.set(collection, (entries = new Map()));
    return entries;
  }
}
