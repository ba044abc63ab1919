import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import { Directory } from '@ateneo/access';
import { dayOf } from '@ateneo/calendar';
import { career } from '@ateneo/contracts';
import { type ActorRef, ERASED, type Handled, load, Refusal, reject, StoreBusyError } from '@ateneo/event-sourcing';
import { Files } from '@ateneo/files';
import { contentHash, createReportPool, type ReportFile, type ReportModel, type ReportPool, ReportPoolBusy } from '@ateneo/pdf';
import { type Component, type Done, Platform, ServiceRuntime } from '@ateneo/service-kit';
import { trainingYearOn } from '../ledger/career-reference.rules.js';
import { countersOf } from '../ledger/counters.rules.js';
import type { Enrolment } from '../ledger/enrolment.rules.js';
import { LiveLedger } from '../trainee-counters/live-ledger.lookup.js';
import { TRAINEE_COUNTERS } from '../trainee-counters/trainee-counters.projection.js';
import { PassingFiles } from './passing-files.client.js';
import { figuresOf } from './report-figures.rules.js';
import { modelOf } from './report-page.client.js';
import { type IssuedReport, report, type Report, type ReportCommand, type ReportEvent } from './report.decider.js';
import { universities } from './reports.projection.js';

/** Who asks, and in the course of what. */
export type Asking = { readonly actor: ActorRef; readonly correlationId: string };
export type Wanted = { readonly reportId: string; readonly traineeId: string; readonly locale: 'it' | 'en' };

const PDF = { name: 'report.pdf', type: 'application/pdf' };
const CODE_BYTES = 16;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Draws reports, keeps their files, and says whether their figures still hold. */
@Injectable()
export class ReportMaker implements Component {
  readonly #pool: ReportPool = createReportPool();

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly files: Files,
    private readonly passing: PassingFiles,
    private readonly live: LiveLedger,
    private readonly directory: Directory,
  ) {}

  stop(): Promise<void> {
    return this.#pool.close();
  }

  /** A repeat gives the report that is there: the same request under the same id, also where another instance issued it meanwhile. */
  async issue(wanted: Wanted, asking: Asking): Promise<Done<Report, ReportEvent> | Refusal> {
    const done = (await this.#asIssued(wanted, asking)) ?? (await this.#make(wanted, asking));
    const overtaken = done instanceof Refusal && done.code === 'id-already-used';
    return (overtaken ? await this.#asIssued(wanted, asking) : undefined) ?? done;
  }

  /** Undefined where no report stands under the id. */
  async #asIssued({ reportId, traineeId, locale }: Wanted, asking: Asking): Promise<Done<Report, ReportEvent> | Refusal | undefined> {
    const { state, stored } = await load(report, reportId, this.runtime);
    if (state.is === 'absent') return undefined;
    const same = state.traineeId === traineeId && state.locale === locale && state.issuedBy === asking.actor.id;
    if (!same) return reject('id-already-used');
    const [revision, position] = [stored.length - 1, stored.at(-1)?.position ?? 0];
    return this.runtime.done({ ok: true, events: [], state, revision, position, lastEvents: [], repeated: true }, report, reportId);
  }

  async #make({ reportId, traineeId, locale }: Wanted, asking: Asking): Promise<Done<Report, ReportEvent> | Refusal> {
    if (this.isErased(traineeId)) return reject('person-erased');
    const enrolment = await this.live.enrolmentOf(traineeId);
    if (!enrolment) return reject('trainee-not-found');
    if (this.runtime.runner.incomplete(TRAINEE_COUNTERS, traineeId)) return reject('counters-incomplete');
    const model = await this.#model(
      enrolment,
      locale,
      this.directory.find(asking.actor.id) ? this.directory.name(asking.actor.id) : 'Ateneo',
    );
    if (model instanceof Refusal) return model;
    const bytes = await this.#draw(model, locale);
    const [file, kept] = await Promise.all([
      this.passing.putOf(reportId, bytes, PDF),
      this.passing.putOf(reportId, Buffer.from(JSON.stringify(model)), { name: 'report.json', type: 'application/json' }),
    ]);
    const { enrolmentId, schoolId } = enrolment;
    const command: ReportCommand = {
      type: 'IssueReport',
      reportId,
      traineeId,
      enrolmentId,
      schoolId,
      code: model.reportCode,
      contentHash: model.contentHash,
      fileHash: sha256(bytes),
      locale,
      asOf: dayOf(this.live.today),
      fileRef: file.fileId,
      modelRef: kept.fileId,
    };
    return this.#command(reportId, command, asking, [file.fileId, kept.fileId]);
  }

  /** Issues the report again, the protocol number being one more thing that is printed. */
  async register(
    { reportId, protocol }: { readonly reportId: string; readonly protocol: string },
    asking: Asking,
  ): Promise<Done<Report, ReportEvent> | Refusal> {
    const { state } = await load(report, reportId, this.runtime);
    if (state.is === 'absent') return reject('report-not-found');
    if (state.is === 'registered') return this.#command(reportId, { ...state.registered, type: 'RegisterReport', protocol }, asking, []);
    const kept = await this.#read(state.modelRef);
    if (!kept) return reject('person-erased');
    const bytes = await this.#draw({ ...(JSON.parse(kept.toString()) as ReportModel), protocolNumber: protocol }, state.locale);
    const { fileId: fileRef } = await this.passing.putOf(reportId, bytes, PDF);
    return this.#command(reportId, { type: 'RegisterReport', protocol, fileHash: sha256(bytes), fileRef }, asking, [fileRef]);
  }

  /** The reference of the PDF; undefined where the person was erased. */
  fileOf(state: IssuedReport, registered = true): string | undefined {
    const ref = registered && state.is === 'registered' ? state.registered.fileRef : state.fileRef;
    return ref === ERASED ? undefined : ref;
  }

  nameOf({ traineeId, asOf }: Pick<IssuedReport, 'traineeId' | 'asOf'>): string {
    return `${this.directory.name(traineeId).replace(/[^\p{L}\p{N}]+/gu, '-')}-${asOf}.pdf`;
  }

  bytesOf(state: IssuedReport): Promise<Buffer | undefined> {
    const ref = this.fileOf(state);
    return ref === undefined ? Promise.resolve(undefined) : this.#read(ref);
  }

  forPrinter(files: ReportFile[], locale: 'it' | 'en'): Promise<Uint8Array> {
    return this.#pool.mergeForPrinter(files, { locale });
  }

  isErased(personId: string): boolean {
    return this.runtime.keys.erased().includes(personId);
  }

  /** Whether the same report asked for today would show other figures. */
  async hasMovedOn({
    traineeId,
    enrolmentId,
    contentHash: printed,
  }: Pick<IssuedReport, 'traineeId' | 'enrolmentId' | 'contentHash'>): Promise<boolean> {
    const enrolment = await this.live.enrolmentOf(traineeId, enrolmentId);
    const counters = enrolment && countersOf(enrolment, this.live.network, this.live.question({}));
    return counters !== undefined && contentHash(figuresOf(counters)) !== printed;
  }

  async #model(enrolment: Enrolment, locale: 'it' | 'en', requestedBy: string): Promise<ReportModel | Refusal> {
    const { network } = this.live;
    const view = network.view();
    const counters = countersOf(enrolment, network, this.live.question({}));
    const career_ = enrolment.view();
    const cohort = career_ && view.cohorts.get(career_.cohortId);
    const person = this.directory.find(enrolment.traineeId);
    if (!counters || !career_ || !cohort) return reject('trainee-not-found');
    if (!person) return reject('counters-incomplete', { missing: 'name' });
    const [university] = await this.runtime.collection(universities).find({ limit: 1 });
    const { enrolments } = await this.runtime.client.call(career.resolveStudentNumbers, { enrolmentIds: [enrolment.enrolmentId] });
    const name = { it: 'Ateneo', en: 'Ateneo' };
    return modelOf(
      {
        university: university?.name ?? name,
        school: view.schools.get(enrolment.schoolId)?.name ?? name,
        trainee: { fullName: `${person.givenName} ${person.familyName}`, studentNumber: enrolments[0]?.studentNumber ?? '' },
        cohort: cohort.label,
        trainingYear: trainingYearOn(career_, this.live.today),
        generatedAt: new Date(this.platform.clock.now()).toISOString(),
        requestedBy,
        reportCode: randomBytes(CODE_BYTES).toString('hex'),
        contentHash: contentHash(figuresOf(counters)),
        publicUrl: this.platform.publicUrl,
        scale: view.scale,
        counters,
        sources: view.setsOf(cohort).map(({ set }) => set),
      },
      locale,
    );
  }

  async #draw(model: ReportModel, locale: 'it' | 'en'): Promise<Uint8Array> {
    try {
      return await this.#pool.render(model, { locale });
    } catch (error) {
      throw error instanceof ReportPoolBusy ? new StoreBusyError(error.message) : error;
    }
  }

  async #read(ref: string): Promise<Buffer | undefined> {
    const file = ref === ERASED ? undefined : await this.files.open(ref);
    return file && buffer(file.stream);
  }

  /** Files of a command that stored nothing go again. */
  async #command(
    reportId: string,
    command: ReportCommand,
    asking: Asking,
    made: readonly string[],
  ): Promise<Done<Report, ReportEvent> | Refusal> {
    let stored = false;
    try {
      const handled: Handled<Report, ReportEvent> = await this.runtime.commands.handle(report, reportId, command, asking);
      stored = handled.ok && handled.events.length > 0;
      return this.runtime.done(handled, report, reportId);
    } finally {
      if (!stored) for (const fileId of made) await this.passing.delete(fileId);
    }
  }
}
