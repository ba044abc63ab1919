import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, COMMANDS_SERVICES } from '../cluster/cluster.js';
import type { Member } from '../cluster/member.js';
import { pauseProcess } from '../pause-process.mjs';
import type { Proxy } from '../toxiproxy.mjs';
import type { Chance } from './chance.js';
import { dropViewsOf } from './views.js';
import type { Server, Ways } from './ways.js';

export type Stage = {
  readonly cluster: Cluster;
  /** Without it the network is good. */
  readonly ways?: Ways;
  readonly chance: Chance;
  readonly mostReporting: number;
  readonly longestPauseMs: number;
  /** How often the run itself ended each process. */
  readonly ended: Map<Member, number>;
  /** Told of views that were dropped, `cut`: and killed once more while they were built anew. */
  rebuilt(what: string, cut: boolean): void;
};
/** One thing that goes wrong and ends by itself; `on`: what nothing else may befall meanwhile. */
export type Trouble = { readonly what: string; readonly on: string; run(): Promise<unknown> };
type Kind = (stage: Stage) => Trouble | undefined;

const LONGEST_CUT_MS = 5_000;
const GATEWAY = 'api-gateway';

/** Every kind of trouble; one that the stage has no means for answers nothing. */
export const TROUBLES: Readonly<Record<string, Kind>> = {
  'service killed': (stage) => killed(stage, COMMANDS_SERVICES, 'SIGKILL'),
  'reporting killed': (stage) => killed(stage, reportingNames(stage), 'SIGKILL'),
  'gateway killed': (stage) => killed(stage, [GATEWAY], 'SIGKILL'),
  'process restarted': (stage) => killed(stage, everyName(stage), 'SIGTERM'),
  'process paused': (stage) => paused(stage, [...COMMANDS_SERVICES, GATEWAY], 1_000),
  'reporting paused': (stage) => paused(stage, reportingNames(stage), 3_000),
  'reporting scaled': scaled,
  'views rebuilt': (stage) => rebuilt(stage, stage.chance.pick(COMMANDS_SERVICES)),
  'counters rebuilt': (stage) => rebuilt(stage, 'reporting'),
  'NATS killed': natsKilled,
  'NATS paused': natsPaused,
  'MongoDB killed': mongoKilled,
  'network slow': (stage) =>
    cut(stage, 'nats', 'slow', (proxy) => proxy.add('latency', { latency: stage.chance.whole(20, 300), jitter: 20 })),
  'network reset': (stage) => cut(stage, 'nats', 'reset', (proxy) => proxy.add('reset_peer', { timeout: stage.chance.whole(0, 200) })),
  'network half open': (stage) => cut(stage, 'nats', 'half open', (proxy) => proxy.add('timeout', { timeout: 0 })),
  'network down': (stage) => cut(stage, 'nats', 'down', down),
  'MongoDB unreachable': (stage) => cut(stage, 'mongo', 'down', down),
};

const reportingNames = ({ cluster }: Stage): string[] => cluster.reporting.map(({ name }) => name);
const everyName = ({ cluster }: Stage): string[] => [...cluster.members.keys()];

function killed({ cluster, chance, ended }: Stage, names: readonly string[], signal: 'SIGKILL' | 'SIGTERM'): Trouble {
  const name = chance.pick(names);
  return {
    what: `${signal} of ${name}`,
    on: name,
    async run() {
      const member = cluster.member(name);
      const { starts } = member;
      if (!member.isRunning) return;
      ended.set(member, (ended.get(member) ?? 0) + 1);
      member.signal(signal);
      for (const until = performance.now() + 30_000; member.starts === starts && performance.now() < until;) await pause(20);
    },
  };
}

/** All views of a service are dropped while it is down; half of the times it is killed again while it builds them. */
function rebuilt(stage: Stage, service: string): Trouble {
  const { cluster, chance, ended } = stage;
  const cutAfterMs = chance.next() < 0.5 ? chance.whole(300, 4_000) : undefined;
  return {
    what: `views of ${service} dropped${cutAfterMs === undefined ? '' : `, and killed again after ${cutAfterMs} ms`}`,
    on: service,
    async run() {
      const members = service === 'reporting' ? cluster.reporting : [cluster.member(service)];
      const killed = () => members.forEach((member) => member.isRunning && ended.set(member, (ended.get(member) ?? 0) + 1));
      killed();
      await dropViewsOf(cluster, service);
      if (cutAfterMs !== undefined) {
        await pause(cutAfterMs);
        killed();
        for (const member of members) member.signal('SIGKILL');
      }
      stage.rebuilt(service, cutAfterMs !== undefined);
    },
  };
}

function paused({ cluster, chance, longestPauseMs }: Stage, names: readonly string[], shortestMs: number): Trouble {
  const name = chance.pick(names);
  const ms = chance.whole(shortestMs, longestPauseMs);
  return {
    what: `${name} paused for ${ms} ms`,
    on: name,
    async run() {
      const member = cluster.member(name);
      await member.pause();
      await pause(ms);
      member.signal('SIGCONT');
    },
  };
}

function scaled({ cluster, chance, mostReporting }: Stage): Trouble | undefined {
  if (mostReporting < 2 || !cluster.mongo) return undefined;
  const others = Array.from({ length: mostReporting }, (_, i) => i + 1).filter((count) => count !== cluster.reporting.length);
  const count = chance.pick(others);
  return { what: `reporting as ${count}`, on: 'reporting', run: () => cluster.scaleReporting(count) };
}

function natsKilled({ cluster, chance }: Stage): Trouble {
  const node = chance.whole(0, cluster.nats.length - 1);
  const ms = chance.whole(0, 2_000);
  return {
    what: `SIGKILL of node ${node + 1} of NATS, back after ${ms} ms`,
    on: 'nats',
    async run() {
      await cluster.killNats(node);
      await pause(ms);
      await cluster.restartNats(node);
    },
  };
}

function natsPaused({ cluster, chance }: Stage): Trouble {
  const node = chance.whole(0, cluster.nats.length - 1);
  const ms = chance.whole(500, LONGEST_CUT_MS);
  return {
    what: `node ${node + 1} of NATS paused for ${ms} ms`,
    on: 'nats',
    async run() {
      const pid = cluster.nats[node]?.pid as number;
      await pauseProcess(pid);
      await pause(ms);
      process.kill(pid, 'SIGCONT');
    },
  };
}

/** Only the stand-in: a server that MONGODB_URL names is not ours to end. */
function mongoKilled({ cluster, chance }: Stage): Trouble | undefined {
  if (!cluster.mongo?.standIn) return undefined;
  const ms = chance.whole(0, 2_000);
  return {
    what: `SIGKILL of MongoDB's stand-in, back after ${ms} ms`,
    on: 'mongo',
    async run() {
      await cluster.killMongo();
      await pause(ms);
      await cluster.restartMongo();
    },
  };
}

/** The way to a server is bad for a while, for one process or for all. */
function cut(
  { ways, cluster, chance }: Stage,
  server: Server,
  how: string,
  spoil: (proxy: Proxy) => Promise<() => unknown>,
): Trouble | undefined {
  const one = chance.next() < 0.6 ? chance.pick([...cluster.members.keys()].filter((name) => ways?.to(server, name).length)) : undefined;
  const ms = chance.whole(1_000, LONGEST_CUT_MS);
  if (!ways || ways.to(server).length === 0) return undefined;
  return {
    what: `the way of ${one ?? 'everyone'} to ${server} ${how} for ${ms} ms`,
    on: `way to ${server}`,
    async run() {
      const mended = await Promise.all(ways.to(server, one).map(spoil));
      await pause(ms);
      await Promise.all(mended.map((mend) => mend()));
    },
  };
}

async function down(proxy: Proxy): Promise<() => unknown> {
  await proxy.disable();
  return () => proxy.enable();
}
