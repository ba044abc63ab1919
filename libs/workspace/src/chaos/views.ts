import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectMongo, databaseOf } from '@ateneo/event-sourcing/mongo';
import type { Cluster } from '../cluster/cluster.js';
import type { Member } from '../cluster/member.js';

/** What stands beside views in MongoDB and is none: the runbook says so too. */
const KEPT = ['deadlines', 'reaction-checkpoints', 'parked-events', 'given-up-events'];
const AGAIN_MS = 500;
const LONGEST_MS = 60_000;

/** Removes the views of a service from a data folder, as the runbook allows while nobody has it open. */
export function dropViews(folder: string, service: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith(`${service}.views.sqlite`)) rmSync(join(folder, name));
}

/** Removes all views of a service that the cluster runs, while its processes are down. */
export async function dropViewsOf(cluster: Cluster, service: string): Promise<void> {
  const members = service === 'reporting' ? cluster.reporting : [cluster.member(service)];
  await whileDown(members, () =>
    cluster.isInMongo(service) ? dropInMongo(cluster, service) : dropViews(cluster.data.folderOf(service), service),
  );
}

function whileDown([first, ...others]: readonly Member[], work: () => unknown): Promise<unknown> {
  return first ? first.whileDown(() => whileDown(others, work)) : Promise.resolve(work());
}

/** The server may be away for a while: it has troubles of its own. */
async function dropInMongo(cluster: Cluster, service: string): Promise<void> {
  for (const until = performance.now() + LONGEST_MS; ; await pause(AGAIN_MS)) {
    try {
      return await dropCollections(cluster.mongo?.url as string, `ateneo_${service}`);
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}

async function dropCollections(url: string, database: string): Promise<void> {
  const connection = await connectMongo(url);
  try {
    const views = databaseOf(connection, database);
    for (const { name } of await views.listCollections({}, { nameOnly: true }).toArray())
      if (!KEPT.includes(name)) await views.dropCollection(name);
  } finally {
    await connection.close();
  }
}
