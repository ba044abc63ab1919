import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Module } from '@nestjs/common';
import { careerEvents, identityEvents, reportingEvents, schoolNetworkEvents } from '@ateneo/contracts';
import { type Decider, on } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection, reaction } from '@ateneo/read-models';
import { followedBy, keepsNames, type ServiceDefinition, ServiceModule, type ServiceRuntime, startReactions } from '../src/index.js';
import { TestPlatform } from '../src/testing.js';

type Answered = { type: 'QuestionAnswered'; words: string; personId: string };
const answer: Decider<null, { type: 'Answer' }, Answered> = {
  category: 'surveyAnswer',
  initial: null,
  personal: { QuestionAnswered: { person: 'personId', fields: ['words'] } },
  scope: () => ({}),
  decide: () => [],
  evolve: () => null,
};
const none: ServiceDefinition = { name: 'surveys', mappingVersion: 1, aggregates: [], projections: [] };
const seals: ServiceDefinition = { ...none, aggregates: [{ decider: answer }] };
const named: CollectionSpec<{ name: string }> = {
  name: 'named',
  version: 1,
  columns: {},
  personal: { fields: ['name'], person: ({ name }) => name },
};
const shows: ServiceDefinition = {
  ...none,
  projections: [projection({ name: 'shown', version: 1, parts: [documentsOf(named, { on: [] })] })],
};
const names = { name: 'names', public: [identityEvents.personDetailsChanged.type] };
const erasures = { name: 'erasures', public: [identityEvents.personErased.type] };
const follows: ServiceDefinition = { ...none, followers: [names, erasures] };

describe('what a service reads, and whether an erasure reaches it', () => {
  let app: TestPlatform;
  beforeEach(async () => (app = await TestPlatform.open('2026-03-16T09:00:00Z')));
  afterEach(() => app.close());
  function start(definition: ServiceDefinition): Promise<void> {
    class NoRelations {
      readonly subjects = {};
    }
    class Service {}
    Module({ imports: [ServiceModule.for(definition, { relations: NoRelations })] })(Service);
    return app.start(definition.name, Service);
  }

  for (const [what, definition] of Object.entries({ 'a personal field in its events': seals, 'one in its documents': shows }))
    test(`with ${what} it starts only where erasures are told to it [issue9:1]`, async () => {
      assert.ok(keepsNames(definition));
      await assert.rejects(start(definition), /surveys keeps personal fields, and no erasure would reach it/);
      await assert.rejects(start({ ...definition, name: 'career' }), /career keeps personal fields and follows no erasure/);
      await start({ ...definition, name: 'career', followers: [erasures] });
    });
  test('one that follows names is on the list of those that must forget, or does not start [issue9:1]', async () => {
    assert.ok(keepsNames(follows));
    await assert.rejects(start(follows), /names of surveys/);
    await start({ ...follows, name: 'career' });
  });
  test('who announces an erasure forgets by itself, and who keeps nothing of people need not [issue9:1]', async () => {
    assert.ok(!keepsNames({ ...seals, name: 'identity' }));
    assert.ok(!keepsNames(none));
    await start(none);
  });
  test('whose events it follows comes from all that handle them, in the order of the contracts, without its own [issue9:1]', () => {
    const opened = reaction<object>({ name: 'when-opened-then-greet', on: on(schoolNetworkEvents.schoolOpened, async () => undefined) });
    const issued = { name: 'issued', public: [reportingEvents.reportIssued.type, careerEvents.trackChosen.type] };
    const definition = { ...none, name: 'career', followers: [issued, opened, erasures] };
    assert.deepEqual(followedBy(definition), ['identity', 'school-network', 'reporting']);
  });
  test('it starts only with what the table lets it follow, a reaction that starts later too [issue9:1]', async () => {
    const issued = { name: 'issued', public: [reportingEvents.reportIssued.type] };
    await assert.rejects(start({ ...none, name: 'career', followers: [issued] }), /issued of career reads reporting\.report-issued\.v1/);
    const react = reaction<object>({ name: 'when-issued-then-act', on: on(reportingEvents.reportIssued, async () => undefined) });
    const runtime = { definition: { ...none, name: 'career' } } as ServiceRuntime;
    await assert.rejects(startReactions(runtime, [react], {}), /when-issued-then-act of career reads reporting\.report-issued\.v1/);
  });
});
