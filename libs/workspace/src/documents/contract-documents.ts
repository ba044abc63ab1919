import { resolve } from 'node:path';
import { OPERATIONS, PUBLIC_EVENTS } from '@ateneo/contracts';
import { asyncApiDocument, envelopeSchema, eventSchema } from '@ateneo/contracts/asyncapi';
import { openApiDocument } from '@ateneo/contracts/openapi';
import { consumption, CONSUMPTION_FILE, readersOf, serviceDefinitions } from '../consumption.js';
import { natsPermissions } from '../nats-permissions.js';
import { PORTAL_ROUTES_FILE, portalRoutes } from '../portal-routes.js';
import { eventCatalogue } from './event-catalogue.js';
import { permissionPage } from './permission-page.js';

const root = resolve(import.meta.dirname, '../../../..');
const PUBLIC_URL = 'http://localhost:3000';
export const SCHEMAS = 'docs/schemas';
export const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const definitions = await serviceDefinitions(root);
/** What is derived from contracts and services, by its path from the root. */
export const CONTRACT_DOCUMENTS: Readonly<Record<string, () => string>> = {
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
