// npm run test:watch -- entry: the chosen specs, and again whenever a file that they load changes.
import { join } from 'node:path';
import { chosenSpecs, wordsOf } from './chosen-specs.mjs';
import { FROM_SOURCE, onProjectNode, root, runHere } from './node24.mjs';
import { specFiles } from './spec-files.mjs';

/** Runs node's own watcher over them; resolves to its exit code. */
function watch(args) {
  const { words, name } = wordsOf(args);
  if (words.length === 0) throw new Error('which specs? npm run test:watch -- entry');
  const files = chosenSpecs(root, specFiles(root), words);
  console.log(`${files.length} specs; Ctrl-C ends it`);
  return runHere(process.execPath, [
    ...FROM_SOURCE,
    ...['--test', '--watch', '--test-reporter=spec', ...(name === undefined ? [] : [`--test-name-pattern=${name}`])],
    ...files.map((file) => join(root, file)),
  ]);
}

if (await onProjectNode()) {
  try {
    process.exitCode = await watch(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
