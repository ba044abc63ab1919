import { cloudEvent } from './cloud-event.js';
import type { PublicEventSpec } from './contract.js';
import { PUBLIC_EVENTS } from './index.js';
import { type JsonSchema, jsonSchema, RULE, ruleSchema } from './json-schema.js';

export { cloudEvent, type CloudEvent } from './cloud-event.js';

type Server = { readonly host: string; readonly protocol: string; readonly [field: string]: unknown };

const EXAMPLE_ID = '0198c0de-0000-7000-8000-0000000000ee';
const definitions = '#/components/schemas';
const draft = { io: 'output', target: 'draft-07', definitions } as const;

const contextOf = (type: string): string => type.slice(0, type.indexOf('.'));
/** `logbook.entry-validated.v1` → `logbook.event.entry-validated.v1.{partition}` */
export const addressOf = (type: string): string => type.replace('.', '.event.').concat('.{partition}');
export const streamOf = (service: string): string => `events-${service}`;

/** The event's data as JSON Schema 2020-12, a document of its own. */
export const eventSchema = ({ type, summary, data, example }: PublicEventSpec): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `urn:ateneo:event:${type}`,
  title: type,
  description: summary,
  ...jsonSchema(data, { io: 'output' }),
  examples: [example],
});

/** The attributes around the data, as JSON Schema 2020-12. */
export const envelopeSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:ateneo:cloud-event',
  title: 'Public event of Ateneo: CloudEvents 1.0',
  ...jsonSchema(cloudEvent, { io: 'output' }),
});

function example({ type, example: data }: PublicEventSpec, publicUrl: string): object {
  const { traineeId, schoolId } = data as { traineeId?: string; schoolId?: string };
  const service = contextOf(type);
  return {
    specversion: '1.0',
    id: EXAMPLE_ID,
    source: `${publicUrl}/${service}`,
    type,
    subject: `example-${EXAMPLE_ID}`,
    time: '2026-11-02T09:30:00.000Z',
    datacontenttype: 'application/json',
    ...(schoolId && { schoolid: schoolId }),
    ...(traineeId && { traineeid: traineeId }),
    partition: 7,
    position: 4711,
    service,
    epoch: 'e1',
    mappingversion: 1,
    actorid: EXAMPLE_ID,
    data,
  };
}

const message = (event: PublicEventSpec, publicUrl: string): object => ({
  name: event.type,
  title: event.type,
  summary: event.summary,
  contentType: 'application/json',
  payload: {
    allOf: [
      { $ref: `${definitions}/CloudEvent` },
      {
        type: 'object',
        properties: { type: { const: event.type }, data: { $ref: `${definitions}/${event.type}` } },
        required: ['type', 'data'],
      },
    ],
  },
  examples: [{ name: event.type, payload: example(event, publicUrl) }],
});

const onStream = ({ type, summary }: PublicEventSpec): object => ({
  address: addressOf(type),
  summary,
  servers: [{ $ref: '#/servers/jetstream' }],
  parameters: { partition: { $ref: '#/components/parameters/partition' } },
  messages: { [type]: { $ref: `#/components/messages/${type}` } },
  'x-jetstream-stream': streamOf(contextOf(type)),
});

const everyMessage = (): object => Object.fromEntries(PUBLIC_EVENTS.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]));

/** The ways without a bus: pages and server-sent events from a cursor, and deliveries to a tool's own address. */
const overHttp = (): Record<string, object> => ({
  feed: {
    address: '/api/events',
    title: 'Event feed',
    description:
      'GET with a bearer token: a JSON page `{ events, next, more }` after the opaque `cursor`; with `Accept: text/event-stream` the same events as server-sent events whose id is the cursor.',
    servers: [{ $ref: '#/servers/http' }],
    messages: everyMessage(),
  },
  webhook: {
    address: null,
    title: 'Webhook',
    description:
      'POST of one event to the address registered under /api/webhooks, with the headers webhook-id, webhook-timestamp and webhook-signature of Standard Webhooks.',
    messages: everyMessage(),
  },
});

const operation = (channel: string, summary: string, bindings: object): object => ({
  action: 'send',
  summary,
  channel: { $ref: `#/channels/${channel}` },
  bindings,
});

function operations(): Record<string, object> {
  const published = PUBLIC_EVENTS.map(({ type, summary }) => [type, operation(type, summary, { nats: {} })]);
  return {
    ...(Object.fromEntries(published) as Record<string, object>),
    'read-feed': operation('feed', 'A staff tool reads the public events it may see', { http: { method: 'GET' } }),
    'deliver-to-webhook': operation('webhook', 'The platform delivers each event to a registered address, in order per subject', {
      http: { method: 'POST' },
    }),
  };
}

const servers = (publicUrl: string): Record<string, Server> => {
  const { host, protocol } = new URL(publicUrl);
  return {
    http: { host, protocol: protocol.slice(0, -1), description: 'Feed, server-sent events, webhooks', security: [bearer] },
    jetstream: {
      host: 'nats.ateneo.example:4222',
      protocol: 'nats',
      description: 'JetStream with read-only credentials, where the installation runs on NATS; a stream `events-<service>` each',
      security: [{ $ref: '#/components/securitySchemes/nats' }],
    },
  };
};
const bearer = { $ref: '#/components/securitySchemes/bearer' };

/** The AsyncAPI 3 document of every public event, for an installation at `publicUrl` (no trailing slash). */
export function asyncApiDocument(publicUrl: string): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Ateneo: public events',
      version: '1',
      description:
        'At least once, in order per subject. Consumers drop repeats by `id`, ignore types and fields they do not know, and never find personal data here.',
      license: { name: 'EUPL-1.2' },
    },
    defaultContentType: 'application/json',
    servers: servers(publicUrl),
    channels: { ...Object.fromEntries(PUBLIC_EVENTS.map((event) => [event.type, onStream(event)])), ...overHttp() },
    operations: operations(),
    components: {
      schemas: {
        CloudEvent: jsonSchema(cloudEvent, draft),
        [RULE]: ruleSchema(draft),
        ...Object.fromEntries(PUBLIC_EVENTS.map(({ type, data }) => [type, jsonSchema(data, draft)])),
      },
      messages: Object.fromEntries(PUBLIC_EVENTS.map((event) => [event.type, message(event, publicUrl)])),
      parameters: { partition: { description: 'p00 to p63: FNV-1a-32 of the lower-case key uuid modulo 64', examples: ['p07'] } },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Client credentials of a service account' },
        nats: { type: 'userPassword', description: 'A user of the bus that may only read' },
      },
    },
  };
}
