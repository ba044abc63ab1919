// npm start: builds what is stale, then runs the composed process in this terminal.
import { join } from 'node:path';
import { onProjectNode, root, runHere } from './node24.mjs';

if (await onProjectNode()) {
  const { buildWhatIsStale } = await import('./build.mjs');
  const built = await buildWhatIsStale();
  if (built === undefined) process.exitCode = 1;
  else {
    if (built > 0) console.log(`built in ${built.toFixed(1)} s`);
    process.exitCode = await runHere(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      join(root, 'services/all-in-one/dist/main.js'),
      ...process.argv.slice(2),
    ]);
  }
}
