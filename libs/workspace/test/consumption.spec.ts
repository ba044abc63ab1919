import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { CONSUMES, contextOf, identityEvents, OPERATIONS } from '@ateneo/contracts';
import { readBy } from '@ateneo/service-kit';
import { consumption, CONSUMPTION_FILE, readersOf, serviceDefinitions } from '../src/consumption.js';

const root = resolve(import.meta.dirname, '../../..');
const definitions = await serviceDefinitions(root);

test('the table of who follows whom, and of who keeps names, is what the services handle [issue4:2] [issue9:1]', () =>
  assert.equal(readFileSync(join(root, CONSUMPTION_FILE), 'utf8'), consumption(definitions)));

test('every context has a service that says what it handles [issue4:2]', () => {
  const contexts = [...new Set(OPERATIONS.map(({ name }) => contextOf(name)))];
  assert.deepEqual(
    definitions.map(({ name }) => name),
    contexts,
  );
  assert.deepEqual(Object.keys(CONSUMES), contexts);
});

test('a handler more, and the table says whose events it follows and that its service keeps names [issue9:1]', () => {
  const [identity] = definitions;
  assert.ok(identity);
  const more = { ...identity, name: 'surveys', aggregates: [], projections: [], followers: [] };
  assert.match(consumption([identity, more]), /  surveys: \[\],\n[^]*NAME_HOLDERS = \[\] as const/);
  const names = { name: 'names', public: [identityEvents.personRegistered.type] };
  const following = { ...more, followers: [names] };
  assert.match(consumption([identity, following]), /  surveys: \['identity'\],\n[^]*NAME_HOLDERS = \['surveys'\] as const/);
  assert.deepEqual(readersOf([identity, following]).get(identityEvents.personRegistered.type), ['surveys (names)']);
});

test('what is read is a public event of some contract [issue9:1]', () => {
  const read = new Set(definitions.flatMap((one) => [...readBy(one).keys()]));
  const declared = readFileSync(join(root, 'docs/event-catalogue.md'), 'utf8');
  assert.ok(read.size > 30);
  for (const type of read) assert.ok(declared.includes(`### ${type}\n`), type);
});
