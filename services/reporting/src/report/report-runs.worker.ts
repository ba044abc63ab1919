import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { AwayError, isAway, load, Refusal, uuidv8 } from '@ateneo/event-sourcing';
import type { StoredFile } from '@ateneo/files';
import { type ReportFile, zipReports } from '@ateneo/pdf';
import { type Component, Platform, ResumableWork, ServiceRuntime, type Turn } from '@ateneo/service-kit';
import { openRuns, openRunsProjection } from './open-runs.projection.js';
import { PassingFiles } from './passing-files.client.js';
import { type Asking, ReportMaker, type Wanted } from './report-maker.client.js';
import { type Failed, type Run, reportRun, type RunOutcome } from './report-run.decider.js';
import { report } from './report.decider.js';
import { reports } from './reports.projection.js';

/** `since`: ms since 1970, when this holder began. */
type Progress = RunOutcome & { readonly processed: number; readonly since: number };
type Running = Extract<Run, { is: 'running' }>;
type Ended = Extract<Run, { is: 'done' | 'cancelled' }>;

export const reportIdOf = (runId: string, traineeId: string): string => uuidv8('report-run', runId, traineeId);

/** Generates the reports of runs one after another, so that people who want a single one are served in between; one instance of reporting does. */
@Injectable()
export class ReportRuns implements Component {
  readonly #work: ResumableWork<Progress>;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly passing: PassingFiles,
    private readonly maker: ReportMaker,
  ) {
    this.#work = new ResumableWork<Progress>(runtime, {
      name: 'report-runs',
      part: 'report',
      projection: openRunsProjection,
      unfinished: async () => (await runtime.collection(openRuns).find({})).map(({ runId }) => runId),
      carryOut: (runId, turn) => this.#carryOut(runId, turn),
      called: (runId) => `run ${runId}`,
    });
  }

  start(): Promise<void> {
    return this.#work.start();
  }

  stop(): Promise<void> {
    return this.#work.stop();
  }

  enqueue(runId: string): void {
    this.#work.enqueue(runId);
  }

  /** Of a run that nobody has told of only the reports that are there are known. */
  async progress({ runId, traineeIds }: Pick<Running, 'runId' | 'traineeIds'>): Promise<RunOutcome & { since?: number }> {
    const told = this.#work.progressOf(runId);
    if (told) return told;
    const made = await this.runtime.collection(reports).getMany(traineeIds.map((traineeId) => reportIdOf(runId, traineeId)));
    return { done: traineeIds.filter((traineeId) => made.has(reportIdOf(runId, traineeId))), failed: [] };
  }

  /** A ZIP of the accessible files, or one file for the printer; undefined where nobody's report can be read any more. */
  async file(state: Ended, as: 'zip' | 'print'): Promise<StoredFile | undefined> {
    const key = `${state.runId} ${as}`;
    const kept = this.passing.download(key);
    const readable = await this.#readable(state);
    if (readable.length === 0) return undefined;
    if (kept && readable.length === state.done.length) return kept;
    const content = as === 'zip' ? zipReports(this.#files(readable)) : await this.#print(readable, state.locale);
    return this.passing.putDownload(key, content, { name: as, type: typeOf(as) });
  }

  /** A run that was accepted is never given up. */
  async #carryOut(runId: string, turn: Turn): Promise<void> {
    const { state } = await load(reportRun, runId, this.runtime);
    if (state.is !== 'running') return;
    const outcome = await this.#generate(state, turn);
    if (outcome) await this.runtime.runAs('report-run', reportRun, runId, { type: 'EndRun', ...outcome }, { correlationId: runId });
  }

  /** Undefined where it was cancelled meanwhile. */
  async #generate({ runId, traineeIds, locale, by }: Running, turn: Turn): Promise<RunOutcome | undefined> {
    const [done, failed, since] = [[] as string[], [] as Failed[], this.platform.clock.now()];
    for (const traineeId of traineeIds) {
      turn.goOn();
      if ((await load(reportRun, runId, this.runtime)).state.is !== 'running') return undefined;
      const wanted = { reportId: reportIdOf(runId, traineeId), traineeId, locale };
      const reason = await this.#one(wanted, { actor: by, correlationId: runId }, turn);
      if (reason === undefined) done.push(traineeId);
      else failed.push({ traineeId, reason });
      this.#work.report(runId, { done: [...done], failed: [...failed], processed: done.length + failed.length, since });
    }
    return { done, failed };
  }

  /** Undefined, or why this report cannot be made. Throws where that is for another time to tell: a server is away, or the turn is over. */
  async #one(wanted: Wanted, asking: Asking, turn: Turn): Promise<string | undefined> {
    try {
      const done = await turn.unlessBusy(() => this.maker.issue(wanted, asking));
      if (!(done instanceof Refusal)) return undefined;
      // the run was accepted for these trainees: whoever is not found is not folded yet
      if (done.code === 'trainee-not-found' && !this.runtime.runner.isCaughtUp) throw new AwayError('the counters are being built');
      return done.code;
    } catch (error) {
      if (turn.isOver || isAway(error)) throw error;
      this.#work.tell(`report ${wanted.reportId}`, error);
      return 'internal-error';
    }
  }

  async #readable({ runId, done }: Ended): Promise<string[]> {
    const found: string[] = [];
    for (const traineeId of done) {
      const reportId = reportIdOf(runId, traineeId);
      const { state } = await load(report, reportId, this.runtime);
      if (state.is !== 'absent' && this.maker.fileOf(state) !== undefined) found.push(reportId);
    }
    return found;
  }

  async *#files(reportIds: readonly string[]): AsyncGenerator<ReportFile> {
    for (const reportId of reportIds) {
      const { state } = await load(report, reportId, this.runtime);
      const bytes = state.is === 'absent' ? undefined : await this.maker.bytesOf(state);
      if (state.is !== 'absent' && bytes) yield { name: this.maker.nameOf(state), bytes };
    }
  }

  async #print(reportIds: readonly string[], locale: 'it' | 'en'): Promise<Readable> {
    const files: ReportFile[] = [];
    for await (const file of this.#files(reportIds)) files.push(file);
    return Readable.from([Buffer.from(await this.maker.forPrinter(files, locale))]);
  }
}

export const typeOf = (as: 'zip' | 'print'): string => (as === 'zip' ? 'application/zip' : 'application/pdf');
