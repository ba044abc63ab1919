import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const IMPORTS = /(?:from|import\(?) ?'([^']+)'/g;
const SERVERS =
  /\/(nats|mongo|keycloak|keycloak-realm|s3|toxiproxy|verapdf|schemathesis)\.mjs$|^@ateneo\/workspace\/(nats|mongo|cluster|member)$/;
const CHECKERS = /\/checkers\.mjs$/;

/** What a spec imports, and what its own helpers import, as they write it. */
export function importsOf(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  return [...readFileSync(file, 'utf8').matchAll(IMPORTS)].flatMap(([, what]) => {
    const own = what.startsWith('.') ? join(dirname(file), what.replace(/\.js$/, '.ts')) : undefined;
    return own?.endsWith('.ts') && existsSync(own) ? [what, ...importsOf(own, seen)] : [what];
  });
}

/** Whether a spec uses servers that npm does not bring, or checkers. */
export function needsOf(root, name) {
  if (!name.endsWith('.spec.ts')) return { servers: false, checkers: false, realm: false };
  const imports = importsOf(join(root, name));
  return {
    servers: imports.some((what) => SERVERS.test(what)),
    checkers: imports.some((what) => CHECKERS.test(what)),
    realm: imports.some((what) => what.endsWith('/keycloak-realm.mjs')),
  };
}
