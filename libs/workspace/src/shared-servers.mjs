import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keycloakMissing } from './keycloak.mjs';
import { shareKeycloak } from './keycloak-realm.mjs';

const thatImport = (root, jobs, script) =>
  new Set(jobs.filter(({ name }) => name.endsWith('.spec.ts') && readFileSync(join(root, name), 'utf8').includes(`/${script}'`)));

/** Where several of the jobs use a Keycloak, the first of them starts one for all and the last ends it. */
export function sharingKeycloak(root, jobs) {
  const users = thatImport(root, jobs, 'keycloak-realm.mjs');
  if (users.size < 2 || keycloakMissing() !== undefined) return jobs;
  let left = users.size;
  let starting;
  const run = async (job) => {
    starting ??= shareKeycloak().catch((error) => console.error(`no Keycloak for all: ${error.message}`));
    const end = await starting;
    await job.run().finally(() => (--left === 0 ? end?.() : undefined));
  };
  return jobs.map((job) => (users.has(job) ? { ...job, run: () => run(job) } : job));
}

/** While checkers are still being got (`got`: the file that is there afterwards), what uses one is begun last and waits for them. */
export function afterCheckers(root, jobs, got = process.env.CHECKERS_GOT) {
  if (!got) return jobs;
  const users = thatImport(root, jobs, 'checkers.mjs');
  const run = async (job) => {
    while (!existsSync(got)) await pause(250);
    await job.run();
  };
  return jobs.map((job) => (users.has(job) ? { ...job, last: true, run: () => run(job) } : job));
}
