// PDF/UA-1 by veraPDF, the reference validator: fetched once through Maven into a folder that git ignores.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '1.30.2';
const folder = fileURLToPath(new URL('../../../.servers/verapdf/', import.meta.url));
const jar = join(folder, `cli-${version}.jar`);
const fetchTimeout = 180_000;
const checkTimeout = 180_000;

const runs = (command) => spawnSync(command, ['-version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;

let available;

/** Makes sure that veraPDF can run here: `{ available: true }`, or `{ available: false, because }`. */
export function prepareVeraPdf() {
  return (available ??= prepare());
}

function prepare() {
  if (!runs('java')) return { available: false, because: 'veraPDF is not available because there is no java on this machine' };
  if (existsSync(jar)) return { available: true };
  if (!runs('mvn')) return { available: false, because: 'veraPDF is not available because there is no mvn to fetch it with' };
  const half = join(folder, `fetching-${process.pid}`);
  mkdirSync(half, { recursive: true });
  const artifact = `org.verapdf.apps:cli:${version}`;
  const fetched = spawnSync('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${half}`], {
    encoding: 'utf8',
    timeout: fetchTimeout,
  });
  if (fetched.status === 0) renameSync(join(half, `cli-${version}.jar`), jar);
  rmSync(half, { recursive: true, force: true });
  if (fetched.status === 0) return { available: true };
  throw new Error(`mvn could not fetch ${artifact}: ${fetched.stdout}${fetched.stderr}`);
}

/** Checks files against PDF/UA-1; the failures are veraPDF's own lines. Throws where veraPDF is not available. */
export async function verifyPdfUa(files) {
  const state = prepareVeraPdf();
  if (!state.available) throw new Error(state.because);
  const paths = files.map((file) => resolve(file));
  const { output, errors } = await run(['-jar', jar, '--flavour', 'ua1', '--format', 'text', '-v', ...paths]);
  const results = new Map(paths.map((path, index) => [path, { file: files[index], passed: false, failures: [] }]));
  let current;
  for (const line of output.split('\n')) {
    const [, verdict, path] = /^(PASS|FAIL) (.*) ua1$/.exec(line) ?? [];
    current = results.get(path ?? paths.find((each) => line.startsWith(each))) ?? current;
    if (verdict && current) current.passed = verdict === 'PASS';
    else if (current && line.trim() !== '') current.failures.push(line.trim());
  }
  for (const result of results.values())
    if (!result.passed && result.failures.length === 0) result.failures.push(errors.trim() || 'veraPDF gave no verdict');
  return [...results.values()];
}

function run(args) {
  return new Promise((done, failed) => {
    const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: checkTimeout });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.on('error', failed);
    child.on('close', () => done({ output, errors }));
  });
}
