import { Controller } from '@nestjs/common';
import { Directory } from '@ateneo/access';
import { romeDay } from '@ateneo/calendar';
import { type Output, reporting } from '@ateneo/contracts';
import { AwayError, Refusal, reject } from '@ateneo/event-sourcing';
import { Handles, Platform, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { LiveLedger } from '../trainee-counters/live-ledger.lookup.js';
import { type Run, reportRun, type RunOutcome } from './report-run.decider.js';
import { reportIdOf, ReportRuns, typeOf } from './report-runs.worker.js';

type View = Output<typeof reporting.showReportRun>;

/** Reports of many trainees of a school. */
@Controller()
export class ReportRunController {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly live: LiveLedger,
    private readonly directory: Directory,
    private readonly runs: ReportRuns,
  ) {}

  @Handles(reporting.startReportRun)
  async start(request: Request<typeof reporting.startReportRun>) {
    const { runId, schoolId, locale } = request.input;
    const traineeIds = [...new Set(request.input.traineeIds)];
    const ledger = await this.live.everybody();
    const stranger = traineeIds.find((traineeId) => ledger.of(traineeId).at(-1)?.schoolId !== schoolId);
    // whoever is not folded yet is a stranger for now
    if (stranger !== undefined && !this.runtime.runner.isCaughtUp) throw new AwayError('the counters are being built');
    if (stranger !== undefined) return reject('trainee-not-in-school', { traineeId: stranger });
    const done = await this.runtime.run(request, reportRun, runId, { type: 'StartRun', runId, schoolId, traineeIds, locale });
    if (done instanceof Refusal) return done;
    if (done.state.is === 'running') this.runs.enqueue(runId);
    return { token: done.token, run: await this.#view(done.state) };
  }

  @Handles(reporting.showReportRun)
  async show({ input, streams }: Request<typeof reporting.showReportRun>) {
    const { state } = await streams.load(reportRun, input.runId);
    return state.is === 'absent' ? reject('run-not-found') : this.#view(state);
  }

  @Handles(reporting.cancelReportRun)
  async cancel(request: Request<typeof reporting.cancelReportRun>) {
    const { runId } = request.input;
    const { state } = await request.streams.load(reportRun, runId);
    const { done, failed } = state.is === 'running' ? await this.runs.progress(state) : { done: [], failed: [] };
    return this.runtime.command(request, reportRun, runId, { type: 'CancelRun', done: [...done], failed: [...failed] });
  }

  @Handles(reporting.downloadReportRun)
  async download({ input, streams }: Request<typeof reporting.downloadReportRun>) {
    const { state } = await streams.load(reportRun, input.runId);
    if (state.is === 'absent') return reject('run-not-found');
    if (state.is === 'running' || state.done.length === 0) return reject('run-not-finished');
    const file = await this.runs.file(state, input.as);
    if (!file) return reject('person-erased');
    return {
      fileId: file.fileId,
      name: `libretti-${romeDay(state.startedAt)}.${input.as === 'zip' ? 'zip' : 'pdf'}`,
      type: typeOf(input.as),
      size: file.size,
    };
  }

  async #view(state: Run): Promise<View> {
    if (state.is === 'absent') throw new Error('a run that does not exist has no view');
    const { runId, schoolId, is, startedAt, traineeIds } = state;
    const { done, failed, since }: RunOutcome & { since?: number } = state.is === 'running' ? await this.runs.progress(state) : state;
    const made = new Set(done);
    const reasons = new Map(failed.map(({ traineeId, reason }) => [traineeId, reason]));
    const rows = traineeIds.map((traineeId): View['rows'][number] => ({
      traineeId,
      name: this.directory.name(traineeId),
      is: made.has(traineeId) ? 'done' : reasons.has(traineeId) ? 'failed' : 'waiting',
      reportId: made.has(traineeId) ? reportIdOf(runId, traineeId) : null,
      reason: reasons.get(traineeId) ?? null,
    }));
    return {
      runId,
      schoolId,
      is,
      startedAt,
      total: traineeIds.length,
      done: done.length,
      failed: failed.length,
      secondsLeft: this.#secondsLeft(state, since, done.length + failed.length),
      rows,
    };
  }

  #secondsLeft(state: Exclude<Run, { is: 'absent' }>, since: number | undefined, ended: number): number | null {
    if (state.is !== 'running' || since === undefined || ended === 0) return null;
    const perReport = (this.platform.clock.now() - since) / ended;
    return Math.max(0, Math.round((perReport * (state.traineeIds.length - ended)) / 1000));
  }
}
