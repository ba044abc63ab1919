// The programs in which the types of the repository are looked at: all that runs on Node is one of them, for what it shares (every contract, all of Nest)
// is by far the most of each project, and would be worked out once a project.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environment, root as repository } from './node24.mjs';

export const PROGRAMS = ['tsconfig.check.json', 'services/web-portal/tsconfig.json', 'libs/ui/tsconfig.json'];

/** The empty text, or what is wrong with the types below `root`. One checker: more of them repeat what is shared, and the other core has work. */
export async function typeErrors(root) {
  const said = [];
  for (const program of PROGRAMS) said.push(await compile(root, program));
  return said.filter(Boolean).join('\n');
}

function compile(root, program) {
  return new Promise((done) => {
    const child = spawn(join(repository, 'node_modules/.bin/tsc'), ['-p', program, '--noEmit', '--checkers', '1', '--pretty', 'false'], {
      cwd: root,
      env: { ...environment, FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done(error.message));
    child.on('close', (code) => done(code === 0 ? '' : output.trim() || `tsc -p ${program} ended with ${code}`));
  });
}
