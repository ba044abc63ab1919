import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, latencies, onPlatform, percentile, residentMb, round, tokensOf } from './bench-platform.js';
import type { DayDone, DayOrder, DayPeople } from './day-client.worker.js';
import { HttpConnection } from './http-connection.js';
import { Secretariat } from './secretariat.js';

const CLIENTS = 200;
/** Each at two connections: no address may sign in more people at once. */
const TRAINEES = 100;
const ENTRIES_EACH = 50;
const ROWS = 20_000;
const RUNS = 20;
const REPORTS_A_RUN = 5;
const WARM_UP = { perSecond: 300, seconds: 6 };
const STEPS = [300, 600, 900, 1_200, 1_500, 1_800, 2_200, 2_600];
const STEP_SECONDS = 8;
const LIVE_EVERY_MS = 20;
const IDS_AT_ONCE = 200;
const TICKS_A_SECOND = 100;

type Step = { readonly offered: number; readonly done: DayDone; readonly live: number; readonly rssMb: number; readonly cpuMs: number };

class DayClient {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'day-client.worker.ts'), { stdio: ['ignore', 2, 2, 'ipc'] });

  async run(order: DayOrder): Promise<DayDone> {
    this.#child.send(order);
    const [{ done, error }] = (await once(this.#child, 'message')) as [{ done?: DayDone; error?: string }];
    if (!done) throw new Error(`the load failed: ${error}`);
    if (Object.keys(done.failed).length > 0) throw new Error(`requests failed: ${JSON.stringify(done.failed)}`);
    return done;
  }

  end(): void {
    this.#child.disconnect();
  }
}

async function peopleOf({ platform: { url }, world: { trainees, tutor, secretary } }: Bench): Promise<DayPeople> {
  const everybody = [...trainees, tutor, secretary];
  const tokens = await tokensOf(url, everybody);
  const people = everybody.map(({ personId }, n) => ({ personId, token: tokens[n] as string }));
  return { trainees: people.slice(0, -2), tutor: people.at(-2)!, secretary: people.at(-1)! };
}

/** Seconds of processor that a process has used. */
const processorSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
};

/** One offered load, with `/health/live` asked beside it. */
async function step({ platform: { url, pid }, world }: Bench, client: DayClient, people: DayPeople, offered: number): Promise<Step> {
  const health = await HttpConnection.open(url);
  const live: number[] = [];
  let [busy, rssMb] = [true, 0];
  const watch = async () => {
    while (busy) {
      const sent = performance.now();
      await health.json({ method: 'GET', path: '/health/live' });
      live.push(performance.now() - sent);
      rssMb = Math.max(rssMb, residentMb(pid));
      await pause(LIVE_EVERY_MS);
    }
  };
  const before = processorSeconds(pid);
  const watching = watch();
  const done = await client.run({ url, people, schoolId: world.schoolId, connections: CLIENTS, perSecond: offered, seconds: STEP_SECONDS });
  busy = false;
  await watching;
  health.close();
  const cpuMs = ((processorSeconds(pid) - before) * 1_000) / Math.max(1, done.answered);
  return { offered, done, live: percentile(live, 0.99), rssMb, cpuMs };
}

const perSecond = ({ done }: Step): number => done.answered / done.seconds;
const isCarried = (one: Step): boolean =>
  one.done.refused === 0 && perSecond(one) >= 0.95 * one.offered && percentile(one.done.pages, 0.99) <= 300;

function tell(one: Step): void {
  const { p50, p99 } = latencies(one.done.pages);
  console.error(
    `  offered ${one.offered}/s: answered ${Math.round(perSecond(one))}/s, refused ${one.done.refused}, pages p50 ${p50} p99 ${p99} ms, live p99 ${round(one.live)} ms, RSS ${one.rssMb} MB, processor ${round(one.cpuMs)} ms a request`,
  );
}

/** Everything acknowledged stands in its trainee's list. */
async function lost({ platform: { url } }: Bench, people: DayPeople, steps: readonly DayDone[]): Promise<number> {
  const connection = await HttpConnection.open(url);
  let missing = 0;
  const byTrainee = Map.groupBy(
    steps.flatMap(({ recorded }) => recorded),
    ([trainee]) => trainee,
  );
  for (const [trainee, recorded] of byTrainee)
    for (let from = 0; from < recorded.length; from += IDS_AT_ONCE) {
      const ids = recorded.slice(from, from + IDS_AT_ONCE).map(([, entryId]) => entryId);
      const path = `/api/logbook/entries?size=1&ids=${ids.join(',')}`;
      const { total } = await connection.json<{ total: number }>({ method: 'GET', path, token: people.trainees[trainee]!.token });
      missing += ids.length - total;
    }
  connection.close();
  return missing;
}

/** The secretariat's day beside: an import of 20,000 rows and 20 report runs, one after another; answers what it took. */
async function beside({ platform: { url }, world }: Bench, { secretary: { token } }: DayPeople): Promise<{ upload: number; all: number }> {
  const started = performance.now();
  const connections = await Promise.all([HttpConnection.open(url), HttpConnection.open(url)]);
  const [importing, printing] = connections.map((one) => new Secretariat(one, token)) as [Secretariat, Secretariat];
  const print = async () => {
    for (let n = 0; n < RUNS; n++) await printing.print(world, REPORTS_A_RUN);
  };
  const [upload] = await Promise.all([importing.import(world, ROWS), print()]);
  for (const connection of connections) connection.close();
  return { upload, all: (performance.now() - started) / 1_000 };
}

/** F17: a busy day. 200 people mix pages and acts at a load that rises until it is not carried any more, while an import and report runs go on. */
export async function f17() {
  return onPlatform({ trainees: TRAINEES, entriesEach: ENTRIES_EACH }, async (bench) => {
    const [client, people] = [new DayClient(), await peopleOf(bench)];
    const { url } = bench.platform;
    const warm = await client.run({ url, people, schoolId: bench.world.schoolId, connections: CLIENTS, ...WARM_UP });
    const work = beside(bench, people);
    work.catch(() => undefined); // looked at below
    const steps: Step[] = [];
    for (const offered of STEPS) {
      const one = await step(bench, client, people, offered);
      tell(one);
      steps.push(one);
      if (!isCarried(one)) break;
    }
    const took = await work;
    const missing = await lost(bench, people, [warm, ...steps.map(({ done }) => done)]);
    client.end();
    const carried = steps.findLast(isCarried);
    const over = steps.at(-1) as Step;
    console.error(`  beside: upload ${round(took.upload)} s, import and reports ${round(took.all)} s`);
    const most = steps.reduce((max, { rssMb }) => Math.max(max, rssMb), 0);
    return {
      ours: {
        capacity: Math.round(perSecond(carried ?? over)),
        ...latencies((carried ?? over).done.pages),
        liveP99: round((carried ?? over).live),
        refused: round(over.done.refused / Math.max(1, over.done.refused + over.done.answered)),
        rssMb: most,
        cpuMs: round((carried ?? over).cpuMs),
        lost: missing,
      },
    };
  });
}
