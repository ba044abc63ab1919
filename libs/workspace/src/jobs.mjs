import { availableParallelism } from 'node:os';

/** One more than there are cores: most specs wait for a server, a disk or a browser now and then. */
const LANES = availableParallelism() + 1;

/** What takes longest begins first, so that nothing is waited for alone in the end; parts of names, as the closing lines of a run tell them. */
const LONGEST = [
  'web-portal/test/journeys',
  'all-in-one/test/import.spec',
  'all-in-one/test/chaos',
  'code, architecture',
  'all-in-one/test/keycloak',
  'api-gateway/test/keycloak',
  'all-in-one/test/kill',
  'identity/test/realm',
  'all-in-one/test/rights',
  'all-in-one/test/start-problems',
  'all-in-one/test/storage',
  'all-in-one/test/schemathesis',
  'types',
  'formatting',
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
const place = ({ name }) => LONGEST.findIndex((part) => name.includes(part)) >>> 0;

/** Carries out jobs `{ name, run }`, the longest first. */
export async function runJobs(jobs) {
  const left = jobs.toSorted((a, b) => place(a) - place(b));
  const lane = async () => {
    for (let next = left.shift(); next; next = left.shift()) await next.run();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
