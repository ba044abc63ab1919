import { z } from 'zod';
import type { HttpMethod, Operation } from './contract.js';
import { logbook, OPERATIONS, reporting, rule } from './index.js';
import { permissionText } from './permission-text.js';
import { problem, problemResponses, sharedResponses } from './openapi-problems.js';

type JsonSchema = Record<string, unknown> & {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  $defs?: Record<string, JsonSchema>;
};
type Mounted = Operation & { readonly http: { readonly method: HttpMethod; readonly path: `/${string}` } };

const TAGS: Readonly<Record<string, string>> = {
  identity: 'People, profiles, sign-in, service accounts',
  'school-network': 'University, schools, units, cohorts, requirement sets, tutor assignments',
  career: 'Enrolments, tracks, suspensions',
  logbook: 'Entries, validation, attestations, imports',
  reporting: 'Counters, lists, reports, verification',
};

const RULE = 'RequirementRule';
const isMounted = (operation: Operation): operation is Mounted => operation.http !== undefined;
export const pathFields = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io,
    // an answer may gain fields without notice, so the document never closes an object
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      if (jsonSchema.format === 'uuid') delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return JSON.parse(JSON.stringify(json).replaceAll('#/$defs/__schema0', `#/components/schemas/${RULE}`)) as JsonSchema;
}

/** The one recursive schema of the contracts; zod sets it apart under a name of its own making. */
const recursiveRule = jsonSchema(z.object({ rule, twice: rule }), 'input').$defs?.['__schema0'];

/** A schema as it stands inside the document. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema, $defs = {}, ...json } = jsonSchema(schema, io);
  for (const definition of Object.values($defs)) {
    if (JSON.stringify(definition) !== JSON.stringify(recursiveRule))
      throw new Error('a second recursive schema: give it a name in the OpenAPI document');
  }
  return json;
}

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
  schemas: { Problem: problem, [RULE]: recursiveRule },
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
