import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { CONTEXTS } from '@ateneo/contracts';
import { clusterSecrets } from '@ateneo/workspace/cluster';
import { Member } from '@ateneo/workspace/member';
import { freePort, startNats } from '@ateneo/workspace/nats';
import { inFolder, residentMb } from './bench-platform.js';
import { echoService } from './echo-stack.js';

const SERVICES = [...Object.keys(CONTEXTS), 'api-gateway'];
const SETTLED_MS = 2_000;
const root = join(import.meta.dirname, '../../..');

type Alone = { readonly startMs: number; readonly rssMb: number; readonly rssRatio: number };

/** F13: milliseconds from spawn to ready and resident memory of each service alone on NATS with empty SQLite files, against a bare Nest service. */
export async function f13(): Promise<{ ours: Record<string, Alone>; reference: { rssMb: number } }> {
  const nats = await startNats();
  try {
    const echo = await echoService(nats.url);
    await pause(SETTLED_MS);
    const bareMb = residentMb(echo.pid);
    echo.end();
    const ours: Record<string, Alone> = {};
    for (const service of SERVICES) {
      const { startMs, rssMb } = await inFolder((folder) => alone(service, folder, nats.url));
      ours[service] = { startMs, rssMb, rssRatio: Math.round((rssMb / bareMb) * 100) / 100 };
      console.error(`  ${service}: ${startMs} ms, ${rssMb} MB, bare ${bareMb} MB`);
    }
    return { ours, reference: { rssMb: bareMb } };
  } finally {
    await nats.stop();
  }
}

async function alone(service: string, folder: string, bus: string): Promise<{ startMs: number; rssMb: number }> {
  const port = await freePort();
  const masterKey = 'be'.repeat(32);
  const { signing, trustedKeys } = clusterSecrets(join(folder, 'secrets'), masterKey);
  const member = new Member({
    name: service,
    port,
    command: [process.execPath, '--disable-warning=ExperimentalWarning', join(root, `services/${service}/dist/main.js`)],
    env: {
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      SEED: 'empty',
      MASTER_KEY: masterKey,
      BUS_URL: bus,
      SIGNING_KEY: signing[service],
      TRUSTED_KEYS: `file:${trustedKeys}`,
    },
    log: join(folder, 'log'),
    restart: false,
  });
  const started = performance.now();
  member.start();
  try {
    await member.saying('is ready', 30_000);
    const startMs = Math.round(performance.now() - started);
    await pause(SETTLED_MS);
    return { startMs, rssMb: residentMb(member.pid as number) };
  } finally {
    await member.stop();
  }
}
