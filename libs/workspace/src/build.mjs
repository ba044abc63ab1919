import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { environment, root } from './node24.mjs';

const stamp = join(root, 'node_modules/.cache/ateneo/built');
const ENTRIES = ['services/all-in-one/dist/main.js', 'services/web-portal/dist/index.html'];
const NOT_BUILT = new Set(['node_modules', 'dist', 'test', 'conformance', 'bench', 'probes']);

/** Name, time and size of everything that a build reads; contents are nx's to compare. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!NOT_BUILT.has(entry.name)) walk(path);
      } else add(path);
    }
  };
  for (const file of ['package-lock.json', '.swcrc', 'nx.json']) add(join(root, file));
  for (const folder of ['libs', 'services']) walk(join(root, folder));
  return hash.digest('hex');
}

function nxBuild() {
  return new Promise((done) => {
    const child = spawn(join(root, 'node_modules/.bin/nx'), ['run-many', '-t', 'build', '--output-style=static'], {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done({ code: 1, output: error.message }));
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

const isCurrent = (now) =>
  ENTRIES.every((entry) => existsSync(join(root, entry))) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now;

/** Builds what changed since the last build; resolves to the seconds it took (0: nothing to do), or undefined when it failed and said why. */
export async function buildWhatIsStale() {
  const started = performance.now();
  const now = fingerprint();
  if (isCurrent(now)) return 0;
  const { code, output } = await nxBuild();
  if (code !== 0) {
    console.error(output);
    return undefined;
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  return (performance.now() - started) / 1000;
}
