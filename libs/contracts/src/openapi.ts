import type { z } from 'zod';
import type { HttpMethod, Operation } from './contract.js';
import { logbook, OPERATIONS, reporting } from './index.js';
import { type JsonSchema, jsonSchema, RULE, ruleSchema } from './json-schema.js';
import { permissionText } from './permission-text.js';
import { problem, problemResponses, sharedResponses } from './openapi-problems.js';

type Mounted = Operation & { readonly http: { readonly method: HttpMethod; readonly path: `/${string}` } };

const TAGS: Readonly<Record<string, string>> = {
  identity: 'People, profiles, sign-in, service accounts',
  'school-network': 'University, schools, units, cohorts, requirement sets, tutor assignments',
  career: 'Enrolments, tracks, suspensions',
  logbook: 'Entries, validation, attestations, imports',
  reporting: 'Counters, lists, reports, verification',
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

const isImport = (operation: Operation): boolean => operation.name === logbook.startImport.name;
const hasBody = ({ http }: Mounted): boolean => http.method === 'POST' || http.method === 'PUT';

/** Which input fields travel where: path, query string or JSON body. */
export function places(operation: Mounted, fields: readonly string[]): { path: string[]; query: string[]; body: string[] } {
  const path = pathFields(operation.http.path);
  const rest = fields.filter((field) => !path.includes(field));
  if (isImport(operation)) return { path, query: rest.filter((field) => field !== 'fileId'), body: [] };
  return hasBody(operation) ? { path, query: [], body: rest } : { path, query: rest, body: [] };
}

function requestBody(operation: Mounted, input: JsonSchema, body: readonly string[]): object {
  if (isImport(operation)) return { requestBody: { required: true, content: { 'text/csv': { schema: { type: 'string' } } } } };
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
  const file = {
    'application/pdf': { schema: { type: 'string', format: 'binary' } },
    'application/zip': { schema: { type: 'string', format: 'binary' } },
  };
  const content =
    (operation.output as unknown) === reporting.fetched ? file : { 'application/json': { schema: schemaOf(operation.output, 'output') } };
  return { description: operation.kind === 'command' ? 'Done' : 'Found', headers, content };
}

function pathItem(operation: Mounted): object {
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
    responses: { 200: answer(operation), ...problemResponses(operation) },
  };
}

function paths(): Record<string, Record<string, object>> {
  const all: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS.filter(isMounted))
    (all[`/api${operation.http.path}`] ??= {})[operation.http.method.toLowerCase()] = pathItem(operation);
  return all;
}

const components = (publicUrl: string): object => ({
  schemas: { Problem: problem, [RULE]: ruleSchema({ io: 'input', definitions }) },
  responses: sharedResponses,
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
    paths: paths(),
    components: components(publicUrl),
  };
}
