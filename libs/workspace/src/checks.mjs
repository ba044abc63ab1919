import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { lockFindings } from './lockcheck.mjs';
import { environment, root } from './node24.mjs';
import { seconds } from './tally.mjs';
import { typeErrors } from './types.mjs';

/** Runs a command out of sight; its output is the message where it fails. */
function command(name, args) {
  return new Promise((done) => {
    const child = spawn(join(root, 'node_modules/.bin', name), args, {
      cwd: root,
      env: { ...environment, FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done(error.message));
    child.on('close', (code) => done(code === 0 ? '' : output.trim() || `${name} ended with ${code}`));
  });
}

const listed = (findings) => findings.map(({ rule, file, message }) => `${rule}  ${file}: ${message}`).join('\n');
const node = (script, ...args) =>
  command('node', ['--conditions=source', '--enable-source-maps', '--import', './libs/workspace/src/swc-hook.mjs', script, ...args]);

/** What npm test checks beside the specs; each answers the empty text, or what is wrong. */
export const CHECKS = {
  'the lockfile installs everywhere': () => listed(lockFindings(root)),
  'code, architecture, file names and test files keep the rules': async () =>
    listed(await (await import('./findings.mjs')).allFindings(root)),
  types: () => typeErrors(root),
  'generated documents are current': () => node('libs/workspace/src/generate.ts', '--check'),
  'contracts break no consumer': () => node('libs/workspace/src/contract-check.ts'),
  formatting: () =>
    command('prettier', ['--check', '--log-level=warn', '--cache', '--cache-location=node_modules/.cache/prettier/files', '.']),
};

/** A job per check: prints a line as it ends, and adds to the tally. */
export const checkJobs = (checks, tally) =>
  Object.entries(checks).map(([name, check]) => ({
    name,
    run: async () => {
      const started = performance.now();
      const wrong = await check();
      const ms = performance.now() - started;
      tally[wrong === '' ? 'passed' : 'failed'] += 1;
      tally.times.push({ name, ms });
      console.log(`${wrong === '' ? '✔' : '✖'} ${name} (${seconds(ms)})`);
      if (wrong !== '') console.log(wrong.replace(/^/gm, '    '));
    },
  }));
