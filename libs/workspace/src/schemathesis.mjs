// The answers of a running platform against its OpenAPI document, by Schemathesis: kept in a Python environment that git ignores.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const version = '4.32.5';
const folder = fileURLToPath(new URL('../../../.servers/schemathesis/', import.meta.url));
const program = `${folder}bin/schemathesis`;
const fetchTimeout = 180_000;
const runTimeout = 600_000;

const runs = (command, args) => spawnSync(command, args, { stdio: 'ignore', timeout: 30_000 }).status === 0;

let available;

/** Makes sure that Schemathesis can run here: `{ available: true }`, or `{ available: false, because }`. */
export function prepareSchemathesis() {
  return (available ??= prepare());
}

function prepare() {
  if (existsSync(program)) return { available: true };
  if (!runs('python3', ['-m', 'venv', '--help']))
    return { available: false, because: 'Schemathesis is not available because there is no python3 with venv on this machine' };
  for (const [command, args] of [
    ['python3', ['-m', 'venv', folder]],
    [`${folder}bin/pip`, ['install', '--quiet', `schemathesis==${version}`]],
  ]) {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: fetchTimeout });
    if (status !== 0) return { available: false, because: `Schemathesis could not be fetched: ${stdout}${stderr}`.trim() };
  }
  return { available: true };
}

/** Sends so many made-up requests to each operation, with the headers given, and answers what was not as the document says. */
export function checkAnswers({ document, headers, examples, seed, excluded }) {
  const args = ['run', document, '--phases=examples,fuzzing', `--max-examples=${examples}`, `--seed=${seed}`, '--no-color', '--workers=2'];
  args.push('--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance');
  for (const path of excluded) args.push(`--exclude-path=${path}`);
  for (const [name, value] of Object.entries(headers)) args.push('--header', `${name}: ${value}`);
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: runTimeout });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', failed);
    child.once('close', (code) => done({ passed: code === 0, output }));
  });
}
