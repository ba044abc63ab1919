// npm run cluster: the distributed form on this machine. Ctrl+C ends it; data stays in the folder it names.
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Cluster } from './cluster/cluster.js';
import { type ClusterRealm, DEMO_PASSWORD, startRealm } from './cluster/realm.js';
import { keycloakMissing } from './keycloak.mjs';

const HELP = `npm run cluster -- [--reporting N] [--nats-nodes 1|3] [--port P] [--data FOLDER] [--empty] [--keycloak]

--keycloak  people sign in at a real Keycloak, whose accounts identity keeps, instead of the gateway's own realm

While it runs, type
  reporting N      so many instances of reporting
  kill NAME        ends a process without goodbye; it is started again
  pause NAME       stops a process for a while, as a hung machine would; wake NAME
  kill nats N      ends node N of NATS; start nats N
  list, quit`;

const { values } = parseArgs({
  options: {
    reporting: { type: 'string', default: '2' },
    'nats-nodes': { type: 'string', default: '1' },
    port: { type: 'string', default: '3000' },
    data: { type: 'string', default: '.ateneo-cluster' },
    empty: { type: 'boolean', default: false },
    keycloak: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string) => void process.stdout.write(`${line}\n`);

function table(cluster: Cluster): void {
  say('');
  for (const { name, url, pid, starts } of cluster.members.values())
    say(`  ${name.padEnd(16)} ${url.padEnd(24)} pid ${String(pid ?? '-').padEnd(8)}${starts > 1 ? ` started ${starts} times` : ''}`);
  say('');
}

async function obey(cluster: Cluster, line: string): Promise<void> {
  const [verb = '', what = '', which = ''] = line.trim().split(/\s+/);
  if (verb === '') return;
  if (verb === 'reporting') await cluster.scaleReporting(Number(what));
  else if (verb === 'kill' && what === 'nats') await cluster.killNats(Number(which) - 1);
  else if (verb === 'start' && what === 'nats') await cluster.restartNats(Number(which) - 1);
  else if (verb === 'kill') cluster.member(what).signal('SIGKILL');
  else if (verb === 'pause') await cluster.member(what).pause();
  else if (verb === 'wake') cluster.member(what).signal('SIGCONT');
  else if (verb !== 'list') return say(HELP);
  table(cluster);
}

async function main(): Promise<void> {
  if (values.help) return say(HELP);
  const natsNodes = Number(values['nats-nodes']);
  if (natsNodes !== 1 && natsNodes !== 3) throw new RangeError(`--nats-nodes holds "${values['nats-nodes']}": it may hold 1 or 3`);
  if (values.keycloak && keycloakMissing()) throw new RangeError(`--keycloak: ${keycloakMissing()}`);
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
    envOf: (member) => realm?.envOf(member) ?? {},
  });
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  const starting = values.keycloak ? startRealm(`http://localhost:${values.port}`).then((running) => (realm = running)) : Promise.resolve();
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
    await serve(cluster, started, ended, end);
  } finally {
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

async function serve(cluster: Cluster, started: number, ended: Promise<void>, end: () => void): Promise<void> {
  const home = resolve(values.data);
  table(cluster);
  say(`ready in ${((performance.now() - started) / 1000).toFixed(1)} s; logs are in ${join(home, 'logs')}`);
  say(`Ateneo is at ${cluster.url}`);
  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => (line.trim() === 'quit' ? end() : void obey(cluster, line).catch((error: Error) => say(error.message))));
  await ended;
  input.close();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof RangeError ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
