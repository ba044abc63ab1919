/** Columns of facts, one row per fact: which entry, local shape × 4 + state, quantity (negative takes back), credits in thousandths (signed alike), first and last day, Rome day it was recorded. */
export const COLUMNS = ['entry', 'shapeState', 'quantity', 'credits', 'from', 'to', 'known'] as const;
export type ColumnName = (typeof COLUMNS)[number];
export type Columns = { readonly [C in ColumnName]: Int32Array };
export type Fact = { readonly [C in ColumnName]: number };

const firstCapacity = 64;
/** Facts are only appended; the arrays are replaced by larger ones when full. */
export class FactColumns {
  entry = new Int32Array(firstCapacity);
  shapeState = new Int32Array(firstCapacity);
  quantity = new Int32Array(firstCapacity);
  credits = new Int32Array(firstCapacity);
  from = new Int32Array(firstCapacity);
  to = new Int32Array(firstCapacity);
  known = new Int32Array(firstCapacity);
  length = 0;

  push(entry: number, shapeState: number, quantity: number, credits: number, from: number, to: number, known: number): void {
    if (this.length === this.entry.length) this.#grow(this.length * 2);
    const at = this.length++;
    this.entry[at] = entry;
    this.shapeState[at] = shapeState;
    this.quantity[at] = quantity;
    this.credits[at] = credits;
    this.from[at] = from;
    this.to[at] = to;
    this.known[at] = known;
  }

  append(columns: Columns, count: number): void {
    if (this.length + count > this.entry.length) this.#grow(Math.max(this.length + count, this.entry.length * 2));
    for (const name of COLUMNS) this[name].set(columns[name].subarray(0, count), this.length);
    this.length += count;
  }

  #grow(capacity: number): void {
    for (const name of COLUMNS) {
      const larger = new Int32Array(capacity);
      larger.set(this[name].subarray(0, this.length));
      this[name] = larger;
    }
  }
}
