import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OPERATIONS, PUBLIC_EVENTS } from '@ateneo/contracts';
import { openApiDocument } from '@ateneo/contracts/openapi';
import { eventCatalogue } from './documents/event-catalogue.js';
import { permissionPage } from './documents/permission-page.js';
import { PORTAL_ROUTES_FILE, portalRoutes } from './portal-routes.js';

const root = resolve(import.meta.dirname, '../../..');
const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/openapi.json': () => `${JSON.stringify(openApiDocument('http://localhost:3000'), null, 2)}\n`,
  'docs/permissions.md': () => permissionPage(OPERATIONS),
  'docs/event-catalogue.md': () => eventCatalogue(PUBLIC_EVENTS),
  [PORTAL_ROUTES_FILE]: portalRoutes,
};

const stored = (name: string): string | undefined => {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    return undefined;
  }
};

/** Writes the documents that are derived from the contracts; with `--check`, says which are out of date. */
function generate(checkOnly: boolean): void {
  mkdirSync(join(root, 'docs'), { recursive: true });
  const stale = Object.entries(DOCUMENTS).filter(([name, text]) => stored(name) !== text());
  for (const [name, text] of stale) {
    if (!checkOnly) writeFileSync(join(root, name), text());
    console.log(`${name} ${checkOnly ? 'is out of date: npm run generate' : 'written'}`);
  }
  if (checkOnly && stale.length > 0) process.exitCode = 1;
}

generate(process.argv.includes('--check'));
