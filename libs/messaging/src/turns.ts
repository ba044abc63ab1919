/** A FIFO lock per key. */
export class Turns {
  readonly #ends = new Map<string, Promise<void>>();

  /** Resolves when it is the caller's turn, with the function that ends it. */
  async take(what: string): Promise<() => void> {
    const before = this.#ends.get(what) ?? Promise.resolve();
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    this.#ends.set(
      what,
      before.then(() => over),
    );
    await before;
    return end;
  }
}
