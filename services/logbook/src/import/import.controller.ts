import { Controller } from '@nestjs/common';
import { Files } from '@ateneo/files';
import { logbook, type Output } from '@ateneo/contracts';
import { ERASED, Refusal, reject } from '@ateneo/event-sourcing';
import type { Collection } from '@ateneo/read-models';
import { actorIdOf, type Done, Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { entries, type EntryDocument } from '../entry-list/entry-list.projection.js';
import { TraineeReferences } from '../known/trainee-references.lookup.js';
import { type Fate, fatesPage, noFates } from './import-fates.rules.js';
import { ImportWork } from './import-work.worker.js';
import { type Import, type ImportEvent, logbookImport } from './import.decider.js';

/** A year of a school's entries is near 15 MB. */
const MOST_BYTES = logbook.IMPORT_LIMITS.bytes;

/** Imports of other systems' logbooks: check, carry out, look at every row's fate. */
@Controller()
export class ImportController {
  readonly #entries: Collection<EntryDocument>;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly known: TraineeReferences,
    private readonly files: Files,
    private readonly work: ImportWork,
  ) {
    this.#entries = runtime.collection(entries);
  }

  @Handles(logbook.startImport)
  async start(request: Request<typeof logbook.startImport>) {
    const { importId, schoolId, fileId } = request.input;
    if (!(await this.known.school(schoolId))) return reject('school-not-known-yet');
    const file = await this.files.open(fileId);
    file?.stream.destroy();
    if (!file) return reject('file-missing');
    if (file.size > MOST_BYTES) return reject('file-too-large', { maxBytes: MOST_BYTES });
    let done = await this.#begin(request, fileId);
    if (done instanceof Refusal && done.code === 'idempotency-key-reused') {
      const first = await this.#firstFile(request, file.size);
      if (first !== undefined) done = await this.#begin(request, first);
    }
    if (done instanceof Refusal) return done;
    if (done.state.is !== 'absent' && done.state.fileId !== fileId) await this.files.delete(fileId);
    this.work.enqueue(importId);
    this.work.sweep();
    return { token: done.token, import: this.#view(done.state) };
  }

  #begin(request: Request<typeof logbook.startImport>, fileId: string): Promise<Done<Import, ImportEvent> | Refusal> {
    const { importId, schoolId, fileName } = request.input;
    const startedBy = actorIdOf(request);
    return this.runtime.run(request, logbookImport, importId, { type: 'StartImport', importId, schoolId, fileId, fileName, startedBy });
  }

  /** An upload that is sent again brings its file again, under another id: the one that it brought first; undefined where that, as its size tells, was another. */
  async #firstFile({ input, commandId, streams }: Request<typeof logbook.startImport>, size: number): Promise<string | undefined> {
    const { state, stored } = await streams.load(logbookImport, input.importId);
    if (state.is === 'absent' || stored[0]?.metadata.commandId !== commandId) return undefined;
    const first = await this.files.open(state.fileId);
    first?.stream.destroy();
    return first === undefined || first.size === size ? state.fileId : undefined;
  }

  @Handles(logbook.confirmImport)
  async confirm(request: Request<typeof logbook.confirmImport>) {
    const { importId, onlyGood } = request.input;
    const done = await this.runtime.run(request, logbookImport, importId, { type: 'ConfirmImport', onlyGood });
    if (done instanceof Refusal) return done;
    if (done.state.is === 'importing') this.work.enqueue(importId);
    return { token: done.token, import: this.#view(done.state) };
  }

  @Handles(logbook.showImport)
  async show({ input, streams }: Request<typeof logbook.showImport>) {
    const { state } = await streams.load(logbookImport, input.importId);
    return state.is === 'absent' ? reject('import-not-found') : this.#view(state);
  }

  @Handles(logbook.listImportRows)
  async rows({ input, streams }: Request<typeof logbook.listImportRows>) {
    const { state } = await streams.load(logbookImport, input.importId);
    if (state.is === 'absent') return reject('import-not-found');
    const file = 'fatesFileId' in state ? await this.files.open(state.fatesFileId) : undefined;
    if (!('fates' in state) || !file) return { total: 0, rows: [] };
    const rows = await this.#withoutErased(await fatesPage(file.stream, input));
    return { total: input.fate ? state.fates[input.fate] : state.rows, rows };
  }

  /** The file of fates lies under the importer's key; the id that a row has in the other system is its trainee's. */
  async #withoutErased(rows: readonly Fate[]): Promise<Fate[]> {
    const landed = await this.#entries.getMany(rows.flatMap(({ entryId }) => entryId ?? []));
    const erased = new Set(this.runtime.keys.erased());
    return rows.map((row) => (erased.has(landed.get(row.entryId ?? '')?.traineeId ?? '') ? { ...row, externalId: ERASED } : row));
  }

  #view(state: Import): Output<typeof logbook.showImport> {
    if (state.is === 'absent') throw new Error('an import that does not exist has no view');
    const { importId, schoolId, is, fileName, startedAt } = state;
    const running =
      is === 'checking' || is === 'importing'
        ? (this.work.progressOf(importId) ?? { rows: 'rows' in state ? state.rows : 0, processed: 0, fates: noFates() })
        : undefined;
    const ended =
      'fates' in state ? { rows: state.rows, processed: state.rows, fates: state.fates } : { rows: 0, processed: 0, fates: noFates() };
    return { importId, schoolId, is, fileName, startedAt, ...(running ?? ended), problem: is === 'failed' ? state.problem : null };
  }
}
