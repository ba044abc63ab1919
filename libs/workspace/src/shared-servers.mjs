import { existsSync } from 'node:fs';
import { keycloakMissing } from './keycloak.mjs';
import { SHARED_KEYCLOAK, shareKeycloak } from './keycloak-realm.mjs';
import { needsOf } from './spec-needs.mjs';

/** Where several of the jobs use a Keycloak, the first of them starts one for all and the last ends it. */
export function sharingKeycloak(root, jobs) {
  const users = new Set(jobs.filter(({ name }) => needsOf(root, name).realm));
  if (users.size < 2 || keycloakMissing() !== undefined || process.env[SHARED_KEYCLOAK]) return jobs;
  let left = users.size;
  let starting;
  const run = async (job) => {
    starting ??= shareKeycloak().catch((error) => console.error(`no Keycloak for all: ${error.message}`));
    const end = await starting;
    await job.run().finally(() => (--left === 0 ? end?.() : undefined));
  };
  return jobs.map((job) => (users.has(job) ? { ...job, run: () => run(job) } : job));
}

/**
 * While servers and checkers are still being got, what uses them is not ready; `got`: the files that are there afterwards, whatever became of
 * them. Without a file nothing is being got.
 */
export function onceGot(root, jobs, got = { servers: process.env.SERVERS_GOT, checkers: process.env.CHECKERS_GOT }) {
  const isThere = (file) => !file || existsSync(file);
  return jobs.map((job) => {
    const { servers, checkers } = needsOf(root, job.name);
    return { ...job, ready: () => (!servers || isThere(got.servers)) && (!checkers || isThere(got.checkers)) };
  });
}
