import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What the platform has promised: the events that stand because of it, in the stream of each entry. */
export type Acknowledged = {
  readonly key: string;
  readonly entryId: string;
  readonly events: readonly string[];
  readonly traineeId: string;
  readonly token?: string;
};

/** The client's acknowledgements in a file of its own, each on the disk before the next command. */
export class Journal {
  readonly #handle: number;
  #count = 0;

  constructor(readonly file: string) {
    this.#handle = openSync(file, 'a');
  }

  get count(): number {
    return this.#count;
  }

  write(...acknowledged: readonly Acknowledged[]): void {
    writeSync(this.#handle, acknowledged.map((one) => `${JSON.stringify(one)}\n`).join(''));
    fdatasyncSync(this.#handle);
    this.#count += acknowledged.length;
  }

  /** Everything that was written, read back. */
  close(): Acknowledged[] {
    closeSync(this.#handle);
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Acknowledged);
  }
}
