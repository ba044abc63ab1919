import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { demoAccessToken } from '../../../demo/src/code-flow.js';
import { Cluster } from '../cluster/cluster.js';
import type { Member } from '../cluster/member.js';
import { mongoMissing } from '../mongo.mjs';
import { prepareToxiproxy } from '../toxiproxy.mjs';
import { againstLeases, againstStreams, parkedIn } from './aftermath.js';
import { type Cast, castOf, type LoggingTrainee } from './cast.js';
import { Chance } from './chance.js';
import { Journal } from './journal.js';
import { everybodyWorks, type Load } from './load.js';
import { againstReactions, suspend } from './suspensions.js';
import { type Stage, type Trouble, TROUBLES } from './troubles.js';
import { againstPromises, againstRecount, type FeedEvent, publicEvents } from './verdict.js';
import { Ways } from './ways.js';

export type DistributedChaosOptions = {
  readonly troubles: number;
  readonly seed: number;
  /** No further trouble after so many seconds. */
  readonly seconds: number;
  /** Most instances of reporting; it begins with two of them, or one. */
  readonly reporting: number;
  readonly natsNodes?: 1 | 3;
  /** Names in `TROUBLES`; default all. */
  readonly kinds?: readonly string[];
  readonly longestPauseMs?: number;
  /** Folder of the cluster, kept; default a temporary one, kept where something was found. */
  readonly home?: string;
  /** A data folder of the composed process to begin with; without it the demo is seeded anew. */
  readonly from?: { readonly folder: string; readonly masterKey: string };
  readonly env?: Readonly<Record<string, string>>;
  /** No further trouble once it is aborted. */
  readonly signal?: AbortSignal;
  readonly say?: (line: string) => void;
};
/** Of one kind of trouble; `longestWaitMs`: of any client, from the trouble's beginning until commands were answered again. */
export type TroubleTally = { readonly kind: string; readonly times: number; readonly longestWaitMs: number };
export type DistributedVerdict = {
  readonly troubles: readonly TroubleTally[];
  readonly acknowledged: number;
  readonly repeated: number;
  readonly suspensions: number;
  /** empty = nothing lost, nothing doubled, counters right, everything taken up again */ readonly findings: readonly string[];
};

const MOST_TRAINEES = 7;
const REST_MS = 25;
/** Two clocks are apart by less than the 5 s that passports bear (ADR 0019). */
const LONGEST_SKEW_MS = 2_400;
const READY_MS = 120_000;
const SILENCE_MS = 120_000;
const SETTLED_MS = 20_000;
const OVERLAP = 0.3;

/** The distributed form in every kind of trouble while people work, then what stands against what was acknowledged. */
export async function runDistributedChaos(options: DistributedChaosOptions): Promise<DistributedVerdict> {
  const { say = () => undefined, seed, reporting, natsNodes, from } = options;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'ateneo-chaos-'));
  const { because } = prepareToxiproxy();
  if (because) say(`the network stays good: ${because}`);
  const ways = because ? undefined : await Ways.open();
  const skew = new Chance(seed).branch(1_000);
  const cluster = new Cluster({
    home,
    from,
    natsNodes,
    say,
    mongoStore: true,
    reporting: mongoMissing() ? 1 : Math.min(2, reporting),
    way: ways?.way,
    env: options.env,
    envOf: () => ({
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'clock-skew.mjs')).href}`,
      CLOCK_SKEW_MS: String(skew.whole(-LONGEST_SKEW_MS, LONGEST_SKEW_MS)),
    }),
  });
  let verdict: DistributedVerdict | undefined;
  try {
    const started = performance.now();
    await cluster.start();
    say(`the cluster was ready after ${Math.round(performance.now() - started)} ms`);
    verdict = await new DistributedRun(options, cluster, ways, new Journal(join(home, 'acknowledged.jsonl'))).go();
    return verdict;
  } finally {
    await cluster.stop();
    await ways?.close();
    if (options.home === undefined && verdict?.findings.length === 0) rmSync(home, { recursive: true, force: true });
    else say(`logs and data are in ${home}`);
  }
}

type Episode = { readonly kind: string; readonly from: number; to: number };

class DistributedRun {
  readonly #chance: Chance;
  readonly #load: Load;
  readonly #stage: Stage;
  readonly #say: (line: string) => void;
  readonly #episodes: Episode[] = [];
  readonly #busy = new Set<string>();
  readonly #met = new Set<Member>();
  #bag: string[] = [];

  constructor(
    private readonly options: DistributedChaosOptions,
    private readonly cluster: Cluster,
    ways: Ways | undefined,
    private readonly journal: Journal,
  ) {
    this.#chance = new Chance(options.seed);
    this.#say = options.say ?? (() => undefined);
    this.#load = { journal, waiting: new Map(), problems: [], restMs: REST_MS, stopped: false };
    this.#stage = {
      cluster,
      ways,
      chance: this.#chance.branch(500),
      mostReporting: options.reporting,
      longestPauseMs: options.longestPauseMs ?? 20_000,
      ended: new Map(),
    };
  }

  async go(): Promise<DistributedVerdict> {
    const { url } = this.cluster;
    const token = async (username: string) => {
      const found = await demoAccessToken(url, username);
      if (!found) throw new Error('nobody is signed in just now');
      return found;
    };
    const cast = await castOf({ url, gone: false, token }, MOST_TRAINEES);
    const [suspended, ...trainees] = cast.trainees as [LoggingTrainee, ...LoggingTrainee[]];
    const before = new Set((await publicEvents(cast.tool)).map(({ id }) => id));
    const works = Promise.all([
      suspend(this.#load, cast.administrator, suspended, this.#chance.branch(400)),
      everybodyWorks(this.#load, { trainees, tutors: cast.tutors }, this.#chance),
    ]);
    const stuck = works.then(
      () => undefined,
      (error: Error) => error.message,
    );
    await Promise.race([this.#makeTrouble(), stuck]);
    const ready = await this.#allReady();
    this.#load.stopped = true;
    const ended = await stuck;
    const suspensions = ended === undefined ? (await works)[0] : [];
    const findings = [...this.#load.problems, ...ready, ...(ended === undefined ? [] : [ended])];
    const acknowledged = this.journal.close();
    this.#say(`trouble is over: ${acknowledged.length} acknowledgements, ${suspensions.length} suspensions`);
    findings.push(...(await this.#judge(cast, trainees, before, acknowledged, suspensions)));
    return {
      troubles: this.#tally(cast),
      acknowledged: acknowledged.length,
      repeated: cast.clients.reduce((sum, { repeated }) => sum + repeated, 0),
      suspensions: suspensions.length,
      findings,
    };
  }

  /** One after the other, sometimes before the last is over; returns when all of it is. */
  async #makeTrouble(): Promise<void> {
    const until = performance.now() + this.options.seconds * 1_000;
    const running = new Set<Promise<void>>();
    for (let made = 0; made < this.options.troubles && performance.now() < until;) {
      await this.#answering('a command before the next trouble');
      await pause(this.#chance.whole(50, 1_000));
      const next = this.#next();
      if (!next) continue;
      const [kind, trouble] = next;
      made += 1;
      this.#say(`${made}: ${trouble.what} (${this.journal.count} acknowledgements so far)`);
      const episode = this.#episode(kind, trouble).finally(() => running.delete(episode));
      running.add(episode);
      if (this.#chance.next() > OVERLAP || running.size > 2) await Promise.all(running);
    }
    await Promise.all(running);
  }

  /** Undefined where the kind whose turn it is cannot be made just now. */
  #next(): [string, Trouble] | undefined {
    if (this.#bag.length === 0) this.#bag = shuffled(this.options.kinds ?? Object.keys(TROUBLES), this.#chance);
    const kind = this.#bag.pop() as string;
    const trouble = TROUBLES[kind]?.(this.#stage);
    return trouble && !this.#meets(trouble) ? [kind, trouble] : undefined;
  }

  #meets({ on }: Trouble): boolean {
    const isReporting = (name: string) => name.startsWith('reporting');
    return this.#busy.has(on) || (isReporting(on) && [...this.#busy].some(isReporting));
  }

  async #episode(kind: string, trouble: Trouble): Promise<void> {
    for (const member of this.cluster.members.values()) this.#met.add(member);
    const episode: Episode = { kind, from: performance.now(), to: Infinity };
    this.#episodes.push(episode);
    this.#busy.add(trouble.on);
    try {
      await trouble.run();
    } catch (error) {
      this.#load.problems.push(`${trouble.what}: ${(error as Error).message}`);
    }
    this.#busy.delete(trouble.on);
    await this.#answering(trouble.what);
    episode.to = performance.now();
  }

  /** Resolves when another command has been acknowledged; a long silence is a finding. */
  async #answering(after: string): Promise<void> {
    const seen = this.journal.count;
    for (const until = performance.now() + SILENCE_MS; this.journal.count === seen; await pause(5))
      if (performance.now() > until)
        return void this.#load.problems.push(`no command was acknowledged for ${SILENCE_MS} ms after ${after}`);
  }

  async #allReady(): Promise<string[]> {
    const results = await Promise.allSettled([...this.cluster.members.values()].map((member) => member.ready(READY_MS)));
    const found = results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).message] : []));
    for (const member of this.cluster.members.values()) this.#met.add(member);
    for (const member of this.#met) {
      const byItself = member.starts - 1 - (this.#stage.ended.get(member) ?? 0);
      if (byItself > 0) found.push(`${member.name} ended by itself ${byItself} times`);
    }
    return found;
  }

  async #judge(
    { administrator, tool }: Cast,
    trainees: readonly LoggingTrainee[],
    before: ReadonlySet<string>,
    acknowledged: Parameters<typeof againstPromises>[2],
    suspensions: readonly string[],
  ): Promise<string[]> {
    let events: FeedEvent[] = [];
    const found: string[] = [];
    const ask = async (what: string, find: () => Promise<string[]>) => {
      const started = performance.now();
      const own = await settled(find);
      found.push(...own);
      this.#say(`${what}: ${own.length === 0 ? 'right' : `${own.length} findings`} after ${Math.round(performance.now() - started)} ms`);
    };
    await ask('reactions', async () => againstReactions((events = await publicEvents(tool)), suspensions));
    await ask('the log', async () => againstPromises(events, before, acknowledged));
    await ask('streams', () => againstStreams(this.cluster, events));
    await ask('counters', () => againstRecount(administrator, events, trainees, acknowledged));
    await ask('leases', () => againstLeases(this.cluster));
    await ask('parked events', () => parkedIn(this.cluster));
    return found;
  }

  #tally({ clients }: Cast): TroubleTally[] {
    const waits = clients.flatMap((client) => client.waits);
    return [...new Set(this.#episodes.map(({ kind }) => kind))].sort().map((kind) => {
      const episodes = this.#episodes.filter((episode) => episode.kind === kind);
      const during = waits.filter(({ from, to }) => episodes.some((episode) => from < episode.to && to > episode.from));
      return { kind, times: episodes.length, longestWaitMs: Math.round(Math.max(0, ...during.map(({ from, to }) => to - from))) };
    });
  }
}

/** What is still found when nothing more changes. */
async function settled(find: () => Promise<string[]>): Promise<string[]> {
  for (const until = performance.now() + SETTLED_MS; ; await pause(500)) {
    const found = await find().catch((error: Error) => [error.message]);
    if (found.length === 0 || performance.now() > until) return found;
  }
}

function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  const left = [...items];
  return Array.from(items, () => left.splice(chance.whole(0, left.length - 1), 1)[0] as T);
}

/** A line per kind of trouble. */
export const tableOf = ({ troubles }: DistributedVerdict): string[] => [
  `${'trouble'.padEnd(22)}${'times'.padStart(6)}${'longest wait'.padStart(15)}`,
  ...troubles.map(
    ({ kind, times, longestWaitMs }) =>
      `${kind.padEnd(22)}${String(times).padStart(6)}${`${(longestWaitMs / 1_000).toFixed(1)} s`.padStart(15)}`,
  ),
];
