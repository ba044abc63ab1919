import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connectNats, streamOf } from '@ateneo/messaging/nats';
import type { Cluster } from '../cluster/cluster.js';
import type { FeedEvent } from './verdict.js';

type Session = { readonly session: string; readonly groups: readonly string[] };
type Unit = { readonly group: string; readonly unit: string; readonly instance?: string; readonly session?: string };

const READER = 'reporting';
const MOST_NAMED = 10;

/** What services publish against what stands in their JetStream streams: each event there once. */
export async function againstStreams(cluster: Cluster, events: readonly FeedEvent[]): Promise<string[]> {
  const link = await connectNats({ url: cluster.natsUrl(READER), name: READER, timeoutMs: 10_000 });
  try {
    const found: string[] = [];
    for (const service of new Set(events.map((event) => event.service))) {
      const { state } = await (await jetstreamManager(link.raw, { checkAPI: false })).streams.info(streamOf(service));
      const times = new Map<string, number>();
      if (state.messages > 0)
        for await (const message of await (await jetstream(link.raw).consumers.get(streamOf(service))).consume()) {
          const id = message.headers?.get('Nats-Msg-Id') ?? '';
          times.set(id, (times.get(id) ?? 0) + 1);
          if (message.info.pending === 0) break;
        }
      const wrong = events.filter((event) => event.service === service && times.get(event.id) !== 1);
      found.push(
        ...wrong.slice(0, MOST_NAMED).map(({ id, type }) => `${type} ${id} is ${times.get(id) ?? 0} times in ${streamOf(service)}`),
      );
    }
    return found;
  } finally {
    await link.close();
  }
}

/** Units of reporting without a holder that lives, and holders that are no process of the cluster. */
export async function againstLeases(cluster: Cluster): Promise<string[]> {
  const link = await connectNats({ url: cluster.natsUrl(READER), name: READER, timeoutMs: 10_000 });
  try {
    const { sessions, units } = await leasesIn(await new Kvm(jetstream(link.raw)).open(`leases-${READER}`));
    const names = new Set(cluster.reporting.map(({ name }) => name));
    const shared = new Set([...sessions.values()].flatMap(({ groups }) => groups));
    const found = [...sessions.keys()].filter((name) => !names.has(name)).map((name) => `${name} shares and is no process`);
    for (const name of names) if (!sessions.has(name)) found.push(`${name} shares nothing`);
    for (const { group, unit, instance, session } of units)
      if (shared.has(group) && (instance === undefined || sessions.get(instance)?.session !== session))
        found.push(`${unit} of ${group} is held by ${instance ?? 'nobody'}${instance === undefined ? '' : ', whose session is over'}`);
    return found;
  } finally {
    await link.close();
  }
}

async function leasesIn(bucket: Awaited<ReturnType<Kvm['open']>>): Promise<{ sessions: Map<string, Session>; units: Unit[] }> {
  const sessions = new Map<string, Session>();
  const units: Unit[] = [];
  for await (const entry of await bucket.watch()) {
    if (entry.operation === 'PUT') {
      const record = entry.json<Unit & Session>();
      if (entry.key.startsWith('session.')) sessions.set(record.instance as string, record);
      else units.push(record);
    }
    if (entry.delta === 0) break;
  }
  return { sessions, units };
}

/** Events that a process has set aside, by its own metrics. */
export async function parkedIn(cluster: Cluster): Promise<string[]> {
  const found: string[] = [];
  for (const { name, url } of cluster.members.values()) {
    const metrics = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
    for (const [, count] of metrics.matchAll(/^ateneo_(?:\w+_)?parked_events(?:\{[^}]*\})? (\d+)$/gm))
      if (count !== '0') found.push(`${name} has set ${count} events aside`);
  }
  return found;
}
