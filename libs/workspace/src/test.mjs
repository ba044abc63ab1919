// npm test: checks of the repository, then every spec; with a folder, the specs of that project only.
import { relative, resolve, sep } from 'node:path';
import { onProjectNode, root } from './node24.mjs';

if (await onProjectNode()) {
  const { newTally, printClosing } = await import('./tally.mjs');
  const { runSpecs } = await import('./spec-run.mjs');
  const { specFiles } = await import('./spec-files.mjs');
  const folder = process.argv[2];
  const tally = newTally();
  if (folder) {
    await runSpecs(root, specFiles(root, `${relative(root, resolve(folder)).split(sep).join('/')}/`), tally);
  } else {
    const { CHECKS, runChecks } = await import('./checks.mjs');
    await runChecks(CHECKS, tally);
    await runSpecs(root, specFiles(root), tally);
  }
  printClosing(tally);
}
