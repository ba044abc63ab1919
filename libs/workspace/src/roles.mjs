import { basename } from 'node:path';
import { filesBelow } from './spec-files.mjs';

/** The closed list of file roles (house style); a new one is an ADR and a line here. */
const ROLES = ['decider', 'published', 'projection', 'reaction', 'controller', 'relation', 'client', 'module', 'config'];
/** Roles that came by ADR. */
const LATER_ROLES = { rules: '0003', worker: '0038', lookup: '0038' };
const roles = [...ROLES, ...Object.keys(LATER_ROLES)];
const known = new RegExp(`^[a-z0-9]+(-[a-z0-9]+)*\\.(${roles.join('|')})\\.ts$`);
const isSpec = (name) => /^[a-z0-9-]+(\.[a-z]+)?\.spec\.ts$/.test(name);
/** The portal is made of screens, the composed process of one start-up and one command line. */
const EXEMPT = /^services\/(web-portal|all-in-one)\//;

/** Files under services whose name says no known role. */
export function roleFindings(root) {
  return [...filesBelow(root)]
    .filter((file) => /^services\/[^/]+\/src\//.test(file) && !EXEMPT.test(file))
    .filter((file) => basename(file) !== 'main.ts' && !isSpec(basename(file)) && !known.test(basename(file)))
    .map((file) => ({
      rule: 'a-file-has-a-known-role',
      file,
      message: `no known role; one of ${[...ROLES, ...Object.keys(LATER_ROLES)].join(', ')}`,
    }));
}
