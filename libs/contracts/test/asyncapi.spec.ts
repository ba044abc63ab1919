import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import type { AnySchema } from 'ajv';
import { asyncApiDocument, addressOf, envelopeSchema, eventSchema } from '../src/asyncapi.js';
import { PUBLIC_EVENTS } from '../src/index.js';

type Node = Record<string, unknown>;
type Message = { payload: Node; examples: { payload: Node }[] };
const require = createRequire(import.meta.url);
const { Ajv } = require('ajv') as typeof import('ajv');
const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
const addFormats = require('ajv-formats') as (ajv: object) => void;

const document = asyncApiDocument('https://ateneo.example') as {
  channels: Record<string, { address: string | null; servers?: unknown; 'x-jetstream-stream'?: string }>;
  operations: Record<string, Node>;
  components: { messages: Record<string, Message>; schemas: Record<string, AnySchema> };
} & Node;
const draft7 = () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  return ajv;
};

function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' && typeof value === 'string' ? [value] : references(value)));
}
const target = (reference: string): unknown =>
  reference
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (node as Node | undefined)?.[key], document);

describe('the AsyncAPI document', () => {
  test('is AsyncAPI 3 by the schema of the specification [arch:4]', () => {
    const { schemasWithoutId: schemas } = require('@asyncapi/specs') as { schemasWithoutId: Record<string, AnySchema> };
    const validate = draft7().compile(schemas['3.0.0'] as AnySchema);
    assert.ok(validate(JSON.parse(JSON.stringify(document))), JSON.stringify(validate.errors?.slice(0, 3), null, 1));
    assert.equal(validate({ ...document, channels: [] }), false);
  });
  test('every reference leads somewhere [arch:4]', () => {
    const found = references(document);
    assert.ok(found.length > 100);
    assert.deepEqual(
      found.filter((one) => target(one) === undefined),
      [],
    );
  });
  test('every public event has its channel, subject and stream [arch:4]', () => {
    for (const { type } of PUBLIC_EVENTS) {
      const [context, fact, version] = type.split('.');
      const channel = document.channels[type];
      assert.equal(channel?.address, `${context}.event.${fact}.${version}.{partition}`);
      assert.equal(channel['x-jetstream-stream'], `events-${context}`);
      assert.ok(document.operations[type], type);
    }
    assert.equal(addressOf('logbook.entry-validated.v1'), 'logbook.event.entry-validated.v1.{partition}');
    assert.deepEqual(Object.keys(document.channels).slice(-2), ['feed', 'webhook']);
  });
  test('every example is a message as its payload says; one without its data is not [arch:4]', () => {
    const ajv = draft7();
    ajv.addSchema(JSON.parse(JSON.stringify(document)) as AnySchema, 'asyncapi');
    for (const [type, message] of Object.entries(document.components.messages)) {
      const validate = ajv.compile(
        JSON.parse(JSON.stringify(message.payload).replaceAll('"#/components/', '"asyncapi#/components/')) as AnySchema,
      );
      const [example] = message.examples;
      assert.ok(validate(example?.payload), `${type}: ${JSON.stringify(validate.errors)}`);
      assert.equal(validate({ ...example?.payload, data: null }), false, type);
    }
  });
});

describe('JSON Schema per event and version', () => {
  test('is a document of its own by draft 2020-12 that takes the example and nothing less [arch:4]', () => {
    for (const event of PUBLIC_EVENTS) {
      const ajv = new Ajv2020({ allErrors: true, strictTypes: false, allowUnionTypes: true });
      addFormats(ajv);
      const schema = eventSchema(event);
      const validate = ajv.compile(schema);
      assert.ok(validate(event.example), `${event.type}: ${JSON.stringify(validate.errors)}`);
      assert.equal(validate({}), (schema.required ?? []).length === 0, event.type);
      assert.ok(validate({ ...(event.data.parse(event.example) as object), newField: 1 }), `${event.type} may gain fields`);
    }
  });
  test('the envelope stands beside them [arch:4]', () => {
    assert.deepEqual(envelopeSchema().required?.slice(0, 4), ['specversion', 'id', 'source', 'type']);
  });
});
