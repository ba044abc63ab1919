import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from '@ateneo/workspace/cluster';
import { inFolder } from './bench-platform.js';
import { BENCH_ENVIRONMENT, type BenchWorld, makeBenchWorld, type WorldSize } from './bench-world.js';

export type DistributedBench = { readonly cluster: Cluster; readonly world: BenchWorld };

/** As `onPlatform`, with real servers and one process per service. */
export async function onCluster<T>(size: WorldSize, measure: (bench: DistributedBench) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const whole = join(folder, 'whole');
    mkdirSync(whole);
    const world = await makeBenchWorld(whole, size);
    const from = { folder: whole, masterKey: BENCH_ENVIRONMENT.MASTER_KEY };
    const cluster = await Cluster.start({ home: folder, from, env: BENCH_ENVIRONMENT });
    try {
      return await measure({ cluster, world });
    } finally {
      await cluster.stop();
    }
  });
}
