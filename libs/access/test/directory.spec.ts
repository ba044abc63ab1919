import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Module } from '@nestjs/common';
import { identity, identityEvents, schoolNetworkEvents } from '@ateneo/contracts';
import { ERASED, uuidv8 } from '@ateneo/event-sourcing';
import { type Relations, type ServiceDefinition, ServiceModule } from '@ateneo/service-kit';
import { type Neighbour, TestPlatform } from '@ateneo/service-kit/testing';
import { accessProviders, Assignments, assignmentsProjection, Directory } from '../src/index.js';

const id = (...parts: (string | number)[]) => uuidv8('test', ...parts.map(String));
const PEOPLE: Readonly<Record<string, readonly [given: string, family: string]>> = {
  [id(1)]: ['Ada', 'Zanella'],
  [id(2)]: ['Zoe', "D'Àvila"],
  [id(3)]: ['Bruno', 'Èlli'],
  [id(4)]: ['Anna', 'Zanella'],
};

let seen: { directory: Directory; assignments: Assignments } | undefined;
class NoRelations implements Relations {
  readonly subjects = {};
}
const definition: ServiceDefinition = { name: 'reporting', mappingVersion: 1, aggregates: [], projections: [assignmentsProjection] };
const Look = {
  provide: 'LOOK',
  useFactory: (directory: Directory, assignments: Assignments) => (seen = { directory, assignments }),
  inject: [Directory, Assignments],
};
@Module({
  imports: [ServiceModule.for(definition, { relations: NoRelations, components: [Directory], providers: [...accessProviders, Look] })],
})
class ServiceWithNames {}

describe('names and assignments in a service', () => {
  let app: TestPlatform;
  let [people, network] = [] as unknown as [Neighbour, Neighbour];
  let asked: string[] = [];
  const confirmed: string[] = [];
  const look = () => {
    assert.ok(seen);
    return seen;
  };

  async function neighbours(): Promise<void> {
    people = await app.neighbour('identity');
    network = await app.neighbour('school-network');
    people.answer(identity.names, ({ personIds }) => {
      asked.push(...personIds);
      return {
        people: Object.fromEntries(
          personIds.map((one) => [
            one,
            PEOPLE[one]
              ? { givenName: PEOPLE[one][0], familyName: PEOPLE[one][1], email: `${PEOPLE[one][0]}@ateneo.example`, staffNumber: null }
              : null,
          ]),
        ),
      };
    });
    people.answer(identity.confirmForgotten, ({ personId, service }) => {
      confirmed.push(`${service} ${personId}`);
      return {};
    });
  }

  before(async () => {
    app = await TestPlatform.open('2026-03-10T09:00:00Z');
    await neighbours();
    await app.start('reporting', ServiceWithNames);
    for (const personId of Object.keys(PEOPLE)) await people.tell(identityEvents.personRegistered, personId, { personId });
    await app.soon(
      async () => look().directory.name(id(4)),
      (name) => name !== ERASED,
    );
  });
  after(() => app.close());

  test('names sort as the Italian alphabet has them, by family and given name [res:52] [arch:4]', () => {
    const { directory } = look();
    const sorted = Object.keys(PEOPLE).sort((a, b) => directory.rank(a) - directory.rank(b));
    assert.deepEqual(
      sorted.map((one) => directory.name(one)),
      ["D'Àvila Zoe", 'Èlli Bruno', 'Zanella Ada', 'Zanella Anna'],
    );
  });

  test('a search takes words in any order and forgives accents and case [res:67]', () => {
    const { directory } = look();
    assert.deepEqual(directory.search('avila'), new Set([id(2)]));
    assert.deepEqual(directory.search('ANNA zan'), new Set([id(4)]));
    assert.deepEqual(directory.search('zanella'), new Set([id(1), id(4)]));
    assert.equal(directory.byMailOrNumber('ADA@ateneo.example'), id(1));
  });

  test('no name stands in clear in any file of the service [arch:4]', () => {
    const { folder } = app.platform;
    const bytes = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name)).toString('latin1'))
      .join('');
    for (const [given, family] of Object.values(PEOPLE))
      assert.ok(
        !bytes.includes(Buffer.from(`${given}@ateneo`).toString('latin1')) && !bytes.includes(Buffer.from(family).toString('latin1')),
        family,
      );
  });

  test('a start needs nobody: the sealed copy is opened, identity is not asked again [arch:4]', async () => {
    asked = [];
    await app.restart();
    assert.equal(look().directory.name(id(1)), 'Zanella Ada');
    await neighbours();
    await people.tell(identityEvents.personDetailsChanged, id(1), { personId: id(1) });
    await app.soon(
      async () => asked.length,
      (length) => length > 0,
    );
    assert.deepEqual(asked, [id(1)]);
  });

  test('erasure: key and name go, identity is told, and the name never comes back [res:C1.8] [arch:4]', async () => {
    await people.tell(identityEvents.personErased, id(3), { personId: id(3) });
    await app.soon(
      async () => look().directory.name(id(3)),
      (name) => name === ERASED,
    );
    await app.soon(
      async () => confirmed,
      (all) => all.includes(`reporting ${id(3)}`),
    );
    assert.deepEqual(look().directory.search('elli'), new Set());
    await people.tell(identityEvents.personDetailsChanged, id(3), { personId: id(3) });
    await people.tell(identityEvents.personDetailsChanged, id(2), { personId: id(2) });
    await app.soon(
      async () => asked.filter((one) => one === id(2)).length,
      (times) => times > 0,
    );
    const file = readFileSync(join(app.platform.folder, 'reporting.views.sqlite')).toString('latin1');
    assert.ok(!file.includes('Bruno'));
  });

  test('an assignment holds from its first to its last day; ended before it began it never held [res:B3.1] [res:E2.5]', async () => {
    const { assignments } = look();
    const key = { schoolId: id('school'), traineeId: id(1), tutorId: id(2) };
    await network.tell(schoolNetworkEvents.tutorAssigned, id('a'), {
      assignmentId: id('a'),
      ...key,
      unitId: null,
      from: '2026-03-01',
      to: '2026-03-31',
    });
    await app.soon(
      () => assignments.ofTutor(id(2)),
      ({ length }) => length === 1,
    );
    assert.deepEqual(
      await Promise.all(
        ['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'].map((day) => assignments.isTutorOn(id(2), key, { from: day, to: day })),
      ),
      [false, true, true, false],
    );
    const touching = { from: '2026-02-01', to: '2026-03-01' };
    assert.ok(await assignments.isTutorOn(id(2), key, touching));
    assert.ok(!(await assignments.isTutorOn(id(2), { ...key, schoolId: id('other school') }, touching)), 'in another school [rev:sec-7]');
    await network.tell(schoolNetworkEvents.tutorAssignmentEnded, id('a'), { assignmentId: id('a'), ...key, to: '2026-02-27' });
    await app.soon(
      () => assignments.ofTutor(id(2)),
      ({ length }) => length === 0,
    );
  });
});
