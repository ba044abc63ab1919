import type { DayNumber } from '../counting/calendar.rules.js';
import { stretchAt, type CountedState, type Facts, type PeriodFact, type Tally } from '../counting/facts.rules.js';
import type { Shape } from '../counting/shape.rules.js';
import type { Columns } from './fact-columns.rules.js';

/** Up to which day acts are taken, and up to which day they had to be recorded; none: all. */
export type Limits = { readonly performedBy?: DayNumber; readonly knownBy?: DayNumber };
const never = 0x7fffffff;

/** The sum of an enrolment's facts: quantity and credits by shape, state and stretch, and the periods as they stand. */
export class Cells {
  #quantities: Int32Array;
  readonly #credits = new Map<number, number>();
  readonly #periods = new Map<number, PeriodFact>();
  readonly #width: number;

  constructor(
    private readonly shapes: readonly Shape[],
    private readonly stretches: readonly DayNumber[],
  ) {
    this.#width = stretches.length + 1;
    this.#quantities = new Int32Array(Math.max(shapes.length, 16) * 4 * this.#width);
  }

  /** Adds the facts from `first` to before `end` that the limits let through. */
  fold(columns: Columns, first: number, end: number, { performedBy = never, knownBy = never }: Limits = {}): void {
    const { from, known, shapeState, quantity, credits } = columns;
    const width = this.#width;
    this.#makeRoom();
    const quantities = this.#quantities;
    for (let at = first; at < end; at += 1) {
      const day = from[at] as number;
      if (day > performedBy || (known[at] as number) > knownBy) continue;
      const cell = (shapeState[at] as number) * width + (width === 1 ? 0 : stretchAt(this.stretches, day));
      quantities[cell] = (quantities[cell] as number) + (quantity[at] as number);
      if (credits[at] !== 0) this.#credits.set(cell, (this.#credits.get(cell) ?? 0) + (credits[at] as number));
      if ((this.shapes[(shapeState[at] as number) >> 2] as Shape).period) this.#foldPeriod(columns, at);
    }
  }

  facts(): Facts {
    return { tallies: this.#tallies(), periods: [...this.#periods.values()] };
  }

  #foldPeriod(columns: Columns, at: number): void {
    const entry = columns.entry[at] as number;
    const shapeState = columns.shapeState[at] as number;
    if ((columns.quantity[at] as number) < 0) this.#periods.delete(entry);
    else
      this.#periods.set(entry, {
        shape: this.shapes[shapeState >> 2] as Shape,
        state: (shapeState & 3) as CountedState,
        from: columns.from[at] as number,
        to: columns.to[at] as number,
      });
  }

  #makeRoom(): void {
    const needed = this.shapes.length * 4 * this.#width;
    if (needed <= this.#quantities.length) return;
    const larger = new Int32Array(needed * 2);
    larger.set(this.#quantities);
    this.#quantities = larger;
  }

  #tallies(): Tally[] {
    const quantities = this.#quantities;
    const width = this.#width;
    const credits = this.#credits;
    const tallies: Tally[] = [];
    for (let local = 0; local < this.shapes.length; local += 1) {
      const shape = this.shapes[local] as Shape;
      if (shape.period) continue;
      for (let stretch = 0; stretch < width; stretch += 1) {
        const [draft, submitted, validated] = [
          local * 4 * width + stretch,
          (local * 4 + 1) * width + stretch,
          (local * 4 + 2) * width + stretch,
        ];
        const quantity = [quantities[draft] as number, quantities[submitted] as number, quantities[validated] as number] as const;
        if (quantity[0] === 0 && quantity[1] === 0 && quantity[2] === 0) continue;
        tallies.push({
          shape,
          stretch,
          quantity,
          credits: credits.size === 0 ? none : [credits.get(draft) ?? 0, credits.get(submitted) ?? 0, credits.get(validated) ?? 0],
        });
      }
    }
    return tallies;
  }
}
const none = [0, 0, 0] as const;
