// The repository brings its own Node; the machine's may be older. A script that needs it starts with `if (await onProjectNode()) …`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const root = resolve(import.meta.dirname, '../../..');
const binaries = join(root, 'node_modules/.bin');
const projectNode = join(binaries, process.platform === 'win32' ? 'node.cmd' : 'node');
const isOldEnough = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9);
};

/** How node runs the sources of the repository as they stand. */
export const FROM_SOURCE = [
  '--conditions=source',
  '--enable-source-maps',
  '--disable-warning=ExperimentalWarning',
  '--import',
  pathToFileURL(join(import.meta.dirname, 'swc-hook.mjs')).href,
];

/** The environment of every child: project tools first. */
export const environment = {
  ...process.env,
  PATH: `${binaries}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  NX_DAEMON: 'false',
};

/** Runs a command in this terminal; resolves to its exit code. Signals reach it too; a second one is left to the system. */
export function runHere(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: 'inherit', env: environment, ...options });
    const pass = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
    child.on('error', (error) => (console.error(error.message), done(127)));
    child.on('exit', (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/** True when this process may go on; false when the same script has already run to its end on the project's Node. */
export async function onProjectNode() {
  if (isOldEnough()) return true;
  if (!existsSync(projectNode)) {
    console.error(`Ateneo needs Node 24.9 or later; this is ${process.version}. Run npm ci first, with optional dependencies.`);
    process.exitCode = 1;
    return false;
  }
  process.exitCode = await runHere(projectNode, process.argv.slice(1));
  return false;
}
