// npm run cluster: the distributed form on this machine. Ctrl+C ends it; data stays in the folder it names.
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Cluster } from './cluster/cluster.js';
import { type ClusterRealm, DEMO_PASSWORD, startRealm } from './cluster/realm.js';
import { NotReadyError } from './cluster/member.js';
import { keycloakMissing } from './keycloak.mjs';

const HELP = `npm run cluster -- [--reporting N] [--nats-nodes 1|3] [--port P] [--data FOLDER] [--empty] [--keycloak] [--as-deployed]

--keycloak     people sign in at a real Keycloak, whose accounts identity keeps, instead of the gateway's own realm
--as-deployed  every server that docker-compose.yml gives a process and this machine can have: MongoDB for all, S3, Keycloak,
               KurrentDB where KURRENTDB_URL names one (then with --empty)

While it runs, type
  reporting N      so many instances of reporting
  kill NAME        ends a process without goodbye; it is started again
  pause NAME       stops a process for a while, as a hung machine would; wake NAME
  kill nats N      ends node N of NATS; start nats N
  list, quit (also while it starts)`;

const { values } = parseArgs({
  options: {
    reporting: { type: 'string', default: '2' },
    'nats-nodes': { type: 'string', default: '1' },
    port: { type: 'string', default: '3000' },
    data: { type: 'string', default: '.ateneo-cluster' },
    empty: { type: 'boolean', default: false },
    keycloak: { type: 'boolean', default: false },
    'as-deployed': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string) => void process.stdout.write(`${line}\n`);

function table(cluster: Cluster): void {
  say('');
  if (cluster.members.size === 0) say('  no process yet: its servers are being started');
  for (const { name, url, pid, starts } of cluster.members.values())
    say(`  ${name.padEnd(16)} ${url.padEnd(24)} pid ${String(pid ?? '-').padEnd(8)}${starts > 1 ? ` started ${starts} times` : ''}`);
  say('');
}

async function obey(cluster: Cluster, line: string, isReady: boolean): Promise<void> {
  const [verb = '', what = '', which = ''] = line.trim().split(/\s+/);
  if (verb === '') return;
  if (!isReady && verb !== 'list') return say('the cluster is being started: until it is ready there are list and quit');
  if (verb === 'reporting') await cluster.scaleReporting(Number(what));
  else if (verb === 'kill' && what === 'nats') await cluster.killNats(Number(which) - 1);
  else if (verb === 'start' && what === 'nats') await cluster.restartNats(Number(which) - 1);
  else if (verb === 'kill') cluster.member(what).signal('SIGKILL');
  else if (verb === 'pause') await cluster.member(what).pause();
  else if (verb === 'wake') cluster.member(what).signal('SIGCONT');
  else if (verb !== 'list') return say(HELP);
  table(cluster);
}

/** Whether people sign in at a Keycloak. Throws RangeError where it was asked for by name and cannot be had. */
function wantsKeycloak(): boolean {
  const missing = keycloakMissing();
  if (values.keycloak && missing) throw new RangeError(`--keycloak: ${missing}`);
  if (values['as-deployed'] && missing) say(`Keycloak: ${missing}; people sign in at the gateway's own realm`);
  return values.keycloak || (values['as-deployed'] && !missing);
}

/** Hears what is typed from the first moment; answers what to call when the cluster is ready. */
function listen(cluster: Cluster, end: () => void): { ready(): void; close(): void } {
  const input = createInterface({ input: process.stdin });
  let isReady = false;
  input.on('line', (line) =>
    line.trim() === 'quit' ? end() : void obey(cluster, line, isReady).catch((error: Error) => say(error.message)),
  );
  return { ready: () => void (isReady = true), close: () => input.close() };
}

async function main(): Promise<void> {
  if (values.help) return say(HELP);
  const natsNodes = Number(values['nats-nodes']);
  if (natsNodes !== 1 && natsNodes !== 3) throw new RangeError(`--nats-nodes holds "${values['nats-nodes']}": it may hold 1 or 3`);
  const keycloak = wantsKeycloak();
  const home = resolve(values.data);
  const started = performance.now();
  let realm: ClusterRealm | undefined;
  const cluster = new Cluster({
    home,
    say,
    natsNodes,
    port: Number(values.port),
    reporting: Number(values.reporting),
    seed: values.empty ? 'empty' : 'demo',
    asDeployed: values['as-deployed'],
    envOf: (member) => realm?.envOf(member) ?? {},
  });
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  const typed = listen(cluster, end);
  if (keycloak) say('Keycloak is being started…');
  const starting = keycloak ? startRealm(`http://localhost:${values.port}`).then((running) => (realm = running)) : Promise.resolve();
  let isOver = false;
  void ended.then(() => (isOver = true));
  const ready = starting.then(async () => {
    if (!isOver) await cluster.start();
    return !isOver;
  });
  ready.catch(() => undefined);
  try {
    if (!(await Promise.race([ready, ended.then(() => false)]))) return;
    if (realm) await introduce(realm, home);
    typed.ready();
    tell(cluster, started, realm !== undefined);
    await ended;
  } finally {
    typed.close();
    say('Ateneo is ending…');
    await cluster.stop();
    await starting.catch(() => undefined);
    await realm?.stop();
  }
}

async function introduce(realm: ClusterRealm, home: string): Promise<void> {
  say(`Keycloak is at ${realm.url}`);
  if (values.empty) return;
  const count = await realm.letDemoPeopleIn(home);
  say(`the ${count} people of the front page sign in there with the password ${DEMO_PASSWORD}; everybody else has an account without one`);
}

function tell(cluster: Cluster, started: number, byKeycloak: boolean): void {
  table(cluster);
  say(`ready in ${((performance.now() - started) / 1000).toFixed(1)} s; logs are in ${join(resolve(values.data), 'logs')}`);
  say(`Ateneo is at ${cluster.url}`);
  if (!values.empty) return;
  const first = byKeycloak ? `password ${cluster.firstSecret}` : `${cluster.url}/auth/invitation?secret=${cluster.firstSecret}`;
  say(`first administrator, until a password was chosen: amministratore, ${first}`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof RangeError || error instanceof NotReadyError ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = 1;
}
