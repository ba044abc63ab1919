const add = (counts: Map<string, number>, origin: string, count: number): void =>
  void counts.set(origin, (counts.get(origin) ?? 0) + count);

/** Events of the pages of one run, counted by origin, since positions do not count them. */
export class Passed {
  /** Of pages that are not folded yet, and of those folded since the last commit. */
  readonly #coming = new Map<string, number>();
  readonly #folded = new Map<string, number>();
  /** Folded since a checkpoint of theirs was last stored. */
  readonly #unwritten = new Map<string, number>();
  /** Their pages were discarded and are still to come again. */
  readonly #again = new Set<string>();

  handed(origin: string, count: number): void {
    this.arrived(origin);
    add(this.#coming, origin, count);
  }

  folded(origin: string, count: number): void {
    add(this.#coming, origin, -count);
    add(this.#folded, origin, count);
    add(this.#unwritten, origin, count);
  }

  committed(): void {
    for (const origin of [...this.#folded.keys()]) if (!this.#again.has(origin)) this.#folded.delete(origin);
  }

  written(): void {
    this.#unwritten.clear();
  }

  /** What was handed and not committed still waits: it comes again. */
  discarded(): void {
    for (const origin of [...this.#coming.keys(), ...this.#folded.keys()]) this.#again.add(origin);
    this.#unwritten.clear();
  }

  /** A page came again, or there is none. */
  arrived(origin: string): void {
    if (!this.#again.delete(origin)) return;
    this.#coming.delete(origin);
    this.#folded.delete(origin);
  }

  /** Handed and not committed. */
  uncommitted(origin: string): number {
    return (this.#coming.get(origin) ?? 0) + (this.#folded.get(origin) ?? 0);
  }

  unwritten(origin: string): number {
    return this.#unwritten.get(origin) ?? 0;
  }
}
