/** Fields of a record that are let through; the table of an import has 22. */
export const MOST_FIELDS = 64;

/** Cuts what a record holds beyond its first MOST_FIELDS + 1 fields, before anything is made of it: a record of commas alone costs a scan. Text may come in pieces. */
export class FieldClip {
  #fields = 1;
  #isQuoted = false;
  /** Before this sign a quote opens a field, or is the second of two. */
  #mayQuote = true;

  constructor(private readonly delimiter: string) {}

  clip(text: string): string {
    let kept = '';
    let from = this.#isOver ? text.length : 0;
    for (let i = 0; i < text.length; i++) {
      const wasOver = this.#isOver;
      this.#take(text[i] as string);
      if (wasOver && !this.#isOver) from = i;
      else if (!wasOver && this.#isOver) [kept, from] = [kept + text.slice(from, i), text.length];
    }
    return kept + text.slice(from);
  }

  get #isOver(): boolean {
    return this.#fields > MOST_FIELDS + 1;
  }

  #take(sign: string): void {
    if (sign === '"') {
      this.#isQuoted = !this.#isQuoted && this.#mayQuote;
      this.#mayQuote = true;
    } else if (!this.#isQuoted) {
      const isEnd = sign === '\n' || sign === '\r';
      if (isEnd) this.#fields = 1;
      else if (sign === this.delimiter) this.#fields++;
      this.#mayQuote = isEnd || sign === this.delimiter;
    }
  }
}
