/** Lines of those that want the same: one at a time has its turn, in the order in which they came. */
export class Turns {
  readonly #ends = new Map<string, Promise<void>>();

  /** Resolves when all before have ended theirs; answers how to end this one. */
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
