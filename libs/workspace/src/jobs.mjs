import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** One more than there are cores: many specs wait for an expiry, a server or a browser most of their time. */
const LANES = availableParallelism() + 1;

/**
 * What takes longest begins first, so that nothing is waited for alone in the end; parts of names, as the closing lines of a run tell them.
 * What is killed under load comes behind the checks, which leave it no processor.
 */
const LONGEST = [
  'web-portal/test/journeys',
  'code, architecture',
  'all-in-one/test/import.spec',
  'types',
  'formatting',
  'all-in-one/test/chaos',
  'all-in-one/test/keycloak',
  'api-gateway/test/keycloak',
  'identity/test/realm',
  'specs beside the code',
  'all-in-one/test/rights',
  'all-in-one/test/kill',
  'all-in-one/test/start-problems',
  'all-in-one/test/storage',
  'all-in-one/test/schemathesis',
  'personal-data',
  'new-context',
  'shared-counters',
  'mongo-crash',
  'nats-cluster',
  'all-in-one/test/operator',
  'nats-leases-faults',
  'all-in-one/test/backup',
  'image.spec',
];
const place = ({ name }) => {
  const at = LONGEST.findIndex((part) => name.includes(part));
  return at === -1 ? LONGEST.length : at;
};
const LOOK_AGAIN_MS = 250;

/** Carries out jobs `{ name, run, ready? }`, of those that are ready the longest first. */
export async function runJobs(jobs) {
  const left = jobs.toSorted((a, b) => place(a) - place(b));
  const lane = async () => {
    while (left.length > 0) {
      const next = left.findIndex(({ ready }) => ready?.() ?? true);
      if (next === -1) await pause(LOOK_AGAIN_MS);
      else await left.splice(next, 1)[0].run();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
