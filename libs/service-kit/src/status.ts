import { createRequire } from 'node:module';
import type { operator } from '@ateneo/contracts';
import { Trouble } from '@ateneo/event-sourcing';
import type { Bus } from '@ateneo/messaging';
import type { Lag, Parked } from '@ateneo/read-models';
import type { Platform } from './platform.js';
import type { ServiceRuntime } from './service-runtime.js';

type InstanceStatus = operator.InstanceStatus;
type Own = Pick<InstanceStatus, 'projections' | 'parked' | 'parkedReactions' | 'publisher'>;

const ASKED = 'status-asked';
const MOST_PARKED = 100;
const MOST_REASON = 300;
const startedAt = new Date(Date.now() - process.uptime() * 1_000).toISOString();
const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Answers whoever asks all processes how they are: a broadcast with an id, answered by a broadcast under that id. Answers how to stop. */
export function tellStatus(platform: Platform, service: string, own: () => Own | Promise<Own>): () => void {
  const { bus, onProblem } = platform;
  const trouble = new Trouble(onProblem, { service, part: 'status', what: 'told' });
  return bus.onBroadcast(ASKED, (message) => {
    const { id } = message as { id: string };
    const told = async () => bus.broadcast(`status-told.${id}`, { ...processStatus(platform, service), ...(await own()) });
    void trouble.heard(told());
  });
}

/** What every process tells that answers within `withinMs`. */
export async function askStatus(bus: Bus, id: string, withinMs: number): Promise<InstanceStatus[]> {
  const told: InstanceStatus[] = [];
  const stop = bus.onBroadcast(`status-told.${id}`, (message) => void told.push(message as InstanceStatus));
  try {
    bus.broadcast(ASKED, { id });
    await new Promise((resolve) => setTimeout(resolve, withinMs));
    return told;
  } finally {
    stop();
  }
}

function processStatus({ leases, health, voice }: Platform, service: string): Omit<InstanceStatus, keyof Own> {
  return {
    service,
    problems: voice.of(service),
    instance: leases.instance,
    version,
    startedAt,
    toldAt: new Date().toISOString(),
    ...health.readiness(),
    waitingFor: [...health.readiness().waitingFor],
    memoryBytes: process.memoryUsage.rss(),
  };
}

/** What a service has to say beside its process. */
export async function statusOf(runtime: ServiceRuntime): Promise<Own> {
  const { runner, definition } = runtime;
  const lags = runner.lag();
  const publisher = await runtime.publisherLag();
  return {
    projections: runner.projections.map((projection) => ({
      projection,
      ...lagsOf(lags.filter((lag) => lag.projection === projection)),
      parked: runner.asideIn(projection),
    })),
    parked: runner.parked(MOST_PARKED).map(parkedOf),
    parkedReactions: [...runtime.reactions]
      .flatMap((running) => running.parked())
      .slice(0, MOST_PARKED)
      .map(({ reaction, origin, position, eventId, type, at, reason }) => ({
        ...{ reaction, origin, position, eventId, type, since: at },
        reason: reason.slice(0, MOST_REASON),
      })),
    publisher: publisher
      ? { mappingVersion: definition.mappingVersion, events: publisher.lag, reason: publisher.reason?.slice(0, MOST_REASON) ?? null }
      : null,
  };
}

/** By origin what this instance reads, by unit what it folds for all. */
function lagsOf(lags: readonly Lag[]): Pick<InstanceStatus['projections'][number], 'origins' | 'units'> {
  const total = (name: 'origin' | 'unit') => {
    const sums = new Map<string, { events: number; seconds: number }>();
    for (const lag of lags) {
      const key = lag[name];
      if (key === undefined) continue;
      const { events, seconds } = sums.get(key) ?? { events: 0, seconds: 0 };
      sums.set(key, { events: events + lag.events, seconds: Math.max(seconds, lag.seconds) });
    }
    return [...sums].sort(([a], [b]) => a.localeCompare(b));
  };
  return {
    origins: total('origin').map(([origin, lag]) => ({ origin, ...lag })),
    units: total('unit').map(([unit, lag]) => ({ unit, ...lag })),
  };
}

function parkedOf({ projection, key, waiting, holder }: Parked): InstanceStatus['parked'][number] {
  const { origin, position, why, reason, event } = holder;
  const { time } = (event ? JSON.parse(event) : {}) as { time?: string };
  return { projection, key, waiting, origin, position, why, reason: reason.slice(0, MOST_REASON), at: time ?? null };
}
