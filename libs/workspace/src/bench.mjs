// npm run bench -- <name>|all: progress first, then one JSON line per bench.
import { fork } from 'node:child_process';
import { basename, join } from 'node:path';
import { onProjectNode, root } from './node24.mjs';

const TIMEOUT_MS = 900_000;
const keyOf = (file) => /^(f\d+d?)-.*\.ts$/.exec(basename(file))?.[1]?.toUpperCase();

/** Bench files by name: `libs/event-sourcing/bench/f1-appends.ts` is F1 and exports `f1`. */
async function benchFiles() {
  const { filesBelow } = await import('./spec-files.mjs');
  const files = [...filesBelow(root)].filter((file) => /^(libs|services)\/[^/]+\/(src\/)?bench\//.test(file) && keyOf(file));
  return new Map(files.map((file) => [keyOf(file), file]));
}

function measure(name, file) {
  const hook = join(import.meta.dirname, 'swc-hook.mjs');
  const execArgv = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--expose-gc', '--import', hook];
  return new Promise((done, fail) => {
    const child = fork(join(import.meta.dirname, 'bench/run-one.ts'), [join(root, file), name.toLowerCase()], {
      cwd: root,
      execArgv,
      stdio: ['ignore', 2, 2, 'ipc'],
      timeout: TIMEOUT_MS,
    });
    let result;
    child.on('message', (message) => (result = message));
    child.on('error', fail);
    child.on('exit', (code, signal) => (result ? done(result) : fail(new Error(`${name} ended with ${code ?? signal} and no result`))));
  });
}

async function bench(names) {
  const { GOALS, resultLine } = await import('./bench/goals.mjs');
  const files = await benchFiles();
  const wanted = names.includes('all') ? Object.keys(GOALS) : names.map((name) => name.toUpperCase());
  const lines = [];
  for (const name of wanted) {
    const file = files.get(name);
    if (!GOALS[name] || !file) {
      console.error(`${name}: ${GOALS[name] ? 'no bench file yet' : `unknown; one of ${Object.keys(GOALS).join(', ')}, all`}`);
      process.exitCode = 1;
      continue;
    }
    console.error(`${name}: ${file} …`);
    await measure(name, file).then(
      (result) => lines.push(resultLine(name, result)),
      (error) => (console.error(error.message), (process.exitCode = 1)),
    );
  }
  for (const line of lines) console.log(JSON.stringify(line));
}

if (await onProjectNode()) {
  const names = process.argv.slice(2);
  const { buildWhatIsStale } = await import('./build.mjs');
  if (names.length === 0) {
    console.error('npm run bench -- <name>|all');
    process.exitCode = 1;
  } else if ((await buildWhatIsStale()) === undefined) process.exitCode = 1;
  else await bench(names);
}
