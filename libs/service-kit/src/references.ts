import type { ServiceRuntime } from './service-runtime.js';

export type ReferencesOptions = {
  /** Milliseconds on a clock that never steps back. */
  readonly now?: () => number;
  /** Values kept of one kind; default 10,000. */
  readonly most?: number;
};

type Entry<V> = { readonly value: Promise<V>; readonly at: number };

const OLDEST_MS = 5_000;
const MOST = 10_000;

/**
 * What a service knows of others for its decisions: read from one of its projections and kept in memory until that changes anywhere, the connection was lost,
 * or 5 s are over, since the message that says so may be lost too.
 */
export class References {
  readonly #kinds = new Set<Map<string, Entry<unknown>>>();
  readonly #now: () => number;
  readonly #most: number;

  constructor(runtime: Pick<ServiceRuntime, 'onChange' | 'onStop'>, projection: string, options: ReferencesOptions = {}) {
    this.#now = options.now ?? (() => performance.now());
    this.#most = options.most ?? MOST;
    const stop = runtime.onChange((changes) => {
      if (changes.length === 0 || changes.some((change) => change.projection === projection)) this.clear();
    });
    runtime.onStop(stop);
  }

  /** Reads by key through memory. Nothing is kept of a key that is not known yet, of a failure, and of what was being read when the projection changed. */
  kept<V>(read: (key: string) => Promise<V>): (key: string) => Promise<V> {
    const entries = new Map<string, Entry<V>>();
    this.#kinds.add(entries);
    return (key) => {
      const found = entries.get(key);
      return found && this.#now() - found.at < OLDEST_MS ? found.value : this.#read(entries, key, read);
    };
  }

  clear(): void {
    for (const entries of this.#kinds) entries.clear();
  }

  /** Kept from the beginning of the reading on: a change meanwhile drops it, and whoever asks later reads anew. */
  #read<V>(entries: Map<string, Entry<V>>, key: string, read: (key: string) => Promise<V>): Promise<V> {
    const entry = { value: read(key), at: this.#now() };
    entries.delete(key);
    for (const [oldest] of entries) {
      if (entries.size < this.#most) break;
      entries.delete(oldest);
    }
    entries.set(key, entry);
    const drop = () => void (entries.get(key) === entry && entries.delete(key));
    entry.value.then((value) => value === undefined && drop(), drop);
    return entry.value;
  }
}
