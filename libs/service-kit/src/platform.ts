import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EventWriter, lockDataFolder, startEventWriter } from '@ateneo/event-sourcing';
import { type Bus, createMemoryBus, createMemoryEventBus, type MemoryEventBus } from '@ateneo/messaging';
import { startViewsWriter, type ViewsWriter } from '@ateneo/read-models';
import { SettableClock } from './clock.js';
import { ConfigurationError } from './config.js';
import { Health } from './health.js';
import { createLogger, type Logger } from './log.js';
import { Metrics } from './metrics.js';
import { OperationClient } from './operation-client.js';
import { type Passports, ProcessPassports } from './passport.js';
import type { PlatformConfig } from './platform.config.js';

export const PLATFORM = Symbol('PLATFORM');

/** What the services of one process share: threads that write, the bus, the clock, secrets. */
export type Platform = {
  readonly config: PlatformConfig;
  readonly folder: string;
  readonly publicUrl: string;
  readonly demo: boolean;
  /** The folder had no data before this start. */
  readonly fresh: boolean;
  readonly clock: SettableClock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly bus: Bus;
  readonly eventBus: MemoryEventBus;
  readonly eventWriter: EventWriter;
  readonly viewsWriter: ViewsWriter;
  readonly passports: Passports;
  readonly client: OperationClient;
  readonly masterKey: Buffer;
  /** A key of 32 bytes for one purpose, derived from the master key. */
  derive(purpose: string): Buffer;
  /** Notes that the demo's data is complete; until then a start begins it anew. */
  markSeeded(day: string): void;
  close(): Promise<void>;
};

/** What a data folder was started as; a demo also tells when its data was complete. */
type Installation = { readonly seed: 'demo' | 'empty'; readonly seededOn?: string };
const INSTALLATION = 'installation.json';

/** Opens the data folder and what all services share. Throws ConfigurationError where folder and environment do not fit. */
export function openPlatform(config: PlatformConfig, port = config.PORT): Platform {
  const folder = resolve(config.DATA_DIR);
  const unlock = lockDataFolder(folder);
  try {
    const { seed, fresh } = installation(folder, config);
    const masterKey = masterKeyOf(folder, config, seed, fresh);
    const derive = (purpose: string) => createHmac('sha256', masterKey).update(purpose).digest();
    const clock = new SettableClock();
    const bus = createMemoryBus();
    const eventBus = createMemoryEventBus();
    const eventWriter = startEventWriter();
    const viewsWriter = startViewsWriter();
    const passports = new ProcessPassports(randomBytes(32));
    return {
      config,
      folder,
      publicUrl: (config.PUBLIC_URL ?? `http://localhost:${port}`).replace(/\/$/, ''),
      demo: seed === 'demo',
      fresh,
      clock,
      log: createLogger(config.LOG_LEVEL),
      metrics: new Metrics(),
      health: new Health(),
      bus,
      eventBus,
      eventWriter,
      viewsWriter,
      passports,
      client: new OperationClient(bus, passports),
      masterKey,
      derive,
      markSeeded: (seededOn) => writeInstallation(folder, { seed, seededOn }),
      async close() {
        await eventBus.close();
        await bus.close();
        await eventWriter.close();
        await viewsWriter.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A folder keeps what it was started as: one started empty never becomes a demo. A demo whose seeding was cut off is begun anew. */
function installation(folder: string, { SEED }: PlatformConfig): Installation & { fresh: boolean } {
  const file = join(folder, INSTALLATION);
  if (!existsSync(file)) {
    const seed = SEED ?? 'demo';
    writeInstallation(folder, { seed });
    return { seed, fresh: true };
  }
  const { seed, seededOn } = JSON.parse(readFileSync(file, 'utf8')) as Installation;
  if (SEED !== undefined && SEED !== seed) throw new ConfigurationError(`SEED holds "${SEED}", but the folder ${folder} was started as "${seed}": it may hold ${seed}, or DATA_DIR another folder`);
  const cutOff = seed === 'demo' && seededOn === undefined;
  if (cutOff) clearDemo(folder);
  return { seed, fresh: cutOff };
}

const writeInstallation = (folder: string, content: Installation): void => writeFileSync(join(folder, INSTALLATION), `${JSON.stringify(content)}\n`);

function clearDemo(folder: string): void {
  for (const name of readdirSync(folder)) if (/\.(events|views|keys)\.sqlite(-wal|-shm)?$/.test(name) || name === 'files') rmSync(join(folder, name), { recursive: true });
}

function masterKeyOf(folder: string, { MASTER_KEY }: PlatformConfig, seed: Installation['seed'], fresh: boolean): Buffer {
  if (MASTER_KEY) return Buffer.from(MASTER_KEY, MASTER_KEY.length === 64 ? 'hex' : 'base64');
  if (seed !== 'demo') throw new ConfigurationError('MASTER_KEY is not set: outside the demo it must hold 32 bytes in hexadecimal or base64');
  const file = join(folder, 'demo-master.key');
  if (!existsSync(file)) {
    if (!fresh) throw new ConfigurationError(`${file} is missing: the data of this demo cannot be read without it`);
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
}
