import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { INestMicroservice } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readGatewayConfig, startGateway } from '@ateneo/api-gateway';
import { type DemoData, demoPeople, seedDemo } from '@ateneo/demo';
import { introduceDemoPeople, inviteFirstAdministrator } from '@ateneo/identity';
import { positionToken } from '@ateneo/messaging';
import {
  checkAddress,
  ConfigurationError,
  openPlatform,
  type Platform,
  readPlatformConfig,
  ServiceRuntime,
  startService,
  systemClock,
  whyNotStarted,
} from '@ateneo/service-kit';
import { SERVICES } from './services.generated.js';

const require = createRequire(import.meta.url);
const SETTLE_MS = 30_000;

/** Every service in this process, on one bus, one writer of events and one of views. */
export class AllInOne {
  readonly #services = new Map<string, INestMicroservice>();
  #gateway: NestFastifyApplication | undefined;
  #closed: Promise<void> | undefined;

  private constructor(readonly platform: Platform) {}

  static async start(
    environment?: Readonly<Record<string, string | undefined>>,
    say: (line: string) => void = () => undefined,
  ): Promise<AllInOne> {
    const started = new AllInOne(await openPlatform(readPlatformConfig(environment)));
    try {
      await started.#open(say);
      return started;
    } catch (error) {
      await started.close();
      throw error;
    }
  }

  /** The services alone, spoken to by `platform.client`: for the command line, on a folder that nobody else has. */
  static async startServices(environment: Readonly<Record<string, string | undefined>>): Promise<AllInOne> {
    const started = new AllInOne(await openPlatform(readPlatformConfig(environment)));
    try {
      await started.#openServices();
      await started.settled();
      return started;
    } catch (error) {
      await started.close();
      throw error;
    }
  }

  get url(): string {
    return this.platform.publicUrl;
  }

  /** What a service is made of, by name. */
  runtime(service: string): ServiceRuntime | undefined {
    return this.#services.get(service)?.get(ServiceRuntime, { strict: false });
  }

  /** Lets anyone sign in as these people of the demo. */
  introduce(people: Parameters<typeof introduceDemoPeople>[1]): Promise<void> {
    return introduceDemoPeople(this.#services.get('identity') as INestMicroservice, people);
  }

  /** A link for the first administrator's password, while there is none. */
  firstAdministratorLink(): Promise<string | undefined> {
    return inviteFirstAdministrator(this.#services.get('identity') as INestMicroservice);
  }

  /** Ends in order: no new requests, services, threads; acknowledged work is on disk already. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #open(say: (line: string) => void): Promise<void> {
    const { platform } = this;
    const { PORT, HOST, EVENT_STORE_URL } = platform.config;
    const gateway = readGatewayConfig();
    if (EVENT_STORE_URL.startsWith('bus:'))
      throw new ConfigurationError(`EVENT_STORE_URL holds "${EVENT_STORE_URL}": every service is in this process; it may hold sqlite:`);
    await checkAddress(PORT, HOST ?? (platform.demo ? 'localhost' : '0.0.0.0'));
    let seeding = platform.demo && platform.fresh;
    platform.health.watch('demo data', () => (seeding ? 'being seeded' : undefined));
    await this.#openServices();
    this.#gateway = await startGateway(platform, {
      port: PORT,
      host: HOST,
      portalFolder: packageFolder('@ateneo/web-portal', 'dist'),
      config: gateway,
    });
    if (seeding) await this.#seed(say);
    seeding = false;
    await this.settled();
  }

  async #openServices(): Promise<void> {
    for (const [name, module] of SERVICES) this.#services.set(name, await startService(name, module, this.platform));
  }

  async #seed(say: (line: string) => void): Promise<void> {
    const { client, clock, markSeeded } = this.platform;
    const started = performance.now();
    const today = systemClock.today();
    const plan = await seedDemo({ client, clock, data: demoData(), settled: () => this.settled() }, today);
    await this.introduce(demoPeople(plan));
    clock.release();
    markSeeded(today);
    say(`demo data seeded in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }

  /** Resolves when nothing is behind any more: every projection has taken in all that is stored now. */
  async settled(): Promise<void> {
    const { health, demo, fresh } = this.platform;
    const runtimes = SERVICES.flatMap(([name]) => this.runtime(name) ?? []);
    for (const { definition, store } of runtimes) {
      const position = await store.head();
      if (position === 0) continue;
      const token = positionToken({ service: definition.name, epoch: store.epoch, partition: 0, position });
      await Promise.all(runtimes.map(({ runner }) => runner.waitFor(token, SETTLE_MS)));
    }
    for (;;) {
      const { waitingFor } = health.readiness();
      if (waitingFor.every((reason) => demo && fresh && reason.startsWith('demo data'))) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #close(): Promise<void> {
    await this.#gateway?.close();
    for (const service of [...this.#services.values()].reverse()) await service.close();
    await this.platform.close();
  }
}

const packageFolder = (name: string, folder: string): string => join(dirname(require.resolve(`${name}/package.json`)), folder);

function demoData(): DemoData {
  const folder = packageFolder('@ateneo/school-network', 'catalogues');
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const { axes } = read('autonomy-levels.json') as { axes: { key: string; values: never[] }[] };
  const values = (key: string) => axes.find((axis) => axis.key === key)?.values ?? [];
  return {
    catalogue: read('requirement-sets.json') as DemoData['catalogue'],
    scale: { levels: values('autonomy'), surgicalRoles: values('surgical-role') },
  };
}

/** The program: starts, says where it is, ends on a signal. Configuration errors are one line each, without a stack. */
export async function runAllInOne(): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const started = performance.now();
  let running: AllInOne | undefined;
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    say('Ateneo is ending…');
    running?.close().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  try {
    running = await AllInOne.start(undefined, say);
    if (ending) return await running.close();
    say(`ready in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    say(`Ateneo is at ${running.url}`);
    const link = running.platform.demo ? undefined : await running.firstAdministratorLink();
    if (link) say(`First administrator: open this link within 30 minutes\n${link}`);
  } catch (error) {
    process.stderr.write(`${whyNotStarted(error)}\n`);
    process.exitCode = 1;
  }
}
