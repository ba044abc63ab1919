import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPlatform, type Platform, readPlatformConfig } from '@ateneo/service-kit';
import { type RunningMongo, startMongo } from '@ateneo/workspace/mongo';
import { type RunningNats, startNats } from '@ateneo/workspace/nats';

const pairOf = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    own: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    open: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
};

/** A NATS server and a MongoDB for instances of reporting, each with a folder of its own, here or in a process of its own. */
export class Instances {
  readonly #keys = { reporting: pairOf(), sources: pairOf() };
  readonly #children = new Set<ChildProcess>();

  private constructor(
    private readonly folder: string,
    private readonly nats: RunningNats,
    private readonly mongo: RunningMongo,
  ) {
    const trusted = Object.fromEntries(Object.entries(this.#keys).map(([name, { open }]) => [name, open]));
    writeFileSync(join(folder, 'trusted.json'), JSON.stringify(trusted));
  }

  static async start(): Promise<Instances> {
    return new Instances(mkdtempSync(join(tmpdir(), 'ateneo-instances-')), await startNats(), await startMongo());
  }

  /** `store`: whether it has the event store of the service, or borrows it. */
  environment(service: 'reporting' | 'sources', instance: string, store: boolean): Record<string, string> {
    return {
      DATA_DIR: join(this.folder, instance),
      SEED: 'empty',
      MASTER_KEY: 'ab'.repeat(32),
      LOG_LEVEL: 'error',
      BUS_URL: this.nats.url,
      EVENT_STORE_URL: store ? 'sqlite:' : 'bus:',
      READ_MODELS_URL: this.mongo.url,
      KEYS_URL: this.mongo.url,
      FILES_URL: `file:${join(this.folder, 'files')}`,
      INSTANCE: instance,
      SIGNING_KEY: this.#keys[service].own,
      TRUSTED_KEYS: `file:${join(this.folder, 'trusted.json')}`,
    };
  }

  platform(service: 'reporting' | 'sources', instance: string): Promise<Platform> {
    return openPlatform(readPlatformConfig(this.environment(service, instance, true)), { service });
  }

  /** Another instance of reporting, which borrows the event store. */
  async spawn(instance: string): Promise<ChildProcess> {
    const args = process.execArgv.filter((arg) => !arg.startsWith('--test'));
    const child = spawn(process.execPath, [...args, fileURLToPath(new URL('./instance.child.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: '/usr/bin:/bin', ...this.environment('reporting', instance, false) },
    });
    this.#children.add(child);
    await once(child.stdout!, 'data');
    return child;
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.nats.stop();
    await this.mongo.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
