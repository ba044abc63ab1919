import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { demoAccessToken } from '../../../demo/src/code-flow.js';
import { Cluster } from '../cluster/cluster.js';
import { mongoMissing } from '../mongo.mjs';
import { prepareToxiproxy } from '../toxiproxy.mjs';
import { againstLeases, againstStreams, parkedIn } from './aftermath.js';
import { againstRestored, takeBackups } from './backups.js';
import { type Cast, castOf, type LoggingTrainee } from './cast.js';
import { Chance } from './chance.js';
import { ClusterOperator } from './cluster-operator.js';
import { againstImports, importFiles } from './imports.js';
import { type Acknowledged, Journal, talliesOf, type Tallies } from './journal.js';
import { everybodyWorks, type Load } from './load.js';
import { againstLists } from './rebuilds.js';
import { againstRuns, printReports } from './report-runs.js';
import { againstReactions, suspend } from './suspensions.js';
import { TroubleMaker, type TroubleOptions, type TroubleTally } from './trouble-maker.js';
import { againstPromises, againstRecount, type FeedEvent, publicEvents } from './verdict.js';
import { Ways } from './ways.js';

export type DistributedChaosOptions = TroubleOptions & {
  readonly seed: number;
  /** Most instances of reporting; it begins with two of them, or one. */
  readonly reporting: number;
  readonly natsNodes?: 1 | 3;
  readonly longestPauseMs?: number;
  /** Folder of the cluster, kept; default a temporary one, kept where something was found. */
  readonly home?: string;
  /** A data folder of the composed process to begin with; without it the demo is seeded anew. */
  readonly from?: { readonly folder: string; readonly masterKey: string };
  readonly env?: Readonly<Record<string, string>>;
  /** With the servers of docker-compose.yml. Sign-in stays the gateway's own, by which the cast comes in; backups are MongoDB's then. */
  readonly asDeployed?: boolean;
  readonly say?: (line: string) => void;
};
export type DistributedVerdict = Tallies & {
  readonly troubles: readonly TroubleTally[];
  readonly repeated: number;
  readonly suspensions: number;
  /** empty = nothing lost, nothing doubled, counters right, everything taken up again */ readonly findings: readonly string[];
};

const MOST_TRAINEES = 7;
const REST_MS = 25;
/** Two clocks are apart by less than the 5 s that passports bear (ADR 0019). */
const LONGEST_SKEW_MS = 2_400;
const SETTLED_MS = 20_000;

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
    asDeployed: options.asDeployed,
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
    verdict = await new DistributedRun(options, cluster, ways, home).go();
    return verdict;
  } finally {
    await cluster.stop();
    await ways?.close();
    if (options.home === undefined && verdict?.findings.length === 0) rmSync(home, { recursive: true, force: true });
    else say(`logs and data are in ${home}`);
  }
}

class DistributedRun {
  readonly #chance: Chance;
  readonly #journal: Journal;
  readonly #load: Load;
  readonly #operator: ClusterOperator;
  readonly #trouble: TroubleMaker;
  readonly #say: (line: string) => void;

  constructor(
    private readonly options: DistributedChaosOptions,
    private readonly cluster: Cluster,
    ways: Ways | undefined,
    private readonly home: string,
  ) {
    this.#chance = new Chance(options.seed);
    this.#say = options.say ?? (() => undefined);
    this.#journal = new Journal(join(home, 'acknowledged.jsonl'));
    this.#load = { journal: this.#journal, waiting: new Map(), problems: [], restMs: REST_MS, stopped: false };
    this.#operator = new ClusterOperator(cluster, options.env);
    const stage = {
      cluster,
      ways,
      chance: this.#chance.branch(500),
      mostReporting: options.reporting,
      longestPauseMs: options.longestPauseMs ?? 20_000,
      ended: new Map(),
      rebuilt: (what: string, cut: boolean) => this.#journal.write({ is: 'rebuilt', what, cut }),
    };
    this.#trouble = new TroubleMaker(options, stage, this.#load, this.#chance, this.#say);
  }

  async go(): Promise<DistributedVerdict> {
    const cast = await this.#cast();
    const [suspended, ...trainees] = cast.trainees as [LoggingTrainee, ...LoggingTrainee[]];
    const before = new Set((await publicEvents(cast.tool)).map(({ id }) => id));
    const works = this.#everything(cast, suspended, trainees);
    const stuck = works.then(
      () => undefined,
      (error: Error) => error.message,
    );
    await Promise.race([this.#trouble.make(), stuck]);
    const ready = await this.#trouble.allReady();
    this.#load.stopped = true;
    const ended = await stuck;
    const suspensions = ended === undefined ? (await works)[0] : [];
    const findings = [...this.#load.problems, ...ready, ...(ended === undefined ? [] : [ended])];
    const acknowledged = this.#journal.close();
    const tallies = talliesOf(acknowledged);
    this.#say(`trouble is over: ${tallies.acknowledged} acknowledgements, ${suspensions.length} suspensions`);
    findings.push(...(await this.#judge({ ...cast, trainees }, before, acknowledged, suspensions)));
    return {
      ...tallies,
      troubles: this.#trouble.tally(cast.clients),
      repeated: cast.clients.reduce((sum, { repeated }) => sum + repeated, 0),
      suspensions: suspensions.length,
      findings,
    };
  }

  #cast(): Promise<Cast> {
    const { url } = this.cluster;
    const token = async (username: string) => {
      const found = await demoAccessToken(url, username);
      if (!found) throw new Error('nobody is signed in just now');
      return found;
    };
    return castOf({ url, gone: false, token }, MOST_TRAINEES);
  }

  #everything({ administrator, office, tutors }: Cast, suspended: LoggingTrainee, trainees: readonly LoggingTrainee[]) {
    return Promise.all([
      suspend(this.#load, administrator, suspended, this.#chance.branch(400)),
      everybodyWorks(this.#load, { trainees, tutors }, this.#chance),
      importFiles(this.#load, office, trainees, this.#chance.branch(600)),
      printReports(this.#load, office, trainees, this.#chance.branch(700)),
      ...(this.options.asDeployed ? [] : [takeBackups(this.#load, join(this.home, 'backups'), this.#operator, this.#chance.branch(800))]),
    ]);
  }

  async #judge(
    cast: Cast,
    before: ReadonlySet<string>,
    acknowledged: readonly Acknowledged[],
    suspensions: readonly string[],
  ): Promise<string[]> {
    const { administrator, tool, trainees } = cast;
    let events: FeedEvent[] = [];
    const found: string[] = [];
    const ask = async (what: string, find: () => Promise<string[]>, withinMs = SETTLED_MS) => {
      const started = performance.now();
      const own = await settled(find, withinMs);
      found.push(...own);
      this.#say(`${what}: ${own.length === 0 ? 'right' : `${own.length} findings`} after ${Math.round(performance.now() - started)} ms`);
    };
    await ask('reactions', async () => againstReactions((events = await publicEvents(tool)), suspensions));
    await ask('the log', async () => againstPromises(events, before, acknowledged));
    await ask('imports', async () => againstImports(events, acknowledged));
    await ask('reports', async () => againstRuns(events, acknowledged));
    await ask('streams', () => againstStreams(this.cluster, events));
    await ask('counters', () => againstRecount(administrator, events, trainees, acknowledged));
    await ask('lists', () => againstLists(events, trainees));
    await ask('leases', () => againstLeases(this.cluster));
    await ask('parked events', () => parkedIn(this.cluster));
    if (this.options.asDeployed) return found;
    const restoring = { operator: this.#operator, home: this.home, say: this.#say };
    await ask('a backup', () => againstRestored(restoring, cast, acknowledged), 0);
    return found;
  }
}

/** What is still found when nothing more changes. */
async function settled(find: () => Promise<string[]>, withinMs: number): Promise<string[]> {
  for (const until = performance.now() + withinMs; ; await pause(500)) {
    const found = await find().catch((error: Error) => [error.message]);
    if (found.length === 0 || performance.now() > until) return found;
  }
}
