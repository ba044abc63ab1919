import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { actor, type Neighbour, service, TestPlatform } from '@ateneo/service-kit/testing';
import { careerEvents, identity, identityEvents, schoolNetwork, schoolNetworkEvents } from '@ateneo/contracts';
import { uuidv8 } from '@ateneo/event-sourcing';
import { SchoolNetworkModule } from '../src/school-network.module.js';
import { catalogue, setOf } from './catalogue.js';

const id = (...parts: (string | number)[]) => uuidv8('test', ...parts);
const label = { it: 'Nome', en: 'Name' };
const administrator = actor(id('administrator'), ['administrator', null]);
const school = (n: number) => ({
  schoolId: id('school', n),
  code: n === 1 ? 'CHIR' : 'PED',
  name: { it: `Scuola ${n}`, en: `School ${n}` },
  area: 'surgical' as const,
  years: 5,
});
const secretary = (n: number) => actor(id('secretary', n), ['school-secretariat', id('school', n)]);
const [tutor, otherTutor] = [id('tutor'), id('other tutor')];

describe('school-network', () => {
  let app: TestPlatform;
  let [career, people] = [] as unknown as [Neighbour, Neighbour];

  async function enrol(traineeId: string, n: number): Promise<void> {
    const enrolmentId = id('enrolment', traineeId);
    await career.tell(careerEvents.traineeEnrolled, enrolmentId, {
      enrolmentId,
      traineeId,
      schoolId: id('school', n),
      cohortId: id('cohort', n),
      contractStart: '2025-11-01',
      courseYears: 5,
    });
    await people.tell(identityEvents.personRegistered, traineeId, { personId: traineeId });
  }
  const assign = (traineeId: string, more: object = {}) =>
    app.done(
      schoolNetwork.assignTutor,
      { assignmentId: id('assignment', traineeId), schoolId: id('school', 1), traineeId, tutorId: tutor, from: '2025-11-01', ...more },
      secretary(1),
    );

  before(async () => {
    app = await TestPlatform.open('2026-03-10T09:00:00Z');
    career = await app.neighbour('career');
    people = await app.neighbour('identity');
    people.answer(identity.names, ({ personIds }) => ({
      people: Object.fromEntries(
        personIds.map((one) => [one, { givenName: 'Ada', familyName: one, email: 'ada@example.org', staffNumber: null }]),
      ),
    }));
    await app.start('school-network', SchoolNetworkModule);
    await app.done(schoolNetwork.registerUniversity, { universityId: id('university'), name: label }, administrator);
    for (const n of [1, 2]) await app.done(schoolNetwork.openSchool, school(n), administrator);
    for (const { code, sets } of catalogue)
      for (const set of sets) await app.done(schoolNetwork.publishRequirementSet, { schoolCode: code, set }, administrator);
    for (const personId of [tutor, otherTutor]) {
      await people.tell(identityEvents.personRegistered, personId, { personId });
      await people.tell(identityEvents.profileGranted, personId, {
        personId,
        profileId: id('profile', personId),
        role: 'tutor',
        schoolId: id('school', personId === tutor ? 1 : 2),
        from: '2020-01-01',
        to: null,
      });
    }
    for (let i = 1; i <= 6; i++) await enrol(id('trainee', i), i === 6 ? 2 : 1);
    await app.soon(
      () =>
        app.call(
          schoolNetwork.assignTutor,
          {
            assignmentId: id('first'),
            schoolId: id('school', 2),
            traineeId: id('trainee', 6),
            tutorId: otherTutor,
            from: '2025-11-01',
            to: '2025-11-30',
          },
          secretary(2),
        ),
      ({ ok }) => ok,
    );
  });
  after(() => app.close());

  test('there is one university, and its scale of autonomy is its own [res:132]', async () => {
    await app.refused(schoolNetwork.registerUniversity, { universityId: id('another'), name: label }, administrator, 'id-already-used');
    const level = { key: 'support', rank: 1, name: label, description: label };
    const role = { key: 'first-operator', name: label, description: label, countsInCaseload: true };
    await app.refused(
      schoolNetwork.defineAutonomyScale,
      { levels: [level, { ...level, rank: 2 }], surgicalRoles: [role] },
      administrator,
      'scale-inconsistent',
    );
    const { token } = await app.done(schoolNetwork.defineAutonomyScale, { levels: [level], surgicalRoles: [role] }, administrator);
    const shown = await app.done(schoolNetwork.showUniversity, { after: token }, administrator);
    assert.deepEqual([shown.name, shown.schools.length, shown.scale.levels], [label, 2, [level]]);
  });

  test('two schools never have one code, and the code of a refused school stays free [rev:cor-3]', async () => {
    const [first, third] = [school(1), { ...school(3), code: 'NUOV' }];
    await app.refused(schoolNetwork.openSchool, { ...third, code: first.code }, administrator, 'code-already-used');
    await app.refused(schoolNetwork.openSchool, { ...first, code: 'NUOV' }, administrator, 'id-already-used');
    await app.done(schoolNetwork.openSchool, first, administrator);
    await app.done(schoolNetwork.openSchool, third, administrator);
    await app.refused(schoolNetwork.openSchool, { ...school(4), code: 'NUOV' }, administrator, 'code-already-used');
  });

  test('a tutor or a trainee whom nobody registered is not assigned [rev:cor-3]', async () => {
    const asked = {
      assignmentId: id('assignment of nobody'),
      schoolId: id('school', 1),
      traineeId: id('trainee', 1),
      tutorId: tutor,
      from: '2025-11-01',
    };
    for (const field of ['traineeId', 'tutorId']) {
      const reply = await app.call(schoolNetwork.assignTutor, { ...asked, [field]: id('nobody') }, secretary(1));
      assert.ok(!reply.ok);
      assert.deepEqual([reply.problem.status, reply.problem.code, reply.problem.details], [409, 'person-not-known-yet', { field }]);
    }
  });

  test('an upper-case id is the same id, in path, query and body [rev:sec-15]', async () => {
    const schoolId = id('school', 1);
    assert.equal((await app.done(schoolNetwork.showSchool, { schoolId: schoolId.toUpperCase() }, administrator)).school.schoolId, schoolId);
    await app.done(schoolNetwork.openSchool, { ...school(1), schoolId: schoolId.toUpperCase() }, administrator);
  });

  test('all 15 sets are published and listed with how many of their 203 requirements carry «verify»', async () => {
    const { sets } = await app.soon(
      () => app.done(schoolNetwork.listRequirementSets, {}, administrator),
      (seen) => seen.sets.length === 15,
    );
    assert.equal(
      sets.reduce((sum, { requirements }) => sum + requirements, 0),
      203,
    );
    assert.equal(
      sets.reduce((sum, { toVerify }) => sum + toVerify, 0),
      186,
    );
    const { set } = await app.done(schoolNetwork.showRequirementSet, { setId: 'PED-402' }, administrator);
    assert.deepEqual(set, setOf('PED-402'));
  });

  test('a set that contradicts itself is refused with requirement and check', async () => {
    const set = {
      ...setOf('CHIR-402'),
      id: 'CHIR-BAD',
      requirements: setOf('CHIR-402').requirements.map((one) => (one.id === 'CHIR-402-04' ? { ...one, minimum: 436 } : one)),
    };
    const reply = await app.call(schoolNetwork.publishRequirementSet, { schoolCode: 'CHIR', set }, administrator);
    assert.deepEqual(reply.ok || [reply.problem.status, reply.problem.details], [
      422,
      { field: 'set', inconsistencies: [{ requirementId: 'CHIR-402-04', rule: 'sum-of-headline' }] },
    ]);
  });

  test('a school adds only units that exist, each with its site type [res:31] [res:33]', async () => {
    const unitId = id('unit');
    await app.refused(
      schoolNetwork.addUnitToNetwork,
      { schoolId: id('school', 1), unitId, siteType: 'main' },
      secretary(1),
      'unit-not-found',
    );
    await app.refused(schoolNetwork.registerUnit, { unitId, name: 'Chirurgia 2', city: 'Esempio' }, secretary(1), 'forbidden');
    await app.done(schoolNetwork.registerUnit, { unitId, name: 'Chirurgia 2', city: 'Esempio' }, administrator);
    await app.refused(schoolNetwork.addUnitToNetwork, { schoolId: id('school', 1), unitId, siteType: 'main' }, secretary(2), 'forbidden');
    const { token } = await app.done(
      schoolNetwork.addUnitToNetwork,
      { schoolId: id('school', 1), unitId, siteType: 'affiliated' },
      secretary(1),
    );
    const { units } = await app.done(schoolNetwork.showSchool, { schoolId: id('school', 1), after: token }, secretary(1));
    assert.deepEqual(units, [{ unitId, name: 'Chirurgia 2', city: 'Esempio', siteType: 'affiliated' }]);
    await app.done(schoolNetwork.removeUnitFromNetwork, { schoolId: id('school', 1), unitId }, secretary(1));
    await app.refused(schoolNetwork.removeUnitFromNetwork, { schoolId: id('school', 1), unitId }, secretary(1), 'unit-not-in-network');
  });

  test('a cohort is bound to one core set of its school, and its trainees log the activities of set, school and teaching [count:17] [count:21]', async () => {
    const cohort = { cohortId: id('cohort', 1), schoolId: id('school', 1), label: '2025/2026', startsOn: '2025-11-01' };
    await app.refused(schoolNetwork.openCohort, { ...cohort, coreSetId: 'NONE' }, administrator, 'requirement-set-not-found');
    await app.refused(schoolNetwork.openCohort, { ...cohort, coreSetId: 'PED-402' }, administrator, 'set-of-another-school');
    await app.refused(
      schoolNetwork.openCohort,
      { ...cohort, coreSetId: 'CHIR-402', supplementSetIds: ['CHIR-68'] },
      administrator,
      'not-a-supplement',
    );
    await app.done(schoolNetwork.openCohort, { ...cohort, coreSetId: 'CHIR-402' }, administrator);
    const finer = {
      schoolId: id('school', 1),
      setId: 'CHIR-402',
      code: 'CHIR/colecistectomia',
      label,
      feeds: [{ requirementId: 'CHIR-402-02' }],
    };
    await app.refused(
      schoolNetwork.addActivity,
      { ...finer, feeds: [...finer.feeds, ...finer.feeds] },
      administrator,
      'feeds-same-requirement-twice',
    );
    const { token } = await app.done(schoolNetwork.addActivity, finer, administrator);
    await app.refused(schoolNetwork.addActivity, { ...finer, label: { it: 'Altro', en: 'Other' } }, administrator, 'activity-code-taken');
    const { activities } = await app.done(schoolNetwork.listActivities, { cohortId: cohort.cohortId, after: token }, administrator);
    const own = activities.find(({ code }) => code === finer.code);
    assert.deepEqual([own?.kind, own?.unit, own?.requires.map(({ axis }) => axis)], ['act', 'procedures', ['surgical-role']]);
    assert.ok(activities.some(({ code }) => code === 'CHIR-402-01') && activities.some(({ code }) => code === 'NP/lezione'));
    const bound = await app.done(schoolNetwork.bindCohort, { cohortId: cohort.cohortId, coreSetId: 'CHIR-68' }, administrator);
    const after68 = await app.done(schoolNetwork.listActivities, { cohortId: cohort.cohortId, after: bound.token }, administrator);
    assert.ok(after68.activities.some(({ code }) => code === 'CHIR-68-01') && !after68.activities.some(({ code }) => code === finer.code));
  });

  test('the director of the school, and no other, declares a requirement not applicable to a cohort [count:16]', async () => {
    const cohortId = id('cohort', 2);
    await app.done(
      schoolNetwork.openCohort,
      { cohortId, schoolId: id('school', 2), label: '2025/2026', startsOn: '2025-11-01', coreSetId: 'PED-402' },
      administrator,
    );
    const declared = { cohortId, requirementId: 'PED-402-01', applicable: false, act: 'Delibera 12/2026', reason: 'Manca il reparto' };
    await app.refused(schoolNetwork.declareCohortRequirement, declared, actor(id('director'), ['director', id('school', 1)]), 'forbidden');
    const director = actor(id('director'), ['director', id('school', 2)]);
    await app.done(schoolNetwork.declareCohortRequirement, declared, director);
    await app.refused(
      schoolNetwork.declareCohortRequirement,
      { ...declared, requirementId: 'CHIR-402-01' },
      director,
      'requirement-not-found',
    );
  });

  test('the fourth open assignment of a tutor is made, with a warning [res:B3.1]', async () => {
    const counted = [];
    for (const n of [1, 2, 3, 4]) counted.push((await assign(id('trainee', n))).warnings);
    assert.deepEqual(counted, [[], [], [], [{ code: 'tutor-has-more-than-three-trainees', trainees: 4 }]]);
    assert.deepEqual(
      (await assign(id('trainee', 5), { from: '2025-01-01', to: '2025-06-30' })).warnings,
      [],
      'a period that is over warns of nothing',
    );
  });

  test('an assignment needs a trainee and a tutor of the school [res:36] [res:38]', async () => {
    const assignment = {
      assignmentId: id('refused'),
      schoolId: id('school', 1),
      traineeId: id('trainee', 1),
      tutorId: tutor,
      from: '2025-11-01',
    };
    const refused = (more: object, code: string) => app.refused(schoolNetwork.assignTutor, { ...assignment, ...more }, secretary(1), code);
    await refused({ traineeId: id('trainee', 6) }, 'trainee-not-in-school');
    await refused({ tutorId: otherTutor }, 'not-a-tutor-of-the-school');
    await refused({ traineeId: tutor, tutorId: tutor }, 'tutor-is-the-trainee');
    await refused({ to: '2025-10-31' }, 'period-reversed');
    await refused({ unitId: id('nowhere') }, 'unit-not-in-network');
    await app.refused(schoolNetwork.assignTutor, assignment, secretary(2), 'forbidden');
  });

  test('everybody sees own assignments, a secretariat those of its school [res:E2.9]', async () => {
    const { token } = await app.done(
      schoolNetwork.endTutorAssignment,
      { assignmentId: id('assignment', id('trainee', 4)), to: '2025-10-31' },
      secretary(1),
    );
    await app.refused(
      schoolNetwork.endTutorAssignment,
      { assignmentId: id('assignment', id('trainee', 1)), to: '2026-10-31' },
      secretary(2),
      'forbidden',
    );
    const seen = async (who: ReturnType<typeof actor>, filter: object = {}) =>
      (await app.done(schoolNetwork.listAssignments, { after: token, ...filter }, who)).assignments;
    assert.equal((await seen(secretary(1))).length, 4, 'one that ended before it began never held');
    assert.equal((await seen(secretary(2))).length, 1);
    assert.equal((await seen(secretary(2), { schoolId: id('school', 1) })).length, 0);
    assert.equal((await seen(administrator)).length, 5);
    assert.deepEqual(
      (await seen(actor(id('trainee', 2), ['trainee', id('school', 1)]))).map(({ traineeId }) => traineeId),
      [id('trainee', 2)],
    );
    assert.equal((await seen(actor(tutor, ['tutor', id('school', 1)]), { current: true })).length, 3);
    const named = await app.soon(
      () => seen(secretary(1)),
      (rows) => rows.every(({ trainee }) => trainee.endsWith(' Ada')),
    );
    assert.deepEqual(
      named.map(({ traineeId }) => traineeId),
      named.map(({ traineeId }) => traineeId).toSorted(),
    );
  });

  test('an import window is opened by an administrator and can be closed early [count:25]', async () => {
    const window = { windowId: id('window'), schoolId: id('school', 1), from: '2026-03-01', to: '2026-03-31' };
    await app.refused(schoolNetwork.openImportWindow, window, secretary(1), 'forbidden');
    await app.refused(schoolNetwork.openImportWindow, { ...window, to: '2026-02-01' }, administrator, 'period-reversed');
    const { token } = await app.done(schoolNetwork.openImportWindow, window, administrator);
    await app.done(schoolNetwork.showSchool, { schoolId: window.schoolId, after: token }, administrator);
    const closed = await app.done(schoolNetwork.closeImportWindow, { windowId: window.windowId, to: '2026-03-12' }, administrator);
    const { importWindows } = await app.done(schoolNetwork.showSchool, { schoolId: window.schoolId, after: closed.token }, administrator);
    assert.deepEqual(importWindows, [{ windowId: window.windowId, from: '2026-03-01', to: '2026-03-12' }]);
    await app.refused(schoolNetwork.closeImportWindow, { windowId: id('none'), to: '2026-03-12' }, administrator, 'window-not-found');
  });

  test('every public event of the contracts is published, with the data that the contract says [arch:3]', async () => {
    const declared = Object.values(schoolNetworkEvents).flatMap((one) =>
      'type' in one && typeof one.type === 'string' && one.type.startsWith('school-network.') ? [one.type] : [],
    );
    assert.deepEqual([...(await app.published('school-network'))].sort(), declared.sort());
  });

  test('another service may not act in the place of a person [arch:3]', () =>
    app.refused(schoolNetwork.openSchool, school(3), service('logbook'), 'forbidden'));
});
