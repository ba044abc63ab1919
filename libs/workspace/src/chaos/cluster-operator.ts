import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningPlatform, startPlatform } from '../bench/platform.js';
import { CONTEXTS } from '@ateneo/contracts';
import type { Cluster } from '../cluster/cluster.js';
import type { Operator } from './backups.js';
import { ateneo, done, type Environment } from './command-line.js';

const SERVICES = Object.keys(CONTEXTS);

/** Whoever backs up the folders of a cluster's services, one after another, and puts them together again on one machine. */
export class ClusterOperator implements Operator {
  constructor(
    private readonly cluster: Cluster,
    private readonly env: Environment = {},
  ) {}

  async backUp(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    for (const service of SERVICES) await this.#command(['backup', join(folder, service)], this.cluster.data.folderOf(service));
  }

  /** Each service apart, then all in one folder, whose history is signed anew since each part brought signed heads of its own. */
  async restore(backup: string, folder: string): Promise<RunningPlatform> {
    rmSync(folder, { recursive: true, force: true });
    const whole = join(folder, 'whole');
    mkdirSync(whole, { recursive: true });
    for (const service of SERVICES) {
      const apart = join(folder, service);
      await this.#command(['restore', join(backup, service), '--no-newer-register'], apart);
      for (const name of readdirSync(apart)) if (/\.(events|keys)\.sqlite$/.test(name)) copyFileSync(join(apart, name), join(whole, name));
    }
    writeFileSync(join(whole, 'installation.json'), `${JSON.stringify({ seed: 'demo', seededOn: '1970-01-01' })}\n`);
    await this.#command(['sign-history'], whole);
    return startPlatform({ dataDir: whole, env: { ...this.#environment, ...this.env } as Record<string, string> });
  }

  get #environment(): Environment {
    return { SEED: 'demo', MASTER_KEY: this.cluster.data.masterKey };
  }

  #command(words: readonly string[], folder: string): Promise<string> {
    return done(ateneo(words, { ...this.#environment, ...this.env, DATA_DIR: folder }));
  }
}
