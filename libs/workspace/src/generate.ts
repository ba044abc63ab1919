import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OPERATIONS, PUBLIC_EVENTS } from '@ateneo/contracts';
import { asyncApiDocument, envelopeSchema, eventSchema } from '@ateneo/contracts/asyncapi';
import { openApiDocument } from '@ateneo/contracts/openapi';
import { consumption, CONSUMPTION_FILE, readersOf, serviceDefinitions } from './consumption.js';
import { currentContracts } from './contract-snapshot.js';
import { eventCatalogue } from './documents/event-catalogue.js';
import { permissionPage } from './documents/permission-page.js';
import { natsPermissions } from './nats-permissions.js';
import { PORTAL_ROUTES_FILE, portalRoutes } from './portal-routes.js';

const root = resolve(import.meta.dirname, '../../..');
const PUBLIC_URL = 'http://localhost:3000';
const SCHEMAS = 'docs/schemas';
/** What consumers were last promised; written by `--release` alone. */
const RELEASED = `${SCHEMAS}/released.json`;
const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const definitions = await serviceDefinitions(root);
const DOCUMENTS: Readonly<Record<string, () => string>> = {
  [CONSUMPTION_FILE]: () => consumption(definitions),
  'docs/openapi.json': () => json(openApiDocument(PUBLIC_URL)),
  'docs/asyncapi.json': () => json(asyncApiDocument(PUBLIC_URL)),
  'docs/permissions.md': () => permissionPage(OPERATIONS),
  'docs/event-catalogue.md': () => eventCatalogue(PUBLIC_EVENTS, readersOf(definitions)),
  [PORTAL_ROUTES_FILE]: portalRoutes,
  'infra/nats/permissions.conf': () => natsPermissions(),
  [`${SCHEMAS}/cloud-event.json`]: () => json(envelopeSchema()),
  ...Object.fromEntries(PUBLIC_EVENTS.map((event) => [`${SCHEMAS}/${event.type}.json`, () => json(eventSchema(event))])),
};

const stored = (name: string): string | undefined => {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    return undefined;
  }
};

const orphans = (): string[] =>
  readdirSync(join(root, SCHEMAS))
    .map((name) => `${SCHEMAS}/${name}`)
    .filter((name) => name !== RELEASED && !DOCUMENTS[name]);

/** Writes what is derived from contracts and services; with `--check`, says which are out of date. */
function generate(checkOnly: boolean): void {
  mkdirSync(join(root, SCHEMAS), { recursive: true });
  const stale = Object.entries(DOCUMENTS).filter(([name, text]) => stored(name) !== text());
  const left = orphans();
  for (const [name, text] of stale) {
    if (!checkOnly) mkdirSync(dirname(join(root, name)), { recursive: true });
    if (!checkOnly) writeFileSync(join(root, name), text());
    console.log(`${name} ${checkOnly ? 'is out of date: npm run generate' : 'written'}`);
  }
  for (const name of left) {
    if (!checkOnly) rmSync(join(root, name));
    console.log(`${name} ${checkOnly ? 'has no event any more: npm run generate' : 'removed'}`);
  }
  if (checkOnly && stale.length + left.length > 0) process.exitCode = 1;
  // the contracts that the other documents are derived from hold this table: they are read anew
  if (!checkOnly && stale.some(([name]) => name === CONSUMPTION_FILE)) again();
}

function again(): void {
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

generate(process.argv.includes('--check'));
if (process.argv.includes('--release')) writeFileSync(join(root, RELEASED), json(currentContracts()));
