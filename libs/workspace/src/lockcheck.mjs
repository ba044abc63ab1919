import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The nearest place from which `from` would find `name`, as npm looks it up. */
function isFound(packages, from, name) {
  for (let place = from; ; place = place.slice(0, Math.max(place.lastIndexOf('/node_modules/'), 0))) {
    if (packages[`${place ? `${place}/` : ''}node_modules/${name}`]) return true;
    if (place === '') return false;
  }
}

/** Optional packages that the lockfile asks for and does not hold: with one, `npm ci` fails on another machine. Also registry addresses, which belong to no clone. */
export function lockFindings(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const findings = [];
  for (const [place, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!isFound(packages, place, name))
        findings.push({
          rule: 'lockfile-is-complete',
          file: 'package-lock.json',
          message: `${place || '(root)'} asks for ${name}@${range}, which is missing`,
        });
    }
    if (/^https?:/.test(entry.resolved ?? ''))
      findings.push({ rule: 'lockfile-names-no-registry', file: 'package-lock.json', message: `${place} is tied to ${entry.resolved}` });
  }
  return findings;
}
