import type { DayNumber } from '../counting/calendar.rules.js';
import type { Facts } from '../counting/facts.rules.js';
import { shapeFromKey, type Shape } from '../counting/shape.rules.js';
import { Cells, type Limits } from './cells.rules.js';
import { decodeChunk } from './fact-chunk.rules.js';

/** Folds the stored chunks of one enrolment, in the order of their first facts, without taking them into memory: what-if over any number of trainees. */
export class ChunkFold {
  readonly #shapes: Shape[] = [];
  readonly #cells: Cells;

  constructor(
    stretches: readonly DayNumber[],
    private readonly limits: Limits = {},
  ) {
    this.#cells = new Cells(this.#shapes, stretches);
  }

  take(chunk: Uint8Array): number {
    const { header, columns } = decodeChunk(chunk);
    for (const key of header.shapes) this.#shapes.push(shapeFromKey(key));
    this.#cells.fold(columns, 0, header.count, this.limits);
    return header.count;
  }

  facts(): Facts {
    return this.#cells.facts();
  }
}
