import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { actor, type Neighbour, service, TestPlatform } from '@ateneo/service-kit/testing';
import { career, careerEvents, identity, identityEvents, type RequirementSet, schoolNetworkEvents } from '@ateneo/contracts';
import { uuidv8 } from '@ateneo/event-sourcing';
import { CareerModule } from '../src/career.module.js';

const id = (...parts: (string | number)[]) => uuidv8('test', ...parts);
const label = { it: 'Nome', en: 'Name' };
const administrator = actor(id('administrator'), ['administrator', null]);
const secretary = (n: number) => actor(id('secretary', n), ['school-secretariat', id('school', n)]);
const track = (key: string, mode: 'common' | 'elective') => ({ key, label, durationYears: 2, mode });
const set: RequirementSet = {
  id: 'PED-402',
  act: 'D.I. 402/2017',
  actDate: '2017-06-13',
  version: '2017.1',
  mode: 'core',
  tracks: [track('base', 'common'), track('primary-care', 'elective')],
  requirements: [
    { id: 'PED-402-01', label, unit: 'patients', minimum: 50, rule: { kind: 'min_count', minimum: 50 }, verify: false, source: 'act' },
  ],
};
const trainee = (n: number) => ({
  enrolmentId: id('enrolment', n),
  traineeId: id('trainee', n),
  schoolId: id('school', 1),
  cohortId: id('cohort', 1),
  studentNumber: `00${n}51`,
  contractStart: '2025-11-01',
});
const NAMES = ['', 'Zanella', 'Àvila', 'Bianchi'];

describe('career', () => {
  let app: TestPlatform;
  let [network, people] = [] as unknown as [Neighbour, Neighbour];

  async function neighbours(): Promise<void> {
    network = await app.neighbour('school-network');
    people = await app.neighbour('identity');
    people.answer(identity.names, ({ personIds }) => ({
      people: Object.fromEntries(
        personIds.map((one) => [
          one,
          {
            givenName: 'Ada',
            familyName: NAMES[[1, 2, 3].find((n) => one === id('trainee', n)) ?? 0] || 'Zzz',
            email: 'ada@example.org',
            staffNumber: null,
          },
        ]),
      ),
    }));
    people.answer(identity.confirmForgotten, () => ({}));
  }
  const show = async (n: number, who = administrator, token?: string) =>
    (await app.done(career.showCareer, { traineeId: id('trainee', n), after: token }, who)).enrolments[0];
  const suspension = (n: number, key: string, more: object = {}) => ({
    enrolmentId: id('enrolment', n),
    suspensionId: id('suspension', key),
    kind: 'maternity' as const,
    from: '2026-03-01',
    to: '2026-03-31',
    ...more,
  });

  before(async () => {
    app = await TestPlatform.open('2026-03-10T09:00:00Z');
    await neighbours();
    await app.start('career', CareerModule);
    for (const n of [1, 2]) {
      const schoolId = id('school', n);
      await network.tell(schoolNetworkEvents.schoolOpened, schoolId, { schoolId, code: 'PED', name: label, area: 'medical', years: 5 });
      await network.tell(schoolNetworkEvents.cohortOpened, id('cohort', n), {
        cohortId: id('cohort', n),
        schoolId,
        label: '2025/2026',
        startsOn: '2025-11-01',
        coreSetId: 'PED-402',
        supplementSetIds: [],
      });
    }
    await network.tell(schoolNetworkEvents.requirementSetPublished, id('set'), { setId: set.id, schoolCode: 'PED', set, activities: [] });
    for (let n = 1; n <= 8; n++) await people.tell(identityEvents.personRegistered, id('trainee', n), { personId: id('trainee', n) });
    await app.soon(
      () => app.call(career.enrolTrainee, trainee(1), administrator, id('command')),
      ({ ok }) => ok,
    );
    for (const n of [2, 3])
      await app.soon(
        () => app.call(career.enrolTrainee, trainee(n), administrator),
        ({ ok }) => ok,
      );
  });
  after(() => app.close());

  test('an enrolment dates the training years of its course [res:86] [res:90] [res:91]', async () => {
    const { token } = await app.done(career.enrolTrainee, trainee(1), administrator);
    const shown = await show(1, administrator, token);
    assert.deepEqual(
      [shown?.years.length, shown?.years[0], shown?.contractEnd],
      [5, { year: 1, from: '2025-11-01', to: '2026-10-31', open: false }, '2030-10-31'],
    );
    await app.refused(career.enrolTrainee, { ...trainee(1), contractStart: '2025-11-02' }, administrator, 'id-already-used');
    await app.refused(career.enrolTrainee, { ...trainee(9), cohortId: id('cohort', 2) }, administrator, 'cohort-of-another-school');
    await app.refused(career.enrolTrainee, { ...trainee(9), cohortId: id('nowhere') }, administrator, 'cohort-not-found');
    await app.refused(career.enrolTrainee, trainee(9), secretary(1), 'forbidden');
  });

  test('a person whom nobody registered is not enrolled; once registered, the same command enrols them [rev:cor-3]', async () => {
    const unknown = { ...trainee(10), studentNumber: '1010' };
    const reply = await app.call(career.enrolTrainee, unknown, administrator, id('enrol nobody'));
    assert.ok(!reply.ok);
    assert.deepEqual(
      [reply.problem.status, reply.problem.code, reply.problem.details],
      [409, 'person-not-known-yet', { field: 'traineeId' }],
    );
    await people.tell(identityEvents.personRegistered, unknown.traineeId, { personId: unknown.traineeId });
    await app.soon(
      () => app.call(career.enrolTrainee, unknown, administrator, id('enrol nobody')),
      ({ ok }) => ok,
    );
  });

  test('a student number belongs to one enrolment, and leading zeros do not make another of it [res:85] [svc:4.7]', async () => {
    await app.refused(career.enrolTrainee, { ...trainee(8), studentNumber: '151' }, administrator, 'student-number-taken');
    await app.refused(career.enrolTrainee, { ...trainee(8), cohortId: id('nowhere') }, administrator, 'cohort-not-found');
    await app.done(
      career.enrolTrainee,
      { ...trainee(7), schoolId: id('school', 2), cohortId: id('cohort', 2), studentNumber: '0851' },
      administrator,
      id('number given back'),
    );
    const found = await app.soon(
      () => app.done(career.resolveStudentNumbers, { studentNumbers: ['151', '00000251'] }, service('logbook')),
      ({ enrolments }) => enrolments.length === 2,
    );
    assert.deepEqual(found.enrolments.map(({ enrolmentId }) => enrolmentId).sort(), [id('enrolment', 1), id('enrolment', 2)].sort());
    const { enrolments } = await app.done(career.resolveStudentNumbers, { enrolmentIds: [id('enrolment', 3)] }, service('reporting'));
    assert.deepEqual(enrolments, [{ enrolmentId: id('enrolment', 3), traineeId: id('trainee', 3), studentNumber: '00351' }]);
    await app.refused(career.resolveStudentNumbers, {}, administrator, 'forbidden');
  });

  test('who holds a role in one school sees no contract of the trainee in another [rev:sec-7] [res:E2.9]', async () => {
    const elsewhere = { ...trainee(6), schoolId: id('school', 2), cohortId: id('cohort', 2), studentNumber: '0661' };
    await app.done(career.enrolTrainee, { ...elsewhere, contractStart: '2024-11-01' }, administrator);
    const again = { ...trainee(6), enrolmentId: id('enrolment', 'second'), studentNumber: '0662' };
    const { token } = await app.done(career.enrolTrainee, again, administrator);
    const seen = async (who: typeof administrator) =>
      (await app.done(career.showCareer, { traineeId: id('trainee', 6), after: token }, who)).enrolments.map(({ schoolId }) => schoolId);
    assert.deepEqual(await seen(administrator), [id('school', 1), id('school', 2)]);
    assert.deepEqual(await seen(actor(id('trainee', 6), ['trainee', id('school', 1)])), [id('school', 1), id('school', 2)]);
    assert.deepEqual(await seen(secretary(1)), [id('school', 1)]);
    await app.refused(career.showCareer, { traineeId: id('trainee', 6) }, secretary(2), 'forbidden');
  });

  test('the same person, refused for a cohort that was not known yet, is enrolled by the same command later [arch:4]', async () => {
    const cohortId = id('late cohort');
    const late = { ...trainee(4), cohortId };
    const first = await app.call(career.enrolTrainee, late, administrator, id('late'));
    assert.equal(first.ok || first.problem.code, 'cohort-not-found');
    await network.tell(schoolNetworkEvents.cohortOpened, cohortId, {
      cohortId,
      schoolId: id('school', 1),
      label: '2026',
      startsOn: '2025-11-01',
      coreSetId: 'PED-402',
      supplementSetIds: [],
    });
    await app.soon(
      () => app.call(career.enrolTrainee, late, administrator, id('late')),
      ({ ok }) => ok,
    );
    await app.refused(career.enrolTrainee, { ...trainee(5), studentNumber: late.studentNumber }, administrator, 'student-number-taken');
  });

  test('a suspension moves the ends of the years; the same one twice changes nothing [res:91] [res:95] [res:E2.7]', async () => {
    for (let twice = 0; twice < 2; twice++) await app.done(career.recordSuspension, suspension(1, 'a'), secretary(1));
    await app.refused(career.recordSuspension, suspension(1, 'b'), secretary(2), 'forbidden');
    const { token } = await app.done(career.recordSuspension, suspension(1, 'same days again'), secretary(1));
    const shown = await show(1, secretary(1), token);
    assert.deepEqual(
      [shown?.years[0]?.to, shown?.years[1]?.from, shown?.contractEnd, shown?.suspendedToday],
      ['2026-12-01', '2026-12-02', '2030-12-01', true],
    );
  });

  test('the kind of a suspension is seen by secretariats and administrators alone [res:C1.3]', async () => {
    const kinds = async (who: ReturnType<typeof actor>) => (await show(1, who))?.suspensions.map(({ kind }) => kind);
    assert.deepEqual(await kinds(secretary(1)), ['maternity', 'maternity']);
    assert.deepEqual(await kinds(administrator), ['maternity', 'maternity']);
    assert.deepEqual(await kinds(actor(id('director'), ['director', id('school', 1)])), [undefined, undefined]);
    assert.deepEqual(await kinds(actor(id('trainee', 1), ['trainee', id('school', 1)])), [undefined, undefined]);
    await app.refused(career.showCareer, { traineeId: id('trainee', 1) }, secretary(2), 'forbidden');
    await app.refused(
      career.showCareer,
      { traineeId: id('trainee', 1) },
      actor(id('trainee', 2), ['trainee', id('school', 1)]),
      'forbidden',
    );
  });

  test('a tutor sees the career of a trainee while assigned [res:C] [res:E2.5]', async () => {
    const tutor = actor(id('tutor'), ['tutor', id('school', 1)]);
    await app.refused(career.showCareer, { traineeId: id('trainee', 2) }, tutor, 'forbidden');
    const assignment = { assignmentId: id('assignment'), schoolId: id('school', 1), traineeId: id('trainee', 2), tutorId: id('tutor') };
    await network.tell(schoolNetworkEvents.tutorAssigned, assignment.assignmentId, {
      ...assignment,
      unitId: null,
      from: '2025-11-01',
      to: null,
    });
    await app.soon(
      () => app.call(career.showCareer, { traineeId: id('trainee', 2) }, tutor),
      ({ ok }) => ok,
    );
  });

  test('a suspension ends by itself on the day after its last, once, even when the service was down [res:99] [res:E2.6]', async () => {
    const told: unknown[] = [];
    const subscribe = () =>
      app.platform.eventBus.subscribe(
        { consumer: 'test', types: [careerEvents.suspensionEnded.type], from: async () => undefined, onReset: async () => undefined },
        async ({ events }) => void told.push(...events.map(({ data }) => (data as { suspensionId: string }).suspensionId)),
      );
    subscribe();
    await app.done(career.recordSuspension, suspension(2, 'short', { from: '2026-03-09', to: '2026-03-12' }), secretary(1));
    await app.restart();
    await neighbours();
    subscribe();
    app.platform.clock.set(Date.parse('2026-03-12T22:30:00Z'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(told, []);
    assert.equal((await show(2))?.suspendedToday, true);
    app.platform.clock.set(Date.parse('2026-03-12T23:00:00Z'));
    await app.soon(
      async () => told,
      (seen) => seen.length > 0,
    );
    assert.equal((await show(2))?.suspendedToday, false);
    await app.restart();
    await neighbours();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(told, [id('suspension', 'short')]);
  });

  test('the end of a suspension that is refused is told once, and is not tried again [rev:cor-8]', async () => {
    const [enrolmentId, suspensionId] = [id('enrolment', 'of nobody'), id('suspension', 'of nobody')];
    const deadlineId = `suspension-end/${enrolmentId}/${suspensionId}`;
    const file = new DatabaseSync(join(app.platform.folder, 'career.events.sqlite'));
    const waiting = () => file.prepare('SELECT attempts FROM deadlines WHERE id = ?').get(deadlineId);
    const due = app.platform.clock.now();
    file
      .prepare('INSERT INTO deadlines (id, due_at, payload, next_at) VALUES (?, ?, ?, ?)')
      .run(deadlineId, due, JSON.stringify({ enrolmentId, suspensionId }), due);
    app.platform.clock.set(due + 1);
    const told = () => app.platform.voice.of('career').filter(({ what }) => what === deadlineId);
    await app.soon(
      async () => told(),
      (seen) => seen.length > 0,
    );
    await app.soon(
      async () => waiting(),
      (row) => row === undefined || Number(row['attempts']) > 0,
    );
    assert.equal(waiting(), undefined);
    file.close();
    assert.deepEqual(
      told().map(({ part, goesOn, times }) => ({ part, goesOn, times })),
      [{ part: 'suspension-end', goesOn: false, times: 1 }],
    );
  });

  test('a school secretariat records suspensions of the current training year only, the university of any [res:96] [res:97]', async () => {
    app.platform.clock.set(Date.parse('2027-01-10T09:00:00Z'));
    await app.refused(
      career.recordSuspension,
      suspension(3, 'late', { from: '2026-10-01', to: '2026-10-10' }),
      secretary(1),
      'earlier-year-needs-administrator',
    );
    await app.refused(
      career.recordSuspension,
      suspension(3, 'reversed', { from: '2026-12-10', to: '2026-12-01' }),
      secretary(1),
      'period-reversed',
    );
    await app.refused(
      career.recordSuspension,
      suspension(3, 'before', { from: '2025-10-01', to: '2025-12-01' }),
      administrator,
      'outside-contract',
    );
    await app.done(
      career.recordSuspension,
      suspension(3, 'now', { from: '2026-11-15', to: null, estimatedTo: '2027-02-04' }),
      secretary(1),
    );
    const { token } = await app.done(
      career.recordSuspension,
      suspension(3, 'late', { from: '2026-10-01', to: '2026-10-10' }),
      administrator,
    );
    const shown = await show(3, secretary(1), token);
    assert.deepEqual(
      shown?.years.slice(0, 2).map(({ to, open }) => [to, open]),
      [
        ['2026-11-10', false],
        ['2028-01-31', true],
      ],
    );
  });

  test('an open suspension is closed, a wrong one withdrawn, and the dates follow [res:91] [res:B5]', async () => {
    await app.refused(
      career.correctSuspension,
      { enrolmentId: id('enrolment', 3), suspensionId: id('suspension', 'none'), from: '2026-11-15', to: null },
      secretary(1),
      'suspension-not-found',
    );
    await app.done(
      career.correctSuspension,
      { enrolmentId: id('enrolment', 3), suspensionId: id('suspension', 'now'), from: '2026-11-15', to: '2026-11-24' },
      administrator,
    );
    const { token } = await app.done(
      career.correctSuspension,
      { enrolmentId: id('enrolment', 3), suspensionId: id('suspension', 'late'), from: '2026-10-01', to: null, withdrawn: true },
      administrator,
    );
    const shown = await show(3, secretary(1), token);
    assert.deepEqual(
      shown?.years.slice(0, 2).map(({ from, to, open }) => [from, to, open]),
      [
        ['2025-11-01', '2026-10-31', false],
        ['2026-11-01', '2027-11-10', false],
      ],
    );
    assert.deepEqual(
      shown?.suspensions.map(({ suspensionId }) => suspensionId),
      [id('suspension', 'now')],
    );
  });

  test('a track is one of the elective ones of the cohort’s core set [count:14] [count:20]', async () => {
    await app.refused(career.chooseTrack, { enrolmentId: id('enrolment', 1), track: 'base' }, secretary(1), 'unknown-track');
    const { token } = await app.done(career.chooseTrack, { enrolmentId: id('enrolment', 1), track: 'primary-care' }, secretary(1));
    assert.equal((await show(1, administrator, token))?.track, 'primary-care');
  });

  test('a director declares a requirement not applicable to a trainee, and applicable again [count:16]', async () => {
    const director = actor(id('director'), ['director', id('school', 1)]);
    const declared = {
      enrolmentId: id('enrolment', 1),
      requirementId: 'PED-402-01',
      applicable: false,
      act: 'Delibera 3/2026',
      reason: 'Manca il reparto',
    };
    await app.refused(career.declareTraineeRequirement, declared, secretary(1), 'forbidden');
    await app.refused(career.declareTraineeRequirement, { ...declared, requirementId: 'PED-402-99' }, director, 'requirement-not-found');
    const { token } = await app.done(career.declareTraineeRequirement, declared, director);
    assert.deepEqual((await show(1, director, token))?.notApplicable, [{ requirementId: 'PED-402-01', act: 'Delibera 3/2026' }]);
    const again = await app.done(career.declareTraineeRequirement, { ...declared, applicable: true }, director);
    assert.deepEqual((await show(1, director, again.token))?.notApplicable, []);
  });

  test('the list of a school is in the order of the Italian alphabet and is searched by name and number [res:83] [res:84] [res:85]', async () => {
    const list = async (search?: string) =>
      (await app.done(career.listCareers, { schoolId: id('school', 1), search, size: 3 }, secretary(1))).enrolments.map(({ name }) => name);
    await app.soon(
      () => list(),
      (names) => names.join() === 'Àvila Ada,Bianchi Ada,Zanella Ada',
    );
    assert.deepEqual(await list('avila'), ['Àvila Ada']);
    assert.deepEqual(await list('151'), ['Zanella Ada']);
    await app.refused(career.listCareers, { schoolId: id('school', 1) }, secretary(2), 'forbidden');
  });

  test('a contract that ends early ends its training years [res:91]', async () => {
    await app.refused(career.endContract, { enrolmentId: id('enrolment', 2), on: '2025-10-31' }, administrator, 'outside-contract');
    const { token } = await app.done(career.endContract, { enrolmentId: id('enrolment', 2), on: '2027-01-31' }, administrator);
    const shown = await show(2, administrator, token);
    assert.deepEqual([shown?.contractEnd, shown?.years.at(-1)?.year], ['2027-01-31', 2]);
    await app.done(career.moveToCohort, { enrolmentId: id('enrolment', 2), cohortId: id('late cohort') }, administrator);
    await app.refused(
      career.moveToCohort,
      { enrolmentId: id('enrolment', 2), cohortId: id('cohort', 2) },
      administrator,
      'cohort-of-another-school',
    );
  });

  test('every public event of the contracts is published, with the data that the contract says [arch:3]', async () => {
    const declared = Object.values(careerEvents).flatMap((one) =>
      'type' in one && typeof one.type === 'string' && one.type.startsWith('career.') ? [one.type] : [],
    );
    assert.deepEqual([...(await app.published('career'))].sort(), declared.sort());
  });

  test('an erased person keeps dates and loses name, number and kinds; nobody erased is enrolled again [arch:4]', async () => {
    await people.tell(identityEvents.personErased, id('trainee', 1), { personId: id('trainee', 1) });
    const shown = await app.soon(
      () => show(1),
      (seen) => seen?.name === '[erased]',
    );
    assert.deepEqual(
      [shown?.studentNumber, shown?.suspensions.map(({ kind }) => kind), shown?.contractEnd],
      ['[erased]', [undefined, undefined], '2030-12-01'],
    );
    await app.refused(
      career.enrolTrainee,
      { ...trainee(1), enrolmentId: id('again'), studentNumber: '777' },
      administrator,
      'person-erased',
    );
  });
});
