import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CONTEXTS } from '@ateneo/contracts';
import { demoAccessToken } from '../../../demo/src/code-flow.js';
import { freePort, type RunningPlatform, startPlatform } from '../bench/platform.js';
import { againstRestored, type Operator, takeBackups } from './backups.js';
import { type Cast, castOf } from './cast.js';
import { Chance } from './chance.js';
import type { Target } from './client.js';
import { ateneo, done } from './command-line.js';
import { againstImports, importFiles } from './imports.js';
import { type Acknowledged, Journal, talliesOf, type Tallies } from './journal.js';
import { everybodyWorks, type Load } from './load.js';
import { againstLists } from './rebuilds.js';
import { againstRuns, printReports } from './report-runs.js';
import { againstPromises, againstRecount, publicEvents } from './verdict.js';
import { dropViews } from './views.js';

export type ChaosOptions = {
  readonly kills: number;
  readonly seed: number;
  /** No further kill after so many seconds. */
  readonly seconds: number;
  /** A folder with a demo in it; without one the demo is seeded anew. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly say?: (line: string) => void;
};
export type ChaosVerdict = Tallies & {
  readonly kills: number;
  readonly repeated: number;
  readonly slowestStartMs: number;
  /** empty = nothing lost, nothing doubled, counters right */ readonly findings: readonly string[];
};

const MOST_TRAINEES = 8;
const PROJECTIONS = ['trainee-counters', 'entry-list', 'career-list', 'logbook.known', 'imports'] as const;
const VIEWS = Object.keys(CONTEXTS).reverse();
/** Of the kills, some are used to build something anew before the start. */
const REBUILDS = 0.25;

/** Kills the whole platform again and again while people log and validate, and compares what stands in the end with what was acknowledged. */
export async function runChaos(options: ChaosOptions): Promise<ChaosVerdict> {
  const own = mkdtempSync(join(tmpdir(), 'ateneo-chaos-'));
  const victim = new Victim(options.dataDir ?? join(own, 'data'), await freePort(), options.env);
  try {
    await victim.start();
    return await new Run(options, victim, own).go();
  } finally {
    victim.gone = true;
    await victim.stop('SIGKILL');
    rmSync(own, { recursive: true, force: true });
  }
}

/** The platform under test, always at the same address. */
class Victim implements Target, Operator {
  #running: RunningPlatform | undefined;
  slowestStartMs = 0;
  gone = false;

  constructor(
    readonly dataDir: string,
    private readonly port: number,
    private readonly env: ChaosOptions['env'],
  ) {}

  /** One command of the operator, on this folder or another. */
  command(words: readonly string[], { folder = this.dataDir, killAfterMs }: { folder?: string; killAfterMs?: number } = {}) {
    return ateneo(words, { SEED: 'demo', ...this.env, DATA_DIR: folder }, killAfterMs);
  }

  async backUp(folder: string): Promise<void> {
    await done(this.command(['backup', folder]));
  }

  async restore(backup: string, folder: string): Promise<RunningPlatform> {
    await done(this.command(['restore', backup, '--no-newer-register'], { folder }));
    return startPlatform({ dataDir: folder, env: this.env });
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async token(username: string): Promise<string> {
    const token = this.#running && (await demoAccessToken(this.url, username));
    if (!token) throw new Error('the platform signs nobody in just now');
    return token;
  }

  async start(): Promise<void> {
    const running = await startPlatform({ dataDir: this.dataDir, port: this.port, env: this.env });
    this.#running = running;
    this.slowestStartMs = Math.max(this.slowestStartMs, running.startMs);
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop(signal);
  }
}

class Run {
  readonly #chance: Chance;
  readonly #journal: Journal;
  readonly #load: Load;
  readonly #say: (line: string) => void;

  constructor(
    private readonly options: ChaosOptions,
    private readonly victim: Victim,
    private readonly own: string,
  ) {
    this.#chance = new Chance(options.seed);
    this.#journal = new Journal(join(own, 'acknowledged.jsonl'));
    this.#say = options.say ?? (() => undefined);
    this.#load = { journal: this.#journal, waiting: new Map(), problems: [], stopped: false };
  }

  async go(): Promise<ChaosVerdict> {
    const cast = await castOf(this.victim, MOST_TRAINEES);
    const before = new Set((await publicEvents(cast.tool)).map(({ id }) => id));
    const ended = this.#everything(cast);
    ended.catch(() => undefined);
    const kills = await Promise.race([this.#kill(), ended.then(() => Promise.reject(new Error('the load ended by itself')))]).finally(
      () => (this.#load.stopped = true),
    );
    await ended;
    const acknowledged = this.#journal.close();
    return {
      kills,
      ...talliesOf(acknowledged),
      repeated: cast.clients.reduce((sum, { repeated }) => sum + repeated, 0),
      slowestStartMs: Math.round(this.victim.slowestStartMs),
      findings: [...this.#load.problems, ...(await this.#judge(cast, before, acknowledged))],
    };
  }

  #everything({ office, trainees, tutors }: Cast): Promise<unknown> {
    return Promise.all([
      everybodyWorks(this.#load, { trainees, tutors }, this.#chance),
      importFiles(this.#load, office, trainees, this.#chance.branch(600)),
      printReports(this.#load, office, trainees, this.#chance.branch(700)),
      takeBackups(this.#load, join(this.own, 'backups'), this.victim, this.#chance.branch(800)),
    ]);
  }

  async #judge(cast: Cast, before: ReadonlySet<string>, acknowledged: readonly Acknowledged[]): Promise<string[]> {
    const { tool, trainees } = cast;
    const events = await publicEvents(tool);
    const restoring = { operator: this.victim, home: this.own, say: this.#say };
    return [
      ...againstPromises(events, before, acknowledged),
      ...againstImports(events, acknowledged),
      ...againstRuns(events, acknowledged),
      ...(await againstLists(events, trainees)),
      ...(await againstRecount(tool, events, trainees, acknowledged)),
      ...(await againstRestored(restoring, cast, acknowledged).catch((error: Error) => [`a backup cannot be restored: ${error.message}`])),
    ];
  }

  async #kill(): Promise<number> {
    const until = Date.now() + this.options.seconds * 1_000;
    let kills = 0;
    while (kills < this.options.kills && Date.now() < until) {
      const seen = this.#journal.count;
      while (this.#journal.count === seen) await pause(5);
      await pause(this.#chance.whole(20, 800));
      await this.victim.stop('SIGKILL');
      kills += 1;
      if (this.#chance.next() < REBUILDS) await this.#rebuild();
      const started = performance.now();
      await this.victim.start();
      this.#say(`kill ${kills}: ${this.#journal.count} acknowledgements so far, back after ${Math.round(performance.now() - started)} ms`);
    }
    return kills;
  }

  /** What an operator builds anew while the platform stands still: one projection, sometimes cut off, or all of a service. */
  async #rebuild(): Promise<void> {
    if (this.#chance.next() < 0.3) return this.#dropViews(this.#chance.pick(VIEWS));
    const what = this.#chance.pick(PROJECTIONS);
    const killAfterMs = this.#chance.next() < 0.5 ? this.#chance.whole(800, 4_000) : undefined;
    const { code, text } = await this.victim.command(['rebuild', what], { killAfterMs });
    this.#say(code === null ? `the rebuild of ${what} was cut off` : text);
    if (code === 0 || code === null) this.#journal.write({ is: 'rebuilt', what, cut: code === null });
    else this.#load.problems.push(`the rebuild of ${what}: exit code ${code}: ${text}`);
  }

  #dropViews(service: string): void {
    dropViews(this.victim.dataDir, service);
    this.#journal.write({ is: 'rebuilt', what: service, cut: false });
    this.#say(`all views of ${service} are built anew`);
  }
}
