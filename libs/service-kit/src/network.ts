import type { OnProblem } from '@ateneo/event-sourcing';
import { type Bus, createLocalLeases, createMemoryBus, createMemoryEventBus, type EventBus, type Leases } from '@ateneo/messaging';
import type { Health } from './health.js';
import type { Logger } from './log.js';
import type { Metrics } from './metrics.js';
import type { PlatformConfig } from './platform.config.js';

/** What the services of an installation speak through, chosen by the scheme of BUS_URL. */
export type Network = { readonly bus: Bus; readonly eventBus: EventBus; readonly leases: Leases; close(): Promise<void> };

export type NetworkOptions = {
  readonly service: string;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly onProblem: OnProblem;
};

/** An instance that is not heard for so long has lost what it held: long enough for a busy machine, short enough that parts move within 10 s. */
const SESSION_MS = 5_000;

/** `memory:` is this process alone; `nats:` and `tls:` wait until a server answers, telling the log meanwhile. */
export async function openNetwork(config: PlatformConfig, options: NetworkOptions): Promise<Network> {
  return config.BUS_URL.startsWith('memory:') ? openMemory(options) : openNats(config, options);
}

const leaseProblems =
  (onProblem: OnProblem) =>
  (what: string, error: unknown): void =>
    onProblem({ is: 'happened', part: 'leases', what, error });

function openMemory({ onProblem }: NetworkOptions): Network {
  const bus = createMemoryBus();
  const eventBus = createMemoryEventBus(onProblem);
  const leases = createLocalLeases(undefined, leaseProblems(onProblem));
  return {
    bus,
    eventBus,
    leases,
    async close() {
      await eventBus.close();
      await bus.close();
    },
  };
}

async function openNats(config: PlatformConfig, { service, health, metrics, log, onProblem }: NetworkOptions): Promise<Network> {
  const { connectNats, createNatsBus, createNatsEventBus, createNatsLeases } = await import('@ateneo/messaging/nats');
  let connected = false;
  metrics.gauge('ateneo_bus_connected', 'Whether a server of the bus answers, 1 or 0', [], () => [
    { labels: {}, value: Number(connected) },
  ]);
  health.watch('bus', () => (connected ? undefined : 'no NATS server answers'));
  const { NATS_CA_FILE: caFile, NATS_CERT_FILE: certFile, NATS_KEY_FILE: keyFile } = config;
  const connection = await connectNats({
    url: config.BUS_URL,
    name: service,
    tls: caFile ? { caFile, certFile, keyFile } : undefined,
    log: (message) => log.warn({ service }, message),
  });
  connected = true;
  let ending = false;
  connection.onStatus((now) => {
    connected = now;
    if (!ending) log.warn({ service }, now ? 'the bus is back' : 'the bus is lost');
  });
  const bus = createNatsBus(connection);
  const eventBus = createNatsEventBus({ connection, bus, streams: { replicas: config.STREAM_REPLICAS }, onProblem });
  const leases = await createNatsLeases(connection.raw, {
    instance: config.INSTANCE,
    service,
    sessionMs: SESSION_MS,
    replicas: config.STREAM_REPLICAS,
    onProblem: leaseProblems(onProblem),
  });
  return {
    bus,
    eventBus,
    leases,
    async close() {
      ending = true;
      await leases.close();
      await eventBus.close();
      await bus.close();
      await connection.close();
    },
  };
}
