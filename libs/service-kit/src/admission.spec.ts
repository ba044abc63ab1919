import assert from 'node:assert/strict';
import { logbook, type Operation, type Permission, reporting, type Role } from '@ateneo/contracts';
import { admit, type Relations, type Subject, unresolved } from './admission.js';
import type { Caller } from './passport.js';

const who = (id: string, ...profiles: readonly (readonly [Role, string | null])[]): Caller => ({
  is: 'actor',
  actor: {
    id,
    kind: 'person',
    locale: 'it',
    profiles: profiles.map(([role, schoolId]) => ({ profileId: id, role, schoolId, from: '2020-01-01', to: null })),
  },
});
const things: Readonly<Record<string, Subject>> = {
  e1: { traineeId: 't1', schoolId: 's1', days: { from: '2026-03-05', to: '2026-03-05' } },
  draft: { traineeId: 't1', schoolId: 's1', days: { from: '2026-03-05', to: '2026-03-05' }, unsent: true },
};
const relations: Relations = {
  subjects: {
    entryId: (value) => things[value],
    traineeId: (traineeId) => ({ traineeId, schoolId: 's1' }),
  },
  isTutorOn: (tutorId, { traineeId, schoolId, days }) =>
    tutorId === 'v1' && traineeId === 't1' && schoolId === 's1' && (days?.to ?? '2026-03-10') >= '2026-03-01',
};
const asked = async (operation: Operation, caller: Caller, input: object): Promise<string> => {
  const answer = await admit(operation, caller, input, relations);
  return 'status' in answer ? answer.code : 'admitted';
};

describe('permission with relation', () => {
  test('a trainee acts on own entries only [arch:3]', async () => {
    assert.equal(await asked(logbook.submitEntry, who('t1', ['trainee', 's1']), { entryId: 'e1' }), 'admitted');
    assert.equal(await asked(logbook.submitEntry, who('t2', ['trainee', 's1']), { entryId: 'e1' }), 'forbidden');
    assert.equal(await asked(logbook.submitEntry, who('t1', ['tutor', 's1']), { entryId: 'e1' }), 'forbidden');
  });

  test('a tutor acts where an assignment holds on that date, a director in the own school [res:E2.5] [res:E2.9]', async () => {
    assert.equal(await asked(logbook.validateEntry, who('v1', ['tutor', 's1']), { entryId: 'e1' }), 'admitted');
    assert.equal(await asked(logbook.validateEntry, who('v2', ['tutor', 's1']), { entryId: 'e1' }), 'forbidden');
    assert.equal(await asked(logbook.validateEntry, who('d1', ['director', 's1']), { entryId: 'e1' }), 'admitted');
    assert.equal(await asked(logbook.validateEntry, who('d2', ['director', 's2']), { entryId: 'e1' }), 'forbidden');
  });

  test('a tutor without a profile in the school of the thing is no tutor there, whatever assignment is open [rev:sec-7]', async () => {
    const left = who('v1', ['tutor', 's2']);
    assert.equal(await asked(logbook.validateEntry, left, { entryId: 'e1' }), 'forbidden');
    assert.equal(await asked(reporting.showCounters, left, { traineeId: 't1' }), 'forbidden');
    assert.equal(await asked(reporting.showCounters, who('v1', ['tutor', 's2'], ['tutor', 's1']), { traineeId: 't1' }), 'admitted');
    assert.equal(await asked(reporting.showCounters, who('v1', ['tutor', null]), { traineeId: 't1' }), 'forbidden');
  });

  test('what was not sent yet is read by its author alone; to others it reads like what does not exist [rev:sec-9]', async () => {
    for (const caller of [who('v1', ['tutor', 's1']), who('d1', ['director', 's1']), who('k1', ['school-secretariat', 's1'])]) {
      assert.deepEqual(
        await admit(logbook.showEntry, caller, { entryId: 'draft' }, relations),
        await admit(logbook.showEntry, caller, { entryId: 'e9' }, relations),
      );
      assert.equal(await asked(logbook.showEntry, caller, { entryId: 'e1' }), 'admitted');
    }
    assert.equal(await asked(logbook.showEntry, who('t1', ['trainee', 's1']), { entryId: 'draft' }), 'admitted');
    assert.equal(await asked(logbook.returnEntry, who('v1', ['tutor', 's1']), { entryId: 'draft' }), 'admitted', 'a repeat has its answer');
  });

  test('a handler learns by which right it was reached, the widest first [rev:sec-8]', async () => {
    const by = async (caller: Caller) => {
      const answer = await admit(reporting.explainRequirement, caller, { traineeId: 't1' }, relations);
      return 'status' in answer ? answer.code : answer.sight;
    };
    const none = { tenant: false, schools: [], tutorIn: [], self: false };
    assert.deepEqual(await by(who('t1', ['trainee', 's1'])), { ...none, self: true });
    assert.deepEqual(await by(who('v1', ['tutor', 's1'])), { ...none, tutorIn: ['s1'] });
    assert.deepEqual(await by(who('v1', ['tutor', 's1'], ['director', 's1'])), { ...none, schools: ['s1'] });
    assert.deepEqual(await by(who('v1', ['tutor', 's1'], ['administrator', null])), { ...none, tenant: true });
  });

  test('denied reads the same whether the thing exists or not [arch:3]', async () => {
    const stranger = who('x', ['tutor', 's2']);
    const [there, absent] = await Promise.all(
      ['e1', 'e9'].map((entryId) => admit(logbook.validateEntry, stranger, { entryId }, relations)),
    );
    assert.deepEqual(there, absent);
  });

  test('a role of the whole university is no role of one school, nor the other way round [arch:3]', async () => {
    assert.equal(await asked(reporting.showCounters, who('u', ['university-secretariat', null]), { traineeId: 't1' }), 'admitted');
    assert.equal(await asked(reporting.showCounters, who('u', ['university-secretariat', 's1']), { traineeId: 't1' }), 'forbidden');
    assert.equal(await asked(reporting.showCounters, who('u', ['school-secretariat', 's1']), { traineeId: 't1' }), 'admitted');
    assert.equal(await asked(reporting.showCounters, who('u', ['school-secretariat', null]), { traineeId: 't1' }), 'forbidden');
  });

  test('a list is narrowed to what the profiles allow instead of refused; without any it is refused [arch:3]', async () => {
    const sight = async (caller: Caller) => {
      const answer = await admit(logbook.listEntries, caller, {}, relations);
      return 'status' in answer ? answer.code : answer.sight;
    };
    assert.deepEqual(await sight(who('t1', ['trainee', 's1'])), { tenant: false, schools: [], tutorIn: [], self: true });
    assert.deepEqual(await sight(who('a', ['tutor', 's1'], ['director', 's2'])), {
      tenant: false,
      schools: ['s2'],
      tutorIn: ['s1'],
      self: false,
    });
    assert.deepEqual(await sight(who('u', ['administrator', null])), { tenant: true, schools: [], tutorIn: [], self: false });
    assert.equal(await sight(who('n')), 'forbidden');
  });

  test('operations between services take the services they name and no person [arch:3]', async () => {
    const permission: Permission = { relation: 'service', callers: ['api-gateway'] };
    const operation = { ...logbook.submitEntry, permission } as Operation;
    assert.equal(await asked(operation, { is: 'service', service: 'api-gateway' }, {}), 'admitted');
    assert.equal(await asked(operation, { is: 'service', service: 'reporting' }, {}), 'forbidden');
    assert.equal(await asked(operation, who('a', ['administrator', null]), {}), 'forbidden');
    assert.equal(await asked(logbook.submitEntry, { is: 'service', service: 'api-gateway' }, { entryId: 'e1' }), 'forbidden');
  });

  test('an operation whose relation nothing resolves does not start [arch:3]', () => {
    assert.deepEqual(unresolved(logbook.validateEntry, relations), []);
    const blind: Relations = { subjects: {} };
    assert.ok(unresolved(logbook.validateEntry, blind).some((line) => line.includes('my-trainee-on-date')));
    assert.ok(unresolved(logbook.submitEntry, blind).some((line) => line.includes('entryId')));
  });
});
