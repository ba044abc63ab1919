import type { Type } from '@nestjs/common';
import { Health } from './health.js';
import { Metrics } from './metrics.js';
import { openPlatform, type Platform } from './platform.js';
import { type PlatformConfig, readPlatformConfig } from './platform.config.js';
import { ProcessServer } from './process-server.js';
import { startService } from './service.module.js';
import { checkAddress, whyNotStarted } from './start-problems.js';

/** What is still open this long after everything was closed is not waited for. */
const LINGER_MS = 2_000;

/** What a process runs: resolves to how it is ended. */
export type Work = (platform: Platform) => Promise<{ close(): Promise<void> }>;

/**
 * A process of its own for `service`: answers for its health from the first moment, opens its platform, does its work, ends in order on SIGINT
 * or SIGTERM. What is wrong with the environment is one line each, without a stack, and exit code 1. It ends even where something stays open. `ownServer`: the work listens on PORT
 * itself, and until it does the process answers there for its health.
 */
export async function runProcess(service: string, work: Work, { ownServer = false } = {}): Promise<void> {
  const health = new Health();
  const metrics = new Metrics(service);
  let starting: string | undefined = 'being opened';
  health.watch(service, () => starting);
  const closers: (() => Promise<void>)[] = [];
  let ended = false;
  const end = async () => {
    if (ended) return;
    ended = true;
    starting = 'ending';
    for (const close of closers.reverse()) await close().catch((error: unknown) => complain(error));
    // a work that failed halfway may have left open what nobody can close: a process that lingers is never started again
    setTimeout(() => process.exit(), LINGER_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
  try {
    const config: PlatformConfig = readPlatformConfig();
    await checkAddress(config.PORT, config.HOST ?? '127.0.0.1');
    const server = await ProcessServer.start({ port: config.PORT, host: config.HOST, health, metrics });
    closers.push(() => server.close());
    const platform = await openPlatform(config, { service, health, metrics, port: server.port });
    if (ended) return await platform.close();
    closers.push(() => platform.close());
    if (ownServer) await server.close();
    const running = await work(platform);
    if (ended) return await running.close();
    closers.push(() => running.close());
    starting = undefined;
    process.stdout.write(`${service} is ready on port ${config.PORT}\n`);
  } catch (error) {
    complain(error);
    process.exitCode = 1;
    await end();
  }
}

/** A service as a process of its own. */
export const runService = (name: string, module: Type): Promise<void> =>
  runProcess(name, (platform) => startService(name, module, platform));

function complain(error: unknown): void {
  process.stderr.write(`${whyNotStarted(error)}\n`);
}
