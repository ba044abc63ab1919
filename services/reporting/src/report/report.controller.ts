import { Controller } from '@nestjs/common';
import { Directory } from '@ateneo/access';
import { type Output, reporting } from '@ateneo/contracts';
import { Refusal, reject } from '@ateneo/event-sourcing';
import { Files } from '@ateneo/files';
import { displayCode } from '@ateneo/pdf';
import type { Collection } from '@ateneo/read-models';
import { actorRef, type Done, Handles, type Request, seesSchool, ServiceRuntime } from '@ateneo/service-kit';
import { LiveLedger } from '../trainee-counters/live-ledger.lookup.js';
import { ReportMaker } from './report-maker.client.js';
import { report, type Report, type ReportEvent } from './report.decider.js';
import { type ReportDocument, reports } from './reports.projection.js';

type Row = Output<typeof reporting.listReports>['reports'][number];
type Verification = Output<typeof reporting.verifyReport>;
type Acting = Pick<Request, 'actor' | 'correlationId'>;

const MOST_LISTED = 500;
const asking = ({ actor, correlationId }: Acting) => ({ actor: actorRef(actor, 'reporting'), correlationId });

/** Reports of one trainee, and their public verification. */
@Controller()
export class ReportController {
  readonly #reports: Collection<ReportDocument>;

  constructor(
    runtime: ServiceRuntime,
    private readonly files: Files,
    private readonly maker: ReportMaker,
    private readonly live: LiveLedger,
    private readonly directory: Directory,
  ) {
    this.#reports = runtime.collection(reports);
  }

  @Handles(reporting.issueReport)
  async issue(request: Request<typeof reporting.issueReport>) {
    return this.#answer(await this.maker.issue(request.input, asking(request)));
  }

  @Handles(reporting.registerReport)
  async register(request: Request<typeof reporting.registerReport>) {
    return this.#answer(await this.maker.register(request.input, asking(request)));
  }

  @Handles(reporting.listReports)
  async list({ input, sight }: Request<typeof reporting.listReports>) {
    const found = await this.#reports.find({
      where: { traineeId: input.traineeId },
      sort: [{ by: 'issuedAt', descending: true }],
      limit: MOST_LISTED,
    });
    const seen = found.filter(({ schoolId }) => seesSchool(sight, schoolId));
    return { reports: seen.map((one) => this.#row({ ...one, protocol: one.registered?.protocol ?? null })) };
  }

  @Handles(reporting.downloadReport)
  async download({ input, streams }: Request<typeof reporting.downloadReport>) {
    const { state } = await streams.load(report, input.reportId);
    if (state.is === 'absent') return reject('report-not-found');
    const fileId = this.maker.fileOf(state, input.registered);
    const file = fileId === undefined ? undefined : await this.files.open(fileId);
    if (fileId === undefined || !file) return reject('person-erased');
    file.stream.destroy();
    return { fileId, name: this.maker.nameOf(state), type: file.type, size: file.size };
  }

  @Handles(reporting.verifyReport)
  async verify({ input }: Request<typeof reporting.verifyReport>): Promise<Verification> {
    const { fileHash } = input;
    const code = input.code?.replace(/[^0-9a-z]/gi, '').toLowerCase();
    const found = code === undefined ? await this.#byFile(fileHash ?? '') : (await this.#reports.find({ where: { code }, limit: 1 }))[0];
    if (!found) return { outcome: 'unknown' };
    const { registered } = found;
    const ofFile =
      fileHash === undefined
        ? undefined
        : fileHash === found.fileHash
          ? 'issued'
          : fileHash === registered?.fileHash
            ? 'registered'
            : 'altered';
    if (ofFile === 'altered') return { outcome: 'file-altered' };
    const protocol = ofFile === 'issued' ? null : (registered?.protocol ?? null);
    const outcome = this.maker.isErased(found.traineeId) ? 'genuine-person-erased' : protocol === null ? 'genuine' : 'genuine-registered';
    const school = this.live.network.view().schools.get(found.schoolId)?.name;
    return {
      outcome,
      issuedAt: found.issuedAt,
      asOf: found.asOf,
      protocol,
      contentHash: found.contentHash,
      school,
      movedOn: await this.maker.hasMovedOn(found),
    };
  }

  async #byFile(fileHash: string): Promise<ReportDocument | undefined> {
    const [issued] = await this.#reports.find({ where: { fileHash }, limit: 1 });
    return issued ?? (await this.#reports.find({ where: { registeredHash: fileHash }, limit: 1 }))[0];
  }

  #answer(done: Done<Report, ReportEvent> | Refusal) {
    if (done instanceof Refusal) return done;
    const { token, state } = done;
    if (state.is === 'absent') throw new Error('a report was issued and is not there');
    return { token, report: this.#row({ ...state, protocol: state.is === 'registered' ? state.registered.protocol : null }) };
  }

  #row({
    reportId,
    traineeId,
    code,
    issuedAt,
    issuedBy,
    locale,
    asOf,
    contentHash,
    protocol,
  }: Omit<Row, 'issuedBy'> & { issuedBy: string }): Row {
    return {
      reportId,
      traineeId,
      code: displayCode(code),
      issuedAt,
      issuedBy: this.directory.name(issuedBy),
      locale,
      asOf,
      contentHash,
      protocol,
    };
  }
}
