import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OPERATIONS, PUBLIC_EVENTS } from '@ateneo/contracts';
import { openApiDocument } from '@ateneo/contracts/openapi';
import { eventCatalogue } from './documents/event-catalogue.js';
import { permissionPage } from './documents/permission-page.js';

const docs = resolve(import.meta.dirname, '../../../docs');
const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'openapi.json': () => `${JSON.stringify(openApiDocument('http://localhost:3000'), null, 2)}\n`,
  'permissions.md': () => permissionPage(OPERATIONS),
  'event-catalogue.md': () => eventCatalogue(PUBLIC_EVENTS),
};

const stored = (name: string): string | undefined => {
  try {
    return readFileSync(join(docs, name), 'utf8');
  } catch {
    return undefined;
  }
};

/** Writes the documents that are derived from the contracts; with `--check`, says which are out of date. */
function generate(checkOnly: boolean): void {
  mkdirSync(docs, { recursive: true });
  const stale = Object.entries(DOCUMENTS).filter(([name, text]) => stored(name) !== text());
  for (const [name, text] of stale) {
    if (!checkOnly) writeFileSync(join(docs, name), text());
    console.log(`docs/${name} ${checkOnly ? 'is out of date: npm run generate' : 'written'}`);
  }
  if (checkOnly && stale.length > 0) process.exitCode = 1;
}

generate(process.argv.includes('--check'));
