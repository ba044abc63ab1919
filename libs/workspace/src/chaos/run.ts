import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { demoAccessToken } from '../../../demo/src/code-flow.js';
import { freePort, type RunningPlatform, startPlatform } from '../bench/platform.js';
import { Chance } from './chance.js';
import { castOf } from './cast.js';
import type { Target } from './client.js';
import { Journal } from './journal.js';
import { everybodyWorks, type Load } from './load.js';
import { againstPromises, againstRecount, publicEvents } from './verdict.js';

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
export type ChaosVerdict = {
  readonly kills: number;
  readonly acknowledged: number;
  readonly repeated: number;
  readonly slowestStartMs: number;
  /** empty = nothing lost, nothing doubled, counters right */ readonly findings: readonly string[];
};

const MOST_TRAINEES = 8;

/** Kills the whole platform again and again while people log and validate, and compares what stands in the end with what was acknowledged. */
export async function runChaos(options: ChaosOptions): Promise<ChaosVerdict> {
  const own = mkdtempSync(join(tmpdir(), 'ateneo-chaos-'));
  const victim = new Victim(options.dataDir ?? join(own, 'data'), await freePort(), options.env);
  try {
    await victim.start();
    return await new Run(options, victim, new Journal(join(own, 'acknowledged.jsonl'))).go();
  } finally {
    victim.gone = true;
    await victim.stop('SIGKILL');
    rmSync(own, { recursive: true, force: true });
  }
}

/** The platform under test, always at the same address. */
class Victim implements Target {
  #running: RunningPlatform | undefined;
  slowestStartMs = 0;
  gone = false;

  constructor(
    private readonly dataDir: string,
    private readonly port: number,
    private readonly env: ChaosOptions['env'],
  ) {}

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
  readonly #load: Load;
  readonly #say: (line: string) => void;

  constructor(
    private readonly options: ChaosOptions,
    private readonly victim: Victim,
    private readonly journal: Journal,
  ) {
    this.#chance = new Chance(options.seed);
    this.#say = options.say ?? (() => undefined);
    this.#load = { journal, waiting: new Map(), problems: [], stopped: false };
  }

  async go(): Promise<ChaosVerdict> {
    const { tool: reader, trainees, tutors, clients } = await castOf(this.victim, MOST_TRAINEES);
    const before = new Set((await publicEvents(reader)).map(({ id }) => id));
    const ended = everybodyWorks(this.#load, { trainees, tutors }, this.#chance);
    ended.catch(() => undefined);
    const kills = await Promise.race([this.#kill(), ended.then(() => Promise.reject(new Error('the load ended by itself')))]).finally(
      () => (this.#load.stopped = true),
    );
    await ended;
    const acknowledged = this.journal.close();
    const events = await publicEvents(reader);
    const findings = [
      ...this.#load.problems,
      ...againstPromises(events, before, acknowledged),
      ...(await againstRecount(reader, events, trainees, acknowledged)),
    ];
    return {
      kills,
      acknowledged: acknowledged.length,
      repeated: clients.reduce((sum, { repeated }) => sum + repeated, 0),
      slowestStartMs: Math.round(this.victim.slowestStartMs),
      findings,
    };
  }

  async #kill(): Promise<number> {
    const until = Date.now() + this.options.seconds * 1_000;
    let kills = 0;
    while (kills < this.options.kills && Date.now() < until) {
      const seen = this.journal.count;
      while (this.journal.count === seen) await pause(5);
      await pause(this.#chance.whole(20, 800));
      await this.victim.stop('SIGKILL');
      kills += 1;
      const started = performance.now();
      await this.victim.start();
      this.#say(`kill ${kills}: ${this.journal.count} acknowledgements so far, back after ${Math.round(performance.now() - started)} ms`);
    }
    return kills;
  }
}
