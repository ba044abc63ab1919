import type { PublicEvent } from '@ateneo/messaging';
import type { AsideEvent, Commit } from './document-store.js';
import { NotYetKnown, type ProjectedEvent } from './projection.js';

/** An event on its way into a fold. */
export type Incoming = {
  readonly event: ProjectedEvent;
  /** Kept with the event when it is set aside; null for an own event, which stays in its store. */
  readonly original: PublicEvent | null;
  /** It could not even be opened. */
  readonly failure?: Error;
};

/** What one build has set aside, by partition key, and what of it changed since the last commit. */
export class SetAside {
  readonly #byKey = new Map<string, AsideEvent[]>();
  readonly #added = new Map<number, AsideEvent>();
  readonly #released = new Set<number>();
  readonly #skipped: { sequence: number; reason: string; at: string }[] = [];
  readonly #grown = new Set<string>();
  /** Keys of which something waits in what queries see. */
  #shown: ReadonlySet<string>;
  #next = 1;

  constructor(rows: readonly AsideEvent[]) {
    for (const row of rows) {
      this.#list(row.key).push(row);
      this.#next = Math.max(this.#next, row.sequence + 1);
    }
    for (const key of this.#byKey.keys()) this.#grown.add(key);
    this.#shown = new Set(this.#byKey.keys());
  }

  /** Keys whose committed documents lack something. */
  get incomplete(): ReadonlySet<string> {
    return this.#shown;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  of(key: string): readonly AsideEvent[] {
    return this.#byKey.get(key) ?? [];
  }

  get size(): number {
    let size = 0;
    for (const rows of this.#byKey.values()) size += rows.length;
    return size;
  }

  /** `error`: why it cannot be applied; undefined: one of its key waits already. */
  add(key: string, { event, original }: Incoming, error?: unknown): void {
    const row: AsideEvent = {
      sequence: this.#next++,
      key,
      origin: event.origin,
      position: event.position,
      stream: event.stream,
      ...reasonOf(error),
      event: original && JSON.stringify(original),
    };
    this.#list(key).push(row);
    this.#added.set(row.sequence, row);
    this.#grown.add(key);
  }

  release({ key, sequence }: AsideEvent): void {
    const rest = this.of(key).filter((row) => row.sequence !== sequence);
    if (rest.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, rest);
    this.#added.delete(sequence);
    this.#released.add(sequence);
  }

  /** It was tried again in vain. */
  refuse(row: AsideEvent, error: unknown): void {
    const again = { ...row, ...reasonOf(error) };
    this.#byKey.set(
      row.key,
      this.of(row.key).map((other) => (other.sequence === row.sequence ? again : other)),
    );
    this.#added.set(row.sequence, again);
  }

  skip(row: AsideEvent, reason: string, at: string): void {
    this.release(row);
    this.#released.delete(row.sequence);
    this.#skipped.push({ sequence: row.sequence, reason, at });
  }

  /** Keys that the missing fact may have come for: those that grew, and those that wait for one of these origins. Poison waits for an operator. */
  ready(origins: ReadonlySet<string>): string[] {
    const keys = [...this.#byKey].filter(([key, rows]) => {
      if (rows.some(({ why }) => why === 'poison')) return false;
      return (
        this.#grown.has(key) ||
        rows.some(({ why, awaits }) => why === 'not-known-yet' && (awaits === undefined ? origins.size > 0 : origins.has(awaits)))
      );
    });
    this.#grown.clear();
    return keys.map(([key]) => key);
  }

  get changed(): boolean {
    return this.#added.size > 0 || this.#released.size > 0 || this.#skipped.length > 0;
  }

  changes(): Pick<Commit, 'aside' | 'released' | 'skipped'> {
    return { aside: [...this.#added.values()], released: [...this.#released], skipped: [...this.#skipped] };
  }

  committed(): void {
    if (this.changed) this.#shown = new Set(this.#byKey.keys());
    this.#added.clear();
    this.#released.clear();
    this.#skipped.length = 0;
  }

  #list(key: string): AsideEvent[] {
    let rows = this.#byKey.get(key);
    if (!rows) this.#byKey.set(key, (rows = []));
    return rows;
  }
}

/** Of what waits under a key, the event that holds the others back. */
export const holderOf = (rows: readonly AsideEvent[]): AsideEvent | undefined => rows.find(({ why }) => why === 'poison') ?? rows[0];

function reasonOf(error: unknown): Pick<AsideEvent, 'why' | 'reason' | 'awaits'> {
  if (error === undefined) return { why: 'behind-another', reason: 'an event of the same key waits' };
  if (error instanceof NotYetKnown) return { why: 'not-known-yet', reason: error.message, awaits: error.origin };
  return { why: 'poison', reason: error instanceof Error ? error.message : String(error) };
}
