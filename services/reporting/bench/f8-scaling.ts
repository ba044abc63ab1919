import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectNats, createNatsBus, createNatsEventBus } from '@ateneo/messaging/nats';
import { serveReplay } from '@ateneo/messaging';
import { clusterSecrets } from '@ateneo/workspace/cluster';
import { Member } from '@ateneo/workspace/member';
import { startMongo } from '@ateneo/workspace/mongo';
import { freePort, type RunningNats, startNats } from '@ateneo/workspace/nats';
import { fillBenchStores, openBenchStores, publisherOf, services } from './bench-stores.js';

const TRAINEES = 2_000;
const EVENTS = Number(process.env['F8_EVENTS'] ?? 1_000_000);
const WITHIN_MS = 400_000;
const LEASES_END_MS = 7_000;
const root = join(import.meta.dirname, '../../..');

/** Seconds until so many instances on new read models have taken in every event of the streams. */
async function caughtUp(count: number, folder: string, nats: RunningNats): Promise<number> {
  const mongo = await startMongo();
  const masterKey = 'be'.repeat(32);
  const { signing, trustedKeys } = clusterSecrets(join(folder, 'secrets'), masterKey);
  const members: Member[] = [];
  for (let n = 1; n <= count; n++) {
    const port = await freePort();
    members.push(
      new Member({
        name: `reporting-${n}`,
        port,
        command: [process.execPath, '--disable-warning=ExperimentalWarning', join(root, 'services/reporting/dist/main.js')],
        env: {
          PORT: String(port),
          DATA_DIR: join(folder, `${count}-${n}`),
          INSTANCE: `of-${count}-${n}`,
          SEED: 'empty',
          MASTER_KEY: masterKey,
          BUS_URL: nats.url,
          EVENT_STORE_URL: n === 1 ? 'sqlite:' : 'bus:',
          READ_MODELS_URL: mongo.url,
          KEYS_URL: mongo.url,
          SIGNING_KEY: signing['reporting'],
          TRUSTED_KEYS: `file:${trustedKeys}`,
        },
        log: join(folder, `${count}-${n}.log`),
        restart: false,
      }),
    );
  }
  const started = performance.now();
  try {
    for (const member of members) member.start();
    await Promise.all(members.map((member) => member.ready(WITHIN_MS)));
    return (performance.now() - started) / 1_000;
  } finally {
    await Promise.all(members.map((member) => member.stop()));
    await mongo.stop();
  }
}

/** F8: events per second that two instances of reporting catch up from JetStream, against one; the whole start counts. */
export async function f8(): Promise<{ ours: number; reference: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-f8-'));
  const nats = await startNats();
  const link = await connectNats({ url: nats.url, name: 'bench' });
  const stores = await openBenchStores(folder);
  try {
    await fillBenchStores(stores, TRAINEES, EVENTS);
    const bus = createNatsBus(link);
    const eventBus = createNatsEventBus({ connection: link, bus });
    for (const service of services) {
      const publisher = publisherOf(service, stores[service]);
      eventBus.register(publisher);
      serveReplay(bus, publisher);
    }
    do await pause(2_000);
    while ((await eventBus.publisherLag()).some(({ lag }) => lag > 0));
    console.error('  the streams are full');
    const one = await caughtUp(1, folder, nats);
    console.error(`  1 instance: ${one.toFixed(1)} s`);
    await pause(LEASES_END_MS);
    const two = await caughtUp(2, folder, nats);
    console.error(`  2 instances: ${two.toFixed(1)} s`);
    await eventBus.close();
    await bus.close();
    return { ours: Math.round(EVENTS / two), reference: Math.round(EVENTS / one) };
  } finally {
    await link.close();
    await stores.close();
    await nats.stop();
    rmSync(folder, { recursive: true });
  }
}
