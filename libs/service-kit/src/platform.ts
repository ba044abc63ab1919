import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type EventWriter, lockDataFolder, type OnProblem, startEventWriter } from '@ateneo/event-sourcing';
import type { Bus, EventBus, Leases } from '@ateneo/messaging';
import { startViewsWriter, type ViewsWriter } from '@ateneo/read-models';
import { SettableClock } from './clock.js';
import { checkMasterKey } from './anchor-file.js';
import { Health } from './health.js';
import { derivedKey, masterKeyOf, openInstallation, writeInstallation } from './installation.js';
import { openPassports } from './key-pair-passports.js';
import { createLogger, type Logger } from './log.js';
import { Metrics } from './metrics.js';
import { openNetwork } from './network.js';
import { OperationClient } from './operation-client.js';
import type { Passports } from './passport.js';
import type { PlatformConfig } from './platform.config.js';
import { openFilesFolder, ownerOnly, tighten } from './private-folders.js';
import { startTracing } from './tracing.js';
import { Voice } from './voice.js';

/** What the services of one process share: threads that write, the bus, the clock, secrets. */
export abstract class Platform {
  abstract readonly config: PlatformConfig;
  abstract readonly folder: string;
  abstract readonly publicUrl: string;
  abstract readonly demo: boolean;
  /** The folder had no data before this start. */
  abstract readonly fresh: boolean;
  abstract readonly clock: SettableClock;
  abstract readonly log: Logger;
  abstract readonly metrics: Metrics;
  abstract readonly health: Health;
  abstract readonly voice: Voice;
  /** Told of what fails where nobody waits for an answer. */
  abstract readonly onProblem: OnProblem;
  abstract readonly bus: Bus;
  abstract readonly eventBus: EventBus;
  /** How instances of a service share work. */
  abstract readonly leases: Leases;
  /** Started when first asked for. */
  abstract readonly eventWriter: EventWriter;
  abstract readonly viewsWriter: ViewsWriter;
  abstract readonly passports: Passports;
  abstract readonly client: OperationClient;
  abstract readonly masterKey: Buffer;
  /** A key of 32 bytes for one purpose, derived from the master key. */
  abstract readonly derive: (purpose: string) => Buffer;
  /** Notes that the demo's data is complete; until then a start begins it anew. */
  abstract readonly markSeeded: (day: string) => void;
  abstract readonly close: () => Promise<void>;
}

export type PlatformOptions = {
  /** Where the process listens; default: PORT. */
  readonly port?: number;
  /** The name of this process on a network bus: its service, or `api-gateway`. */
  readonly service?: string;
  /** Given where the process began before its platform, e.g. to answer for its health. */
  readonly health?: Health;
  readonly metrics?: Metrics;
};

/** Opens the data folder and what all services share; on a network bus it waits until the server is there. Throws ConfigurationError where folder and environment do not fit. */
export async function openPlatform(config: PlatformConfig, options: PlatformOptions = {}): Promise<Platform> {
  const { port = config.PORT, service = 'ateneo', health = new Health(), metrics = new Metrics(service) } = options;
  const folder = resolve(config.DATA_DIR);
  ownerOnly();
  const unlock = lockDataFolder(folder);
  try {
    openFilesFolder(config);
    const { seed, fresh } = openInstallation(folder, config);
    const masterKey = masterKeyOf(folder, config, seed, fresh);
    const derive = (purpose: string) => derivedKey(masterKey, purpose);
    checkMasterKey(folder, derive);
    const { OTEL_EXPORTER_OTLP_ENDPOINT: collector, INSTANCE } = config;
    const endTracing = collector ? await startTracing(collector, service, INSTANCE) : undefined;
    const log = createLogger(config.LOG_LEVEL);
    tighten(folder, log);
    const voice = new Voice({ service, log, metrics });
    const onProblem = voice.hear;
    const passports = openPassports(config, service, onProblem);
    const { bus, eventBus, leases, close } = await openNetwork(config, { service, health, metrics, log, onProblem });
    metrics.gauge('ateneo_data_disk_free_bytes', 'Free bytes where the data folder is', [], async () => {
      const { bavail, bsize } = await statfs(folder);
      return [{ labels: {}, value: bavail * bsize }];
    });
    let eventWriter: EventWriter | undefined;
    let viewsWriter: ViewsWriter | undefined;
    return {
      config,
      folder,
      publicUrl: (config.PUBLIC_URL ?? `http://localhost:${port}`).replace(/\/$/, ''),
      demo: seed === 'demo',
      fresh,
      clock: new SettableClock(),
      log,
      metrics,
      health,
      voice,
      onProblem,
      bus,
      eventBus,
      leases,
      get eventWriter() {
        return (eventWriter ??= startEventWriter());
      },
      get viewsWriter() {
        return (viewsWriter ??= startViewsWriter());
      },
      passports,
      client: new OperationClient(bus, passports, onProblem),
      masterKey,
      derive,
      markSeeded: (seededOn) => writeInstallation(folder, { seed, seededOn }),
      async close() {
        await close();
        await eventWriter?.close();
        await viewsWriter?.close();
        await endTracing?.();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
