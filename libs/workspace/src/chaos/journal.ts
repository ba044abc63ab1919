import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What the platform has promised of one entry: the events that stand because of it, in its stream. */
export type EntryPromise = {
  readonly is: 'entry';
  readonly key: string;
  readonly entryId: string;
  readonly events: readonly string[];
  readonly traineeId: string;
  readonly token?: string;
};
/** A confirmed import: what its file says must come of it, told by whoever wrote the file. */
export type ImportPromise = {
  readonly is: 'import';
  readonly importId: string;
  readonly rows: readonly Pick<EntryPromise, 'entryId' | 'events'>[];
  readonly refused: number;
  readonly alreadyThere: number;
};
export type ImportEnd = { readonly is: 'import-ended'; readonly importId: string; readonly how: string };
export type RunPromise = { readonly is: 'run'; readonly runId: string; readonly traineeIds: readonly string[] };
/** `files`: hashes of the PDFs that were downloaded, by report. */
export type RunEnd = {
  readonly is: 'run-ended';
  readonly runId: string;
  readonly failed: readonly { readonly traineeId: string; readonly reason: string | null }[];
  readonly files: Readonly<Record<string, string>>;
};
/** A backup began here: what stands above it must be in it. */
export type BackupBegun = { readonly is: 'backup'; readonly folder: string };
export type BackupEnd = { readonly is: 'backup-ended'; readonly folder: string };
export type Rebuilt = { readonly is: 'rebuilt'; readonly what: string; /** by a kill */ readonly cut: boolean };
export type Acknowledged = EntryPromise | ImportPromise | ImportEnd | RunPromise | RunEnd | BackupBegun | BackupEnd | Rebuilt;

/** Those of one kind, in the order in which they were written. */
export const only = <K extends Acknowledged['is']>(acknowledged: readonly Acknowledged[], kind: K) =>
  acknowledged.filter((one): one is Extract<Acknowledged, { is: K }> => one.is === kind);

export type Tallies = {
  /** Commands of trainees and tutors. */
  readonly acknowledged: number;
  /** Imports, report runs and backups that were seen to their end. */
  readonly imports: number;
  readonly reportRuns: number;
  readonly backups: number;
  /** In all, and those of them that a kill cut off. */
  readonly rebuilds: number;
  readonly rebuildsCut: number;
};

export function talliesOf(acknowledged: readonly Acknowledged[]): Tallies {
  const rebuilt = only(acknowledged, 'rebuilt');
  return {
    acknowledged: only(acknowledged, 'entry').length,
    imports: only(acknowledged, 'import-ended').length,
    reportRuns: only(acknowledged, 'run-ended').length,
    backups: only(acknowledged, 'backup-ended').length,
    rebuilds: rebuilt.length,
    rebuildsCut: rebuilt.filter(({ cut }) => cut).length,
  };
}

/** The client's acknowledgements in a file of its own, each on the disk before the next command. */
export class Journal {
  readonly #handle: number;
  #count = 0;

  constructor(readonly file: string) {
    this.#handle = openSync(file, 'a');
  }

  /** Acknowledged commands of trainees and tutors. */
  get count(): number {
    return this.#count;
  }

  write(...acknowledged: readonly Acknowledged[]): void {
    writeSync(this.#handle, acknowledged.map((one) => `${JSON.stringify(one)}\n`).join(''));
    fdatasyncSync(this.#handle);
    this.#count += only(acknowledged, 'entry').length;
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
