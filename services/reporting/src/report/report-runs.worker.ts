import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AwayError, isAway, load, Refusal, StoreBusyError, uuidv8 } from '@ateneo/event-sourcing';
import type { StoredFile } from '@ateneo/files';
import { type ReportFile, zipReports } from '@ateneo/pdf';
import { type Component, Platform, ServiceRuntime } from '@ateneo/service-kit';
import { openRuns } from './open-runs.projection.js';
import { PassingFiles } from './passing-files.client.js';
import { ReportMaker } from './report-maker.client.js';
import { type Failed, type Run, reportRun } from './report-run.decider.js';
import { report } from './report.decider.js';
import { reports } from './reports.projection.js';

type Progress = { readonly done: string[]; readonly failed: Failed[]; readonly since: number };
type Running = Extract<Run, { is: 'running' }>;
type Ended = Extract<Run, { is: 'done' | 'cancelled' }>;

const PAUSE_MS = 100;
const AWAY_MS = 1_000;
/** Another instance's word that there is something to do may be lost. */
const LOOK_AGAIN_MS = 5_000;

export const reportIdOf = (runId: string, traineeId: string): string => uuidv8('report-run', runId, traineeId);

/** Generates the reports of runs one after another, so that people who want a single one are served in between; one instance of reporting does. */
@Injectable()
export class ReportRuns implements Component {
  readonly #progress = new Map<string, Progress>();
  #last: Promise<void> = Promise.resolve();
  #stopping = true;
  #looking: NodeJS.Timeout | undefined;
  #leave: (() => Promise<void>) | undefined;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly passing: PassingFiles,
    private readonly maker: ReportMaker,
  ) {}

  async start(): Promise<void> {
    const stop = this.runtime.onChange((changes) => {
      if (changes.length === 0 || changes.some(({ projection }) => projection === openRuns.name)) void this.#enqueueOpen();
    });
    const giveUp = await this.runtime.alone('report-runs', { start: () => this.#begin(), stop: () => this.#end() });
    this.#leave = () => (stop(), giveUp());
  }

  async stop(): Promise<void> {
    await this.#leave?.();
  }

  /** Where another instance generates, that one hears of the run by itself. */
  enqueue(runId: string): void {
    if (this.#stopping || this.#progress.has(runId)) return;
    this.#progress.set(runId, { done: [], failed: [], since: this.platform.clock.now() });
    this.#last = this.#last.then(() => this.#work(runId));
  }

  /** Of a run that another instance generates only the reports that are there are known. */
  async progress({ runId, traineeIds }: Pick<Running, 'runId' | 'traineeIds'>): Promise<Omit<Progress, 'since'> & { since?: number }> {
    const here = this.#progress.get(runId);
    if (here) return here;
    const made = await this.runtime.collection(reports).getMany(traineeIds.map((traineeId) => reportIdOf(runId, traineeId)));
    return { done: traineeIds.filter((traineeId) => made.has(reportIdOf(runId, traineeId))), failed: [] };
  }

  async #begin(): Promise<void> {
    this.#stopping = false;
    this.#looking = setInterval(() => void this.#enqueueOpen(), LOOK_AGAIN_MS).unref();
    await this.#enqueueOpen();
  }

  async #end(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#looking);
    await this.#last;
  }

  async #enqueueOpen(): Promise<void> {
    if (this.#stopping) return;
    try {
      for (const { runId } of await this.runtime.collection(openRuns).find({})) this.enqueue(runId);
    } catch (error) {
      this.#tell('open runs are read', error);
    }
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

  async #work(runId: string): Promise<void> {
    try {
      await this.#carryOut(runId);
      this.#progress.delete(runId);
    } catch (error) {
      await this.#interrupted(runId, error);
    }
  }

  async #carryOut(runId: string): Promise<void> {
    const { state } = await load(reportRun, runId, this.runtime);
    const progress = this.#progress.get(runId);
    if (state.is !== 'running' || !progress || !(await this.#generate(state, progress))) return;
    const { done, failed } = progress;
    await this.runtime.runAs('report-run', reportRun, runId, { type: 'EndRun', done, failed }, { correlationId: runId });
  }

  /** A run that was accepted is never given up: whoever stops leaves it to the next, otherwise it is begun again behind the others. */
  async #interrupted(runId: string, error: unknown): Promise<void> {
    this.#progress.delete(runId);
    if (this.#stopping) return;
    this.#tell(`run ${runId}`, error);
    await pause(AWAY_MS);
    this.enqueue(runId);
  }

  /** False where it was stopped before the end. */
  async #generate({ runId, traineeIds, locale, by }: Running, progress: Progress): Promise<boolean> {
    for (const traineeId of traineeIds) {
      if (this.#stopping || (await load(reportRun, runId, this.runtime)).state.is !== 'running') return false;
      const reason = await this.#one({ reportId: reportIdOf(runId, traineeId), traineeId, locale }, { actor: by, correlationId: runId });
      if (reason === undefined) progress.done.push(traineeId);
      else progress.failed.push({ traineeId, reason });
    }
    return true;
  }

  /** Undefined, or why this report cannot be made. Throws where that is for another time to tell: a server is away, or this instance stops. */
  async #one(wanted: Parameters<ReportMaker['issue']>[0], asking: Parameters<ReportMaker['issue']>[1]): Promise<string | undefined> {
    for (;;) {
      try {
        const done = await this.maker.issue(wanted, asking);
        if (!(done instanceof Refusal)) return undefined;
        // the run was accepted for these trainees: whoever is not found is not folded yet
        if (done.code === 'trainee-not-found' && !this.runtime.runner.isCaughtUp) throw new AwayError('the counters are being built');
        return done.code;
      } catch (error) {
        if (this.#stopping || (isAway(error) && !(error instanceof StoreBusyError))) throw error;
        if (error instanceof StoreBusyError) {
          await pause(PAUSE_MS);
          continue;
        }
        this.#tell(`report ${wanted.reportId}`, error);
        return 'internal-error';
      }
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

  #tell(what: string, error: unknown): void {
    this.platform.onProblem({ is: 'happened', part: 'report', service: 'reporting', what, error });
  }
}

export const typeOf = (as: 'zip' | 'print'): string => (as === 'zip' ? 'application/zip' : 'application/pdf');
