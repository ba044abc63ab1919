// npm run cluster: builds what is stale, then runs servers and services on this machine.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onProjectNode, root, runHere } from './node24.mjs';

if (await onProjectNode()) {
  const { buildWhatIsStale } = await import('./build.mjs');
  if ((await buildWhatIsStale()) === undefined) process.exitCode = 1;
  else {
    const hook = pathToFileURL(join(import.meta.dirname, 'swc-hook.mjs')).href;
    const script = join(root, 'libs/workspace/src/cluster.ts');
    process.exitCode = await runHere(process.execPath, [
      '--conditions=source',
      '--import',
      hook,
      '--disable-warning=ExperimentalWarning',
      script,
      ...process.argv.slice(2),
    ]);
  }
}
