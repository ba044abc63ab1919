// npm run dev: the composed process from its sources, begun again at every change; the portal built anew at every change of its own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environment, FROM_SOURCE, onProjectNode, root, runHere } from './node24.mjs';

if (await onProjectNode()) {
  const portal = spawn(join(root, 'node_modules/.bin/vite'), ['build', '--watch', '--logLevel', 'warn'], {
    cwd: join(root, 'services/web-portal'),
    env: environment,
    stdio: 'inherit',
  });
  process.exitCode = await runHere(process.execPath, [
    '--watch',
    '--watch-preserve-output',
    ...FROM_SOURCE,
    join(root, 'services/all-in-one/src/main.ts'),
    ...process.argv.slice(2),
  ]);
  portal.kill();
}
