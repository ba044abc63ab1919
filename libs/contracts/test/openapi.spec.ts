import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { z } from 'zod';
import { GATEWAY_ROUTES, GENERAL_PROBLEMS, keyForm, liveTopics, OPERATIONS } from '../src/index.js';
import { openApiDocument } from '../src/openapi.js';

type Node = Record<string, unknown>;
type PathItem = {
  operationId: string;
  parameters: Node[];
  security?: [];
  requestBody?: { description?: string; content: Record<string, { schema: Node; example?: unknown }> };
  responses: Record<string, Node>;
  'x-limit-per-address'?: string;
  'x-live-keys'?: string[];
  'x-live-topics'?: Node;
};
const document = openApiDocument('http://localhost:3000') as { paths: Record<string, Record<string, PathItem>> } & Node;
const items = Object.entries(document.paths).flatMap(([path, methods]) => Object.values(methods).map((item) => ({ path, item })));

function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' && typeof value === 'string' ? [value] : references(value)));
}
const resolve = (reference: string): unknown =>
  reference
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (node as Node | undefined)?.[key], document);

/** The schema with what it refers to beside it, as a validator wants it. */
const standalone = (schema: unknown): Parameters<typeof z.fromJSONSchema>[0] => {
  const schemas = (document['components'] as Node)['schemas'];
  return JSON.parse(JSON.stringify({ ...(schema as Node), $defs: schemas }).replaceAll('#/components/schemas/', '#/$defs/')) as Parameters<
    typeof z.fromJSONSchema
  >[0];
};

describe('the OpenAPI document', () => {
  test('every operation with a route stands in the document once [arch:3]', () => {
    const mounted = OPERATIONS.filter((operation) => operation.http);
    assert.deepEqual(items.map(({ item }) => item.operationId).sort(), [...mounted, ...GATEWAY_ROUTES].map(({ name }) => name).sort());
  });
  test('an operation of services only is not in the document [arch:3]', () => {
    const internal = OPERATIONS.filter(
      (operation) => !('anyOf' in operation.permission) && operation.permission.relation === 'service',
    ).map((operation) => operation.name);
    assert.ok(internal.length > 0);
    assert.deepEqual(
      items.filter(({ item }) => internal.includes(item.operationId as never)),
      [],
    );
  });
  test('every reference resolves', () => {
    const found = references(document);
    assert.ok(found.length > 0);
    assert.deepEqual(
      found.filter((reference) => !reference.startsWith('#/') || resolve(reference) === undefined),
      [],
    );
  });
  test('every name between braces of a path is a required path parameter, and no other is', () => {
    for (const { path, item } of items) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = item.parameters.filter((parameter) => parameter['in'] === 'path');
      assert.deepEqual(
        declared.map((parameter) => parameter['name']),
        named,
        path,
      );
      assert.ok(
        declared.every((parameter) => parameter['required'] === true && Object.keys(parameter['schema'] as Node).length > 0),
        path,
      );
    }
  });
  test('every example is accepted by the schema that it stands beside', () => {
    let checked = 0;
    for (const { path, item } of items) {
      const body = item.requestBody?.content['application/json'];
      const pairs = [
        ...item.parameters.filter((parameter) => 'example' in parameter).map((parameter) => [parameter['schema'], parameter['example']]),
        ...(body && 'example' in body ? [[body.schema, body.example]] : []),
      ];
      for (const [schema, example] of pairs) {
        const result = z.fromJSONSchema(standalone(schema)).safeParse(example);
        assert.ok(result.success, `${path}: ${JSON.stringify(example)} ${result.error?.message}`);
        checked += 1;
      }
    }
    assert.ok(checked > 100);
  });
  const codesOf = (response: Node | undefined): string => {
    const node = response && '$ref' in response ? resolve(response['$ref'] as string) : response;
    return /"enum":(\[[^\]]*\])/.exec(JSON.stringify(node ?? {}))?.[1] ?? '[]';
  };
  test('what the gateway answers by itself stands with its own codes, in routes of its own too [rev:sec-14]', () => {
    const answers = (operationId: string, status: number) => {
      const found = items.find(({ item }) => item.operationId === operationId);
      return JSON.parse(codesOf(found?.item.responses[status])) as string[];
    };
    assert.deepEqual(answers('logbook.record-entry', 401), [
      'passport-not-valid',
      'sign-in-needed',
      'token-not-valid',
      'account-not-known',
    ]);
    assert.deepEqual(answers('logbook.record-entry', 403), ['forbidden', 'cross-site-request']);
    assert.deepEqual(answers('reporting.show-counters', 403), ['forbidden']);
    for (const code of ['malformed-json', 'json-too-deep', 'forbidden-key', 'idempotency-key-not-valid', 'invalid-input'])
      assert.ok(answers('logbook.record-entry', 400).includes(code), code);
    for (const code of ['too-busy', 'store-busy', 'storage-unavailable'])
      assert.ok(answers('logbook.record-entry', 503).includes(code), code);
    assert.deepEqual(answers('events.read', 409), ['feed-restarted']);
    assert.deepEqual(answers('webhooks.register', 422), ['event-type-not-known', 'webhook-target-refused', 'account-not-known']);
    for (const { item } of items)
      for (const status of [400, 405, 500, 503]) assert.ok(status in item.responses, `${item.operationId} ${status}`);
    const told = new Set(items.flatMap(({ item }) => Object.values(item.responses).flatMap((one) => JSON.parse(codesOf(one)) as string[])));
    // sign-in is a page, outside of the interface
    assert.deepEqual(
      Object.keys(GENERAL_PROBLEMS).filter((code) => !told.has(code)),
      ['return-not-local'],
    );
  });
  test('what an operation carries stands in the document: types of files, limits per address, live keys [issue:9.2]', () => {
    const limited: string[] = [];
    for (const { item } of items) {
      const carried = OPERATIONS.find(({ name }) => name === item.operationId);
      if (!carried) continue;
      const answer = item.responses[200] as { content: Record<string, { schema: Node }> };
      assert.deepEqual(Object.keys(answer.content), carried.download?.types ?? ['application/json'], item.operationId);
      assert.equal(codesOf(item.responses[404]).includes('"file-not-found"'), carried.download !== undefined, item.operationId);
      assert.equal(codesOf(item.responses[429]).includes('"too-many-requests"'), carried.limit !== undefined, item.operationId);
      assert.deepEqual([item['x-limit-per-address'], item['x-live-keys']], [carried.limit, carried.live?.map(keyForm)], item.operationId);
      if (carried.limit) limited.push(item.operationId);
      if (!carried.upload) continue;
      assert.deepEqual(Object.keys(item.requestBody?.content ?? {}), carried.upload.types);
      assert.equal(item.requestBody?.description, `At most ${carried.upload.maxBytes} bytes`);
      assert.ok(!item.parameters.some(({ name }) => name === 'fileId'), 'nobody sends the reference of a file');
      assert.ok(codesOf(item.responses[413]).includes('"body-too-large"'));
      assert.ok(codesOf(item.responses[415]).includes('"unsupported-content-type"'));
    }
    assert.deepEqual(limited.sort(), ['identity.set-password', 'reporting.verify-report']);
    const live = items.find(({ path }) => path === '/api/live')?.item;
    assert.deepEqual(Object.keys(live?.['x-live-topics'] ?? {}), liveTopics(OPERATIONS).map(keyForm));
  });
  test('an operation lists its refusals as codes, and is public only where it says so [arch:3]', () => {
    for (const { item } of items) {
      const operation = OPERATIONS.find((candidate) => candidate.name === item.operationId);
      if (!operation) continue;
      const isPublic = !('anyOf' in operation.permission);
      assert.equal(item.security !== undefined, isPublic, item.operationId);
      for (const [code, status] of Object.entries(operation.refusals))
        assert.ok(codesOf(item.responses[status]).includes(`"${code}"`), `${item.operationId} ${code}`);
    }
  });
});
