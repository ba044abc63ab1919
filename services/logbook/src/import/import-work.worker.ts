import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Assignments, Directory } from '@ateneo/access';
import { type Handled, load, Refusal, unheard } from '@ateneo/event-sourcing';
import { type Component, Pace, ResumableWork, ServiceRuntime, type Turn } from '@ateneo/service-kit';
import { type Entry, entry, type EntryEvent } from '../entry/entry.decider.js';
import { TraineeReferences } from '../known/trainee-references.lookup.js';
import { type CsvRecord, ImportFileError } from './csv-file.client.js';
import { openCsvApart } from './csv-thread.client.js';
import { type Fate, fateLine, noFates } from './import-fates.rules.js';
import { ImportFiles } from './import-files.client.js';
import { type Fates, type Import, type ImportCommand, logbookImport, type Outcome } from './import.decider.js';
import { imports, importsProjection } from './imports.projection.js';
import { fateOf, type Judged, refusedBy, RowJudge } from './row-judge.lookup.js';

type Working = Extract<Import, { is: 'checking' | 'importing' }>;
type Handling = (rows: readonly (Judged | Fate)[], judge: RowJudge, pace: Pace) => Promise<Fate[]>;

/** Rows read, judged and stored at a time: what an import holds in memory. */
const BATCH = 250;
/** So many rows are judged or stored in one step; whether other work then gets its turn is told by the time. */
const STEP = 5;
const STORED_AT_ONCE = 25;

export type Progress = { readonly rows: number; readonly processed: number; readonly fates: Fates };

/**
 * Checks imports and carries them out, one at a time, in the background of one instance; what a stop interrupts goes on at the next start or in another instance,
 * each row landing once. The view tells where to look, the store what is to be done: a view that is being built anew tells it later.
 */
@Injectable()
export class ImportWork implements Component {
  readonly #work: ResumableWork<Progress>;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly files: ImportFiles,
    private readonly known: TraineeReferences,
    private readonly assignments: Assignments,
    private readonly directory: Directory,
  ) {
    this.#work = new ResumableWork<Progress>(runtime, {
      name: 'imports',
      part: 'import',
      projection: importsProjection,
      unfinished: async () => {
        const found = await runtime.collection(imports).find({ where: { is: { in: ['checking', 'importing'] } } });
        return found.map(({ importId }) => importId);
      },
      carryOut: (importId, turn) => this.#carryOut(importId, turn),
      fail: (importId, error) => this.#broken(importId, error),
      begun: () => this.#clearUp(),
    });
  }

  start(): Promise<void> {
    return this.#work.start();
  }

  stop(): Promise<void> {
    return this.#work.stop();
  }

  enqueue(importId: string): void {
    this.#work.enqueue(importId);
  }

  progressOf(importId: string): Progress | undefined {
    return this.#work.progressOf(importId);
  }

  #clearUp(): void {
    this.#work.between('old imports are cleared: ended', async () => {
      for (const { importId } of await this.files.since('ended', (since, day) => since >= day)) await this.files.dropCsv(importId);
    });
    this.sweep();
  }

  /** Deletes the files of checked imports that nobody confirmed. */
  sweep(): void {
    this.#work.between('old imports are cleared: checked', async () => {
      for (const { importId } of await this.files.since('checked', (since, day) => since < day))
        await this.#fail(importId, 'import-expired');
    });
  }

  async #carryOut(importId: string, turn: Turn): Promise<void> {
    const { state } = await load(logbookImport, importId, this.runtime);
    if (state.is === 'checking') await this.#report(importId, { type: 'ReportCheck', ...(await this.#through(state, turn, this.#check)) });
    if (state.is === 'importing') {
      await this.#report(importId, { type: 'FinishImport', ...(await this.#through(state, turn, this.#store(state, turn))) });
      await this.files.delete(state);
    }
  }

  async #broken(importId: string, error: unknown): Promise<void> {
    if (!(error instanceof ImportFileError)) this.#work.tell(importId, error);
    await this.#fail(importId, error instanceof ImportFileError ? error.message : 'import-interrupted');
  }

  /** Every row of the file through `handle`, a batch at a time; its fates into a file of their own. */
  async #through(state: Working, turn: Turn, handle: Handling): Promise<Outcome> {
    const file = await this.files.open(state.fileId);
    if (!file) throw new ImportFileError('file-missing');
    const known = 'rows' in state ? state.rows : 0;
    const total = { rows: 0, fates: noFates() };
    const told = async function* (this: ImportWork): AsyncGenerator<Buffer> {
      const csv = await openCsvApart(file.stream);
      const pace = new Pace();
      const judge = new RowJudge(
        { runtime: this.runtime, known: this.known, assignments: this.assignments, directory: this.directory },
        state,
        csv.header,
      );
      try {
        for await (const records of csv.batches(BATCH)) {
          turn.goOn();
          const fates = await handle(await this.#judged(judge, records, pace), judge, pace);
          total.rows += fates.length;
          for (const { fate } of fates) total.fates[fate] += 1;
          this.#work.report(state.importId, { rows: Math.max(known, total.rows), processed: total.rows, fates: { ...total.fates } });
          yield Buffer.from(fates.map(fateLine).join(''));
          await pace.step();
        }
      } finally {
        await csv.close();
      }
    };
    const { fileId: fatesFileId } = await this.files.put(Readable.from(told.call(this)), { name: 'fates', type: 'text/plain' });
    return { ...total, fatesFileId };
  }

  async #judged(judge: RowJudge, records: readonly CsvRecord[], pace: Pace): Promise<(Judged | Fate)[]> {
    const rows: (Judged | Fate)[] = [];
    for (let i = 0; i < records.length; i += STEP) {
      rows.push(...(await judge.judge(records.slice(i, i + STEP))));
      await pace.step();
    }
    return rows;
  }

  readonly #check: Handling = async (rows, judge, pace) => {
    const fates: Fate[] = [];
    for (const row of rows) {
      fates.push('fate' in row ? row : await judge.dryRun(row));
      await pace.step();
    }
    return fates;
  };

  #store({ importId, by }: Extract<Import, { is: 'importing' }>, turn: Turn): Handling {
    return async (rows, _judge, pace) => {
      const judged = rows.filter((row): row is Judged => !('fate' in row));
      const storing: Promise<Handled<Entry, EntryEvent>[]>[] = [];
      for (let i = 0; i < judged.length; i += STORED_AT_ONCE) {
        const items = judged
          .slice(i, i + STORED_AT_ONCE)
          .map(({ command, commandId, context }) => ({ id: command.entryId, command, commandId, context }));
        const stored = turn.unlessBusy(() => this.runtime.commands.handleMany(entry, items, { actor: by, correlationId: importId }));
        stored.catch(unheard('looked at below, after the other turns'));
        storing.push(stored);
        await pace.step();
      }
      const handled = (await Promise.all(storing)).flat();
      const fates = new Map(judged.map((row, i) => [row.line, landed(row, handled[i] as Handled<Entry, EntryEvent>)]));
      return rows.map((row) => ('fate' in row ? row : (fates.get(row.line) as Fate)));
    };
  }

  async #report(importId: string, command: ImportCommand): Promise<void> {
    const done = await this.runtime.runAs('import', logbookImport, importId, command, { correlationId: importId });
    if (done instanceof Refusal) throw new Error(`an import could not be carried on: ${done.code}`);
  }

  async #fail(importId: string, problem: string): Promise<void> {
    const { state } = await load(logbookImport, importId, this.runtime);
    await this.#report(importId, { type: 'FailImport', problem });
    if (state.is !== 'absent') await this.files.delete(state);
  }
}

const landed = (row: Judged, handled: Handled<Entry, EntryEvent>): Fate => {
  if (handled.ok) return fateOf(row, handled.events);
  return handled.refusal.code === 'idempotency-key-reused' ? fateOf(row, []) : refusedBy(row, handled.refusal);
};
