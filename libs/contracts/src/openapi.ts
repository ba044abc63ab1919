import type { z } from 'zod';
import { type HttpMethod, keyForm, liveTopics, type Operation } from './contract.js';
import { type GatewayRoute, GATEWAY_ROUTES } from './gateway/routes.js';
import { CONTEXTS, OPERATIONS } from './index.js';
import { type JsonSchema, jsonSchema, RULE, ruleSchema } from './json-schema.js';
import { permissionText } from './permission-text.js';
import { generalProblems, problem, problemResponses, responsesOf, type SharedResponses, withStatus } from './openapi-problems.js';

type Mounted = Operation & { readonly http: { readonly method: HttpMethod; readonly path: `/${string}` } };

const TAGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(CONTEXTS).map(([name, { about }]) => [name, about])),
  gateway: 'Session, event feed, live changes, webhooks, operation of the platform',
};

const isMounted = (operation: Operation): operation is Mounted => operation.http !== undefined;
export const pathFields = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);

const definitions = '#/components/schemas';
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => jsonSchema(schema, { io, definitions });

const exampleField = (operation: Operation, name: string): object => {
  const value = (operation.example as Record<string, unknown>)[name];
  return value === undefined ? {} : { example: value };
};

function parameter(operation: Operation, input: JsonSchema, name: string, place: 'path' | 'query'): object {
  const required = place === 'path' || (input.required ?? []).includes(name);
  return { name, in: place, required, schema: input.properties?.[name] ?? {}, ...exampleField(operation, name) };
}

const hasBody = ({ http }: Mounted): boolean => http.method === 'POST' || http.method === 'PUT';

/** Which input fields travel where: path, query string or JSON body. Of an upload the body is the file, whose reference nobody sends. */
export function places(operation: Mounted, fields: readonly string[]): { path: string[]; query: string[]; body: string[] } {
  const path = pathFields(operation.http.path);
  const rest = fields.filter((field) => !path.includes(field));
  if (operation.upload) return { path, query: rest.filter((field) => field !== 'fileId'), body: [] };
  return hasBody(operation) ? { path, query: [], body: rest } : { path, query: rest, body: [] };
}

/** A file: text as characters, anything else as bytes. */
const contentOf = (types: readonly string[]): object =>
  Object.fromEntries(
    types.map((type) => [type, { schema: type.startsWith('text/') ? { type: 'string' } : { type: 'string', format: 'binary' } }]),
  );

function requestBody(operation: Mounted, input: JsonSchema, body: readonly string[]): object {
  const { upload } = operation;
  if (upload) return { requestBody: { required: true, description: `At most ${upload.maxBytes} bytes`, content: contentOf(upload.types) } };
  if (body.length === 0) return {};
  const pick = (source: Record<string, unknown>) => Object.fromEntries(Object.entries(source).filter(([field]) => body.includes(field)));
  const required = (input.required ?? []).filter((field) => body.includes(field));
  const schema = { type: 'object', properties: pick(input.properties ?? {}), ...(required.length > 0 && { required }) };
  const content = { 'application/json': { schema, example: pick(operation.example as Record<string, unknown>) } };
  return { requestBody: { required: required.length > 0, content } };
}

function answer(operation: Mounted): object {
  const headers = {
    'X-Correlation-Id': { $ref: '#/components/headers/CorrelationId' },
    ...(operation.kind === 'command' && { 'X-Position': { $ref: '#/components/headers/Position' } }),
  };
  const { download } = operation;
  const content = download ? contentOf(download.types) : { 'application/json': { schema: schemaOf(operation.output, 'output') } };
  return { description: operation.kind === 'command' ? 'Done' : 'Found', headers, content };
}

/** What has no place of its own in OpenAPI. */
const carried = ({ limit, live }: Operation): object => ({
  ...(limit && { 'x-limit-per-address': limit }),
  ...(live && { 'x-live-keys': live.map(keyForm) }),
});

function pathItem(operation: Mounted, shared: SharedResponses): object {
  const input = schemaOf(operation.input, 'input');
  const { path, query, body } = places(operation, Object.keys(input.properties ?? {}));
  const isPublic = !('anyOf' in operation.permission);
  return {
    operationId: operation.name,
    tags: [operation.name.split('.')[0]],
    summary: operation.summary,
    description: permissionText(operation.permission),
    ...(isPublic && { security: [] }),
    parameters: [
      ...path.map((name) => parameter(operation, input, name, 'path')),
      ...query.map((name) => parameter(operation, input, name, 'query')),
      ...(operation.kind === 'command' ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ],
    ...requestBody(operation, input, body),
    responses: { 200: answer(operation), ...problemResponses(operation, shared) },
    ...carried(operation),
  };
}

const parametersOf = (schema: z.ZodObject | undefined): object[] => {
  const { properties = {}, required = [] } = schema ? schemaOf(schema, 'input') : ({} as JsonSchema);
  return Object.entries(properties).map(([name, one]) => ({ name, in: 'query', required: required.includes(name), schema: one }));
};

function gatewayAnswer({ answer, stream }: GatewayRoute): object {
  const json = { 'application/json': { schema: schemaOf(answer, 'output') } };
  const events = { 'text/event-stream': { schema: { type: 'string' } } };
  const content = stream === 'only' ? events : { ...json, ...(stream && events) };
  return { description: 'Done', headers: { 'X-Correlation-Id': { $ref: '#/components/headers/CorrelationId' } }, content };
}

/** Each key that a page may follow: who may ask the query may follow it. */
const topics = (): object =>
  Object.fromEntries(liveTopics(OPERATIONS).map((topic) => [keyForm(topic), { permissionOf: topic.operation.name, toldBy: topic.toldBy }]));

function gatewayItem(route: GatewayRoute, shared: SharedResponses): object {
  const { name, summary, http, access, query, body, status = 200, problems, otherwise = [], followsTopics } = route;
  const inPath = pathFields(http.path);
  const general = generalProblems({
    signedIn: access !== 'anyone',
    roles: false,
    safe: http.method === 'GET',
    body: http.method === 'POST',
    inPath: inPath.length > 0,
    command: false,
    service: false,
    limited: false,
  });
  return {
    operationId: name,
    tags: ['gateway'],
    summary,
    description: `For ${access}.`,
    ...(access === 'anyone' && { security: [] }),
    parameters: [...inPath.map((one) => ({ name: one, in: 'path', required: true, schema: { type: 'string' } })), ...parametersOf(query)],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }),
    responses: { [status]: gatewayAnswer(route), ...responsesOf([...withStatus([...general, ...problems]), ...otherwise], shared) },
    ...(followsTopics && { 'x-live-topics': topics() }),
  };
}

function paths(shared: SharedResponses): Record<string, Record<string, object>> {
  const all: Record<string, Record<string, object>> = {};
  const put = ({ method, path }: Mounted['http'], item: object): void => {
    (all[`/api${path}`] ??= {})[method.toLowerCase()] = item;
  };
  for (const operation of OPERATIONS.filter(isMounted)) put(operation.http, pathItem(operation, shared));
  for (const route of GATEWAY_ROUTES) put(route.http, gatewayItem(route, shared));
  return all;
}

const components = (publicUrl: string, shared: SharedResponses): object => ({
  schemas: { Problem: problem, [RULE]: ruleSchema({ io: 'input', definitions }) },
  responses: shared,
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'The id of this command, minted by the client: sent again, it gets the first answer again',
      schema: { type: 'string', format: 'uuid' },
    },
  },
  headers: {
    CorrelationId: { description: 'Names this request in logs and traces', schema: { type: 'string' } },
    Position: {
      description: 'Opaque: hand it to a query as `after` to read what this command wrote',
      schema: { type: 'string', maxLength: 200 },
    },
  },
  securitySchemes: {
    realm: { type: 'openIdConnect', openIdConnectUrl: `${publicUrl}/realms/ateneo/.well-known/openid-configuration` },
    session: { type: 'apiKey', in: 'cookie', name: 'ateneo_session' },
  },
});

/** The OpenAPI 3.1 document of every operation that has an HTTP route, for an installation at `publicUrl` (no trailing slash). */
export function openApiDocument(publicUrl: string): object {
  const shared: SharedResponses = {};
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ateneo',
      version: '1',
      summary: 'Services platform of a university with medical specialisation schools',
      license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
    },
    servers: [{ url: publicUrl }],
    security: [{ realm: [] }, { session: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: paths(shared),
    components: components(publicUrl, shared),
  };
}
