// A server that speaks MongoDB's protocol, for tests and the local cluster: mongo-java-server, fetched once by Maven into a folder that git ignores.
// It is a stand-in with holes (no transactions, change streams, TTL, collation): tests that run on it say so.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './nats.mjs';

const folder = fileURLToPath(new URL('../../../.servers/mongo/', import.meta.url));
const pom = fileURLToPath(new URL('mongo/pom.xml', import.meta.url));
const launcher = fileURLToPath(new URL('mongo/Launcher.java', import.meta.url));
// Named after its sources, so that a change of one is built anew.
const built = join(folder, createHash('sha256').update(readFileSync(pom)).update(readFileSync(launcher)).digest('hex').slice(0, 12));
const BUILD_MS = 300_000;
const READY_MS = 30_000;

const runs = (command) => spawnSync(command, ['-version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;

/** Why nothing that speaks MongoDB's protocol can be had here, or undefined where it can. */
export function mongoMissing() {
  if (process.env.MONGODB_URL) return undefined;
  const tool = (existsSync(built) ? ['java'] : ['javac', 'mvn']).find((each) => !runs(each));
  return tool && `MONGODB_URL is not set and ${tool} is not installed, which mongo-java-server needs`;
}

/** Fetches and builds mongo-java-server where it is absent and MONGODB_URL names no server. */
export function prepareMongo() {
  const because = mongoMissing();
  if (because) return { available: false, because };
  if (process.env.MONGODB_URL || existsSync(built)) return { available: true };
  const half = join(folder, `building-${process.pid}`);
  mkdirSync(half, { recursive: true });
  try {
    build('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${half}`, '-DincludeScope=runtime']);
    build('javac', ['-cp', join(half, '*'), '-d', half, launcher]);
    if (!existsSync(built)) renameSync(half, built);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return { available: true };
}

function build(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: BUILD_MS });
  if (status !== 0) throw new Error(`mongo-java-server could not be had, ${command}: ${error?.message ?? ''}${stdout}${stderr}`);
}

/**
 * Starts a server on loopback, or answers the one that MONGODB_URL names (then `stop` does nothing and `pid` is undefined). `store`: folder that
 * keeps the data over restarts, each acknowledged write in it (default in memory); `port`: default a free one. It ends with the process that started it.
 */
export async function startMongo({ port, store } = {}) {
  const named = process.env.MONGODB_URL;
  if (named)
    return { url: named, port: Number(new URL(named).port || 27_017), pid: undefined, standIn: false, stop: async () => undefined };
  const { because } = prepareMongo();
  if (because) throw new Error(because);
  const at = port ?? (await freePort());
  if (store) mkdirSync(store, { recursive: true });
  // Its own folder: the driver's addresses and H2's temporary files stay out of the work tree.
  const home = mkdtempSync(join(tmpdir(), 'ateneo-mongo-'));
  const args = [
    '-XX:+UseSerialGC',
    '-cp',
    `${built}${delimiter}${join(built, '*')}`,
    'Launcher',
    String(at),
    ...(store ? [join(store, 'mongo.mv')] : []),
  ];
  const child = spawn('java', args, { cwd: home, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  let said = '';
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended.finally(() => clearTimeout(late));
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
  const ready = new Promise((resolve) => {
    const hear = (bytes) => {
      said = `${said}${bytes}`.slice(-8_000);
      if (/^ready$/m.test(said)) resolve(true);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    ended.then(() => resolve(false));
    setTimeout(resolve, READY_MS, false).unref();
  });
  if (await ready) return { url: `mongodb://127.0.0.1:${at}`, port: at, pid: child.pid, standIn: true, stop };
  await stop('SIGKILL');
  throw new Error(`mongo-java-server did not become ready: ${said}`);
}
