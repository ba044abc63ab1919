import type { mongo } from 'mongoose';
import { type Line, linesOf } from './layout.js';

/** So long after a switch elsewhere queries may still read the build before. */
export const SEEN_WITHIN_MS = 1_000;

/** Which build of each projection is live, read again when it is a second old. */
export class LiveBuilds {
  #read: { readonly lines: Promise<ReadonlyMap<string, Line>>; readonly at: number } | undefined;

  constructor(private readonly db: mongo.Db) {}

  /** Suffix of the collections of the live build; undefined before the first. */
  async suffix(projection: string): Promise<string | undefined> {
    const line = (await this.#lines()).get(projection);
    return line?.builds.find(({ suffix }) => suffix === line.live)?.suffix;
  }

  forget(): void {
    this.#read = undefined;
  }

  #lines(): Promise<ReadonlyMap<string, Line>> {
    const now = performance.now();
    if (this.#read && now - this.#read.at < SEEN_WITHIN_MS) return this.#read.lines;
    const lines = this.#all();
    const read = { lines, at: now };
    this.#read = read;
    lines.catch(() => read === this.#read && this.forget());
    return lines;
  }

  async #all(): Promise<ReadonlyMap<string, Line>> {
    const lines = await linesOf(this.db)
      .find({}, { projection: { live: 1, builds: 1 } })
      .toArray();
    return new Map(lines.map((line) => [line._id, line]));
  }
}
