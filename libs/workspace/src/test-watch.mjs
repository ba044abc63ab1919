// npm run test:watch -- entry: the chosen specs, and again whenever a file that they load changes.
import { join } from 'node:path';
import { chosenSpecs, wordsOf } from './chosen-specs.mjs';
import { FROM_SOURCE, onProjectNode, root, runHere } from './node24.mjs';
import { isBesideCode, specFiles } from './spec-files.mjs';

/** Runs the watcher of their runner over them; resolves to its exit code. Where the words choose specs of both kinds, those beside the code are watched. */
function watch(args) {
  const { words, name } = wordsOf(args);
  if (words.length === 0) throw new Error('which specs? npm run test:watch -- entry');
  const chosen = chosenSpecs(root, specFiles(root), words);
  const beside = chosen.filter(isBesideCode);
  const files = (beside.length > 0 ? beside : chosen).map((file) => join(root, file));
  const apart = chosen.length - files.length;
  console.log(
    `${files.length} specs; Ctrl-C ends it${apart > 0 ? `; ${apart} under test/ are watched by a word that chooses them alone` : ''}`,
  );
  return runHere(process.execPath, beside.length > 0 ? jestOver(files, name) : nodeOver(files, name));
}

const jestOver = (files, name) => [
  ...[join(root, 'node_modules/jest/bin/jest.js'), '--watchAll', '--runTestsByPath', ...files],
  ...(name === undefined ? [] : ['-t', name]),
];
const nodeOver = (files, name) => [
  ...FROM_SOURCE,
  ...['--test', '--watch', '--test-reporter=spec', ...(name === undefined ? [] : [`--test-name-pattern=${name}`])],
  ...files,
];

if (await onProjectNode()) {
  try {
    process.exitCode = await watch(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
