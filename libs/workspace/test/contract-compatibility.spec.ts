import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { jsonSchema } from '@ateneo/contracts/json-schema';
import { contractBreaches } from '../src/contract-compatibility.js';
import { type Contracts, currentContracts } from '../src/contract-snapshot.js';

const TYPE = 'logbook.entry-told.v1';
const envelope = z.object({ id: z.string(), schoolid: z.string().optional() });
const event = {
  entryId: z.uuid(),
  quantity: z.number().int(),
  state: z.enum(['draft', 'submitted']),
  locale: z.enum(['it', 'en']).meta({ 'x-closed': true }),
  certified: z.object({ autonomy: z.string().nullable() }),
  years: z.array(z.object({ year: z.number() })),
};
const input = {
  entryId: z.uuid(),
  note: z.string().max(200).nullable().optional(),
  role: z.enum(['tutor', 'director']),
  page: z.number().int().min(1).max(100).default(1),
};
const output = { total: z.number(), rows: z.array(z.object({ name: z.string(), at: z.string() })) };
const route = 'GET /entries/{entryId}';

type Parts = {
  events?: Record<string, object>;
  input?: object;
  output?: object;
  http?: string;
  refusals?: Record<string, number>;
  envelope?: object;
};
const contracts = (parts: Parts = {}): Contracts => ({
  envelope: jsonSchema(z.object({ ...envelope.shape, ...parts.envelope }), { io: 'output' }),
  events: Object.fromEntries(
    Object.entries(parts.events ?? { [TYPE]: event }).map(([type, shape]) => [
      type,
      jsonSchema(z.object(shape as never), { io: 'output' }),
    ]),
  ),
  operations: {
    'logbook.show-entry': {
      kind: 'query',
      http: parts.http ?? route,
      input: jsonSchema(z.object((parts.input ?? input) as never), { io: 'input' }),
      output: jsonSchema(z.object((parts.output ?? output) as never), { io: 'output' }),
      refusals: parts.refusals ?? { 'entry-not-found': 404 },
    },
  },
});
const dropped = (shape: object, field: string): object => Object.fromEntries(Object.entries(shape).filter(([name]) => name !== field));
const changed = (parts: Parts): { rules: string[]; text: string } => {
  const breaches = contractBreaches(contracts(), contracts(parts));
  return { rules: breaches.map(({ rule }) => rule), text: breaches.map(({ sentence }) => sentence).join('\n') };
};
const inEvent = (shape: object): Parts => ({ events: { [TYPE]: { ...event, ...shape } } });

describe('a contract change that would break a consumer fails and names event or operation, field and rule [arch:3]', () => {
  const planted: readonly [what: string, rule: string, names: string, parts: Parts][] = [
    ['an event is removed', 'event-removed', TYPE, { events: {} }],
    ['a field of an event is removed', 'out-removed', '«quantity» is gone', { events: { [TYPE]: dropped(event, 'quantity') } }],
    ['a field of an event is made optional', 'out-optional', '«quantity»', inEvent({ quantity: z.number().int().optional() })],
    ['a field of an event is made nullable', 'out-null', '«quantity»', inEvent({ quantity: z.number().int().nullable() })],
    ['a field of an event changes its type', 'out-type', '«quantity» was integer and is string', inEvent({ quantity: z.string() })],
    ['a field of an event changes its format', 'out-type', '«entryId» was uuid', inEvent({ entryId: z.string() })],
    ['an integer may now be a fraction', 'out-type', '«quantity»', inEvent({ quantity: z.number() })],
    ['a field may now be of another type too', 'out-type', '«quantity»', inEvent({ quantity: z.union([z.number().int(), z.string()]) })],
    ['a closed list of values grows', 'out-value', '«locale»', inEvent({ locale: z.enum(['it', 'en', 'de']) })],
    ['a closed list of values is opened', 'out-value', '«locale»', inEvent({ locale: z.string() })],
    ['a nested field is removed', 'out-removed', '«certified.autonomy»', inEvent({ certified: z.object({}) })],
    ['a field of list items is removed', 'out-removed', '«years[].year»', inEvent({ years: z.array(z.object({})) })],
    ['list items change their type', 'out-type', '«years[]»', inEvent({ years: z.array(z.string()) })],
    ['an attribute of every event changes', 'out-type', 'every event: the field «id»', { envelope: { id: z.number() } }],
    ['a route changes', 'route-changed', 'GET /entry/{entryId}', { http: 'GET /entry/{entryId}' }],
    ['a refusal changes its status', 'refusal-changed', '«entry-not-found» was 404', { refusals: { 'entry-not-found': 409 } }],
    ['an output field is removed', 'out-removed', 'logbook.show-entry, output: the field «total»', { output: dropped(output, 'total') }],
    ['an input field is removed', 'in-removed', '«note»', { input: dropped(input, 'note') }],
    ['a required input is added', 'in-required', '«why» is new', { input: { ...input, why: z.string() } }],
    ['an optional input becomes required', 'in-required', '«note» must now', { input: { ...input, note: z.string().max(200).nullable() } }],
    ['an input no longer takes null', 'in-null', '«note»', { input: { ...input, note: z.string().max(200).optional() } }],
    ['an input changes its type', 'in-type', '«entryId»', { input: { ...input, entryId: z.number() } }],
    ['an input value is removed', 'in-value', '«role» no longer takes director', { input: { ...input, role: z.enum(['tutor']) } }],
    [
      'an input is narrowed',
      'in-narrowed',
      '«page» has maximum 50',
      { input: { ...input, page: z.number().int().min(1).max(50).default(1) } },
    ],
  ];
  for (const [what, rule, names, parts] of planted) {
    test(what, () => {
      const { rules, text } = changed(parts);
      assert.deepEqual(rules, [rule], text);
      assert.ok(text.includes(names), text);
    });
  }
  test('an operation is removed', () => {
    const [breach] = contractBreaches(contracts(), { ...contracts(), operations: {} });
    assert.equal(breach?.rule, 'operation-removed');
    assert.match(breach.sentence, /logbook\.show-entry/);
  });
});

describe('a contract that only gains passes [arch:3]', () => {
  const additive: readonly [what: string, parts: Parts][] = [
    ['a new field of an event', inEvent({ batchId: z.uuid().nullable() })],
    ['a new value of a list that is not closed', inEvent({ state: z.enum(['draft', 'submitted', 'validated']) })],
    ['a new event', { events: { [TYPE]: event, 'logbook.entry-sung.v1': {} } }],
    ['an optional attribute that is always there now', { envelope: { schoolid: z.string() } }],
    ['a new optional input', { input: { ...input, search: z.string().optional() } }],
    ['a wider input', { input: { ...input, role: z.enum(['tutor', 'director', 'trainee']), entryId: z.string() } }],
    ['an input that needs to be given no longer', { input: { ...input, role: z.enum(['tutor', 'director']).optional() } }],
    ['a new output field', { output: { ...output, stale: z.boolean().optional() } }],
    ['a new refusal', { refusals: { 'entry-not-found': 404, 'entry-erased': 409 } }],
  ];
  for (const [what, parts] of additive) test(what, () => assert.equal(changed(parts).text, ''));

  const shape = (...kinds: string[]) =>
    inEvent({ rule: z.discriminatedUnion('kind', kinds.map((kind) => z.object({ kind: z.literal(kind), minimum: z.number() })) as never) });
  test('a new kind of a union, told by its fixed field; a kind that changes does not', () => {
    const [one, two] = [contracts(shape('a')), contracts(shape('a', 'b'))];
    assert.deepEqual(contractBreaches(one, two), []);
    const other = inEvent({ rule: z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]) });
    assert.deepEqual(
      contractBreaches(two, contracts(other)).map(({ rule }) => rule),
      ['out-removed', 'out-removed'],
    );
  });
});

test('the contracts of today keep what they say to themselves, recursive rules included [arch:3]', () => {
  const now = currentContracts();
  assert.deepEqual(contractBreaches(now, now), []);
  const text = JSON.stringify(now.events['school-network.requirement-set-published.v1']);
  const narrower = JSON.parse(text.replaceAll('"partMinimum"', '"part_minimum"')) as Contracts['envelope'];
  const breaches = contractBreaches(now, { ...now, events: { ...now.events, 'school-network.requirement-set-published.v1': narrower } });
  assert.ok(
    breaches.some(({ sentence }) => sentence.includes('partMinimum')),
    'a change inside the recursive rule is seen',
  );
});
