import { dayNumber } from '@ateneo/calendar';
import type { DayNumber } from '../counting/calendar.rules.js';
import { CREDIT_SCALE, DRAFT, type CountedState } from '../counting/facts.rules.js';
import type { EntryFact } from '../counting/remarks.rules.js';
import { shapeFromKey, type Shape } from '../counting/shape.rules.js';
import { Cells, type Limits } from './cells.rules.js';
import { decodeChunk, encodeChunk } from './fact-chunk.rules.js';
import { FactColumns } from './fact-columns.rules.js';

/** What an entry claims, in numbers. */
export type Claim = {
  readonly shape: Shape;
  readonly quantity: number;
  readonly credits: number;
  readonly from: string;
  readonly to: string;
};
/** A stored stretch of facts: `first` fact, first entry and first shape that are new in it. */
type Segment = { readonly first: number; readonly firstEntry: number; readonly firstShape: number };
export type ChunkWrites = { readonly put: [first: number, bytes: Uint8Array][]; readonly deleted: number[] };

const sealedAt = 4096;
const gone = -1;

/** The facts of one enrolment: every change of an entry takes back the old fact and adds the new one, so that any past day can be folded again. */
export class EntryFacts {
  readonly columns = new FactColumns();
  readonly shapes: Shape[] = [];
  readonly entryIds: string[] = [];
  /** entries by state: draft, submitted, validated */
  readonly counts: [number, number, number] = [0, 0, 0];
  /** entries registered, by Rome day */
  readonly registrations = new Map<DayNumber, number>();
  readonly #entryNumbers = new Map<string, number>();
  readonly #localShapes = new Map<Shape, number>();
  /** by entry: its standing fact, or gone; and the shape that its author claimed */
  readonly #standing: number[] = [];
  readonly #claimed: number[] = [];
  /** by entry: position of its newest event since this ledger was opened; what came before, the checkpoint keeps out */
  readonly #positions: number[] = [];
  #segments: Segment[] = [];
  /** the latest first day of any fact, taken back or not */
  latestDay = Number.NEGATIVE_INFINITY;
  #stored = 0;
  #storedEntries = 0;
  #storedShapes = 0;
  #registered = 0;

  constructor(readonly enrolmentId: string) {}

  /** Whether an event of this entry comes for the first time; the events of an entry come in their order, those of different entries in any. */
  isNew(entryId: string, position: number): boolean {
    const entry = this.#entryNumbers.get(entryId);
    return entry === undefined || position > (this.#positions[entry] as number);
  }

  /** An event of this entry was taken in. */
  saw(entryId: string, position: number): void {
    this.#positions[this.#numberOf(entryId)] = position;
  }

  /** A new draft; an id that is here already is the same entry delivered again (counting.md 19). */
  record(entryId: string, claim: Claim, known: DayNumber): void {
    if (this.#entryNumbers.has(entryId)) return;
    const entry = this.#addEntry(entryId);
    this.#stand(entry, claim, known);
  }

  amend(entryId: string, claim: Claim, known: DayNumber): void {
    const entry = this.#numberOf(entryId);
    this.#takeBack(entry, known);
    this.#stand(entry, claim, known);
  }

  /** Into another state; with the certified shape, or else the claimed one. */
  move(entryId: string, state: CountedState, known: DayNumber, certified?: (claimed: Shape) => Shape): void {
    const entry = this.#numberOf(entryId);
    const at = this.#standing[entry] as number;
    if (at === gone) return;
    const { columns } = this;
    const claimed = this.#claimed[entry] as number;
    const shape = certified ? this.#localShape(certified(this.shapes[claimed] as Shape)) : claimed;
    const values = [
      Math.abs(columns.quantity[at] as number),
      Math.abs(columns.credits[at] as number),
      columns.from[at] as number,
      columns.to[at] as number,
    ] as const;
    this.#takeBack(entry, known);
    this.#add(entry, shape * 4 + state, ...values, known);
  }

  /** Rejected or discarded: it counts nowhere any more. */
  remove(entryId: string, known: DayNumber): void {
    this.#takeBack(this.#numberOf(entryId), known);
  }

  fold(stretches: readonly DayNumber[], limits: Limits): Cells {
    const cells = new Cells(this.shapes, stretches);
    cells.fold(this.columns, 0, this.columns.length, limits);
    return cells;
  }

  /** The latest day on which something was performed, of the entries that stand. */
  lastPerformed(): DayNumber | undefined {
    let latest: DayNumber | undefined;
    for (const at of this.#standing)
      if (at !== gone && (latest === undefined || (this.columns.from[at] as number) > latest)) latest = this.columns.from[at];
    return latest;
  }

  /** Entries as they stand, or stood at the limits. */
  *entries({ performedBy, knownBy }: Limits): Generator<EntryFact> {
    const standing = knownBy === undefined ? this.#standing : this.#standingBy(knownBy);
    const { columns } = this;
    for (const [entry, at] of standing.entries()) {
      if (at === gone || (performedBy !== undefined && (columns.from[at] as number) > performedBy)) continue;
      const shapeState = columns.shapeState[at] as number;
      yield {
        entryId: this.entryIds[entry] as string,
        shape: this.shapes[shapeState >> 2] as Shape,
        state: (shapeState & 3) as CountedState,
        quantity: columns.quantity[at] as number,
        from: columns.from[at] as number,
        to: columns.to[at] as number,
      };
    }
  }

  /**
   * What to store of the facts added since the last time: a small chunk, joined with the ones before it while they are not larger than twice its
   * size, so that an enrolment has few chunks and a fact is rewritten a logarithmic number of times; a chunk of 4,096 facts is sealed.
   */
  writes(): ChunkWrites {
    const end = this.columns.length;
    if (this.#stored === end) return { put: [], deleted: [] };
    const deleted: number[] = [];
    let segment: Segment = { first: this.#stored, firstEntry: this.#storedEntries, firstShape: this.#storedShapes };
    for (
      let last = this.#segments.at(-1);
      last && segment.first - last.first < sealedAt && segment.first - last.first <= 2 * (end - segment.first);
      last = this.#segments.at(-1)
    ) {
      if (segment.first !== this.#stored) deleted.push(segment.first);
      segment = this.#segments.pop() as Segment;
    }
    this.#segments.push(segment);
    this.#stored = end;
    this.#storedEntries = this.entryIds.length;
    this.#storedShapes = this.shapes.length;
    const header = { enrolmentId: this.enrolmentId, ...segment, shapes: this.shapes.slice(segment.firstShape).map((it) => it.key) };
    return { put: [[segment.first, encodeChunk(header, this.columns, end, this.entryIds.slice(segment.firstEntry))]], deleted };
  }
  /** First facts of the chunks as they were written last. */
  get chunks(): number[] {
    return this.#segments.map(({ first }) => first);
  }

  /** Takes in a stored chunk; chunks come in the order of their first facts. */
  load(bytes: Uint8Array): void {
    const { header, columns, entryIds } = decodeChunk(bytes);
    const { first, firstEntry, firstShape } = header;
    for (const key of header.shapes) this.#localShape(shapeFromKey(key));
    for (const id of entryIds()) this.#addEntry(id);
    this.columns.append(columns, header.count);
    for (let at = first; at < this.columns.length; at += 1) this.#note(at);
    this.#segments.push({ first, firstEntry, firstShape });
    this.#stored = this.columns.length;
    this.#storedEntries = this.entryIds.length;
    this.#storedShapes = this.shapes.length;
  }

  #numberOf(entryId: string): number {
    const entry = this.#entryNumbers.get(entryId);
    if (entry === undefined) throw new Error(`entry ${entryId} was never recorded`);
    return entry;
  }

  #addEntry(entryId: string): number {
    const entry = this.entryIds.length;
    this.entryIds.push(entryId);
    this.#entryNumbers.set(entryId, entry);
    this.#standing.push(gone);
    this.#claimed.push(0);
    this.#positions.push(0);
    return entry;
  }

  #localShape(shape: Shape): number {
    let local = this.#localShapes.get(shape);
    if (local === undefined) {
      this.#localShapes.set(shape, (local = this.shapes.length));
      this.shapes.push(shape);
    }
    return local;
  }

  #stand(entry: number, { shape, quantity, credits, from, to }: Claim, known: DayNumber): void {
    this.#add(
      entry,
      this.#localShape(shape) * 4 + DRAFT,
      quantity,
      Math.round(credits * CREDIT_SCALE),
      dayNumber(from),
      dayNumber(to),
      known,
    );
  }

  #add(entry: number, shapeState: number, quantity: number, credits: number, from: DayNumber, to: DayNumber, known: DayNumber): void {
    this.columns.push(entry, shapeState, quantity, credits, from, to, known);
    this.#note(this.columns.length - 1);
  }

  #takeBack(entry: number, known: DayNumber): void {
    const at = this.#standing[entry] as number;
    if (at === gone) return;
    const { columns } = this;
    this.#add(
      entry,
      columns.shapeState[at] as number,
      -(columns.quantity[at] as number),
      -(columns.credits[at] as number),
      columns.from[at] as number,
      columns.to[at] as number,
      known,
    );
  }

  /** Keeps what is derived from the facts up with one of them. */
  #note(at: number): void {
    const entry = this.columns.entry[at] as number;
    const shapeState = this.columns.shapeState[at] as number;
    const state = shapeState & 3;
    const added = (this.columns.quantity[at] as number) > 0;
    this.#standing[entry] = added ? at : gone;
    if (added && state !== 2) this.#claimed[entry] = shapeState >> 2;
    this.counts[state as CountedState] += added ? 1 : -1;
    this.latestDay = Math.max(this.latestDay, this.columns.from[at] as number);
    if (entry < this.#registered) return;
    this.#registered = entry + 1;
    const known = this.columns.known[at] as number;
    this.registrations.set(known, (this.registrations.get(known) ?? 0) + 1);
  }

  #standingBy(known: DayNumber): number[] {
    const standing = new Array<number>(this.entryIds.length).fill(gone);
    const { columns } = this;
    for (let at = 0; at < columns.length; at += 1) {
      if ((columns.known[at] as number) <= known) standing[columns.entry[at] as number] = (columns.quantity[at] as number) > 0 ? at : gone;
    }
    return standing;
  }
}
