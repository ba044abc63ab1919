import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { careerEvents, identity, logbook, schoolNetworkEvents } from '@ateneo/contracts';
import { uuidv8 } from '@ateneo/event-sourcing';
import { actor, TestPlatform } from '@ateneo/service-kit/testing';
import { LogbookModule } from '../src/logbook.module.js';

const id = (...parts: (string | number)[]) => uuidv8('lists', ...parts.map(String));
const label = { it: 'Nome', en: 'Name' };
const schoolId = id('school');
const TRAINEES = 3;
const ENTRIES = 40;
const trainees = Array.from({ length: TRAINEES }, (_, n) => id('trainee', n));
const trainee = (n: number) => actor(trainees[n]!, ['trainee', schoolId]);
const tutor = actor(id('tutor'), ['tutor', schoolId]);
const director = actor(id('director'), ['director', schoolId]);
const two = (n: number): string => String(n).padStart(2, '0');
const set = { id: 'S-1', act: 'D.I. 402/2017', actDate: '2017-06-13', version: '2017.1', mode: 'core' as const, requirements: [] };
const activity = (code: string) => ({
  code,
  setId: 'S-1',
  label,
  kind: 'act' as const,
  feeds: [],
  unit: 'procedures',
  bulk: false,
  requires: [],
  simulationAllowed: false,
});

describe('lists of entries', () => {
  let app: TestPlatform;

  async function neighbours(): Promise<void> {
    const [network, careers, people] = [
      await app.neighbour('school-network'),
      await app.neighbour('career'),
      await app.neighbour('identity'),
    ];
    people.answer(identity.names, () => ({ people: {} }));
    await network.tell(schoolNetworkEvents.schoolOpened, schoolId, { schoolId, code: 'CHIR', name: label, area: 'surgical', years: 5 });
    const activities = Array.from({ length: 12 }, (_, n) => activity(`S-1-${two(n)}`));
    await network.tell(schoolNetworkEvents.requirementSetPublished, id('set'), { setId: 'S-1', schoolCode: 'CHIR', set, activities });
    await network.tell(schoolNetworkEvents.autonomyScaleDefined, id('scale'), { levels: [], surgicalRoles: [] });
    const cohortId = id('cohort');
    const cohort = { cohortId, schoolId, label: '2025/2026', startsOn: '2025-11-01', coreSetId: 'S-1', supplementSetIds: [] };
    await network.tell(schoolNetworkEvents.cohortOpened, cohortId, cohort);
    for (const [n, traineeId] of trainees.entries()) {
      const key = { enrolmentId: id('enrolment', n), traineeId, schoolId };
      await careers.tell(careerEvents.traineeEnrolled, key.enrolmentId, { ...key, cohortId, contractStart: '2025-11-01', courseYears: 5 });
      const held = { assignmentId: id('assignment', n), schoolId, traineeId, tutorId: id('tutor'), unitId: null };
      // of the last one the tutor sees a part
      await network.tell(schoolNetworkEvents.tutorAssigned, held.assignmentId, {
        ...held,
        from: n === TRAINEES - 1 ? '2026-02-11' : '2025-11-01',
        to: null,
      });
    }
  }

  const record = (n: number, i: number, submit = i % 4 !== 0) =>
    app.call(
      logbook.recordEntry,
      {
        entryId: id('entry', n, i),
        activities: [`S-1-${two(i % 12)}`],
        performedOn: `2026-02-${two(1 + (i % 20))}`,
        submit,
      },
      trainee(n),
      id('command', n, i),
    );

  /** Documents of the collection that were read meanwhile. */
  async function readOf(collection: string, act: () => Promise<unknown>): Promise<number> {
    const read = async () => {
      const { values } = await app.platform.metrics.registry.getSingleMetric('ateneo_documents_read_total')!.get();
      return values.reduce((sum, { labels, value }) => sum + (labels['collection'] === collection ? value : 0), 0);
    };
    const at = await read();
    await act();
    return (await read()) - at;
  }

  before(async () => {
    app = await TestPlatform.open('2026-03-10T09:00:00Z');
    await app.start('logbook', LogbookModule);
    await neighbours();
    for (const n of trainees.keys())
      await app.soon(
        () => record(n, 0),
        ({ ok }) => ok,
      );
    for (const n of trainees.keys()) for (let i = 1; i < ENTRIES; i++) assert.ok((await record(n, i)).ok);
    await app.soon(
      () => app.done(logbook.listEntries, { size: 1 }, director),
      ({ total }) => total === TRAINEES * 30,
    );
  });
  after(() => app.close());

  test('a page reads the documents it shows, whoever asks and however many there are [rev:sec-17]', async () => {
    for (const [who, total] of [
      [trainee(0), 40],
      [director, 90],
      [tutor, 76],
    ] as const) {
      const read = await readOf('entries', async () => {
        const page = await app.done(logbook.listEntries, { size: 5, page: 2 }, who);
        assert.deepEqual([page.total, page.entries.length], [total, 5]);
      });
      assert.equal(read, 5);
    }
    const drafts = await readOf('entries', () => app.done(logbook.listEntries, { size: 2, state: 'draft' }, trainee(0)));
    assert.equal(drafts, 2);
  });

  test('what waits, its number by state and what the form suggests are read without reading an entry [rev:sec-17]', async () => {
    const read = await readOf('entries', async () => {
      const waiting = await app.done(logbook.listWaiting, { size: 4 }, tutor);
      assert.deepEqual([waiting.total, waiting.groups.length, waiting.trainees.length], [76, 4, 3]);
      assert.equal((await app.done(logbook.listWaiting, {}, director)).total, 90);
      const help = await app.done(logbook.showLoggingHelp, {}, trainee(0));
      assert.deepEqual(
        help.recent.map(({ activities }) => activities[0]),
        [39, 38, 37, 36, 35, 34, 33, 32].map((i) => `S-1-${two(i % 12)}`),
      );
    });
    assert.equal(read, 0);
  });

  test('groups of what waits come in pages, each once, of one trainee where one is asked for [rev:sec-17]', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map((page) => app.done(logbook.listWaiting, { size: 15, page }, tutor)));
    const groups = pages.flatMap((one) => one.groups);
    const whole = await app.done(logbook.listWaiting, { size: 200 }, tutor);
    assert.deepEqual(groups, whole.groups);
    assert.equal(new Set(groups.map(({ traineeId, day }) => `${traineeId} ${day}`)).size, groups.length);
    assert.equal(
      groups.reduce((sum, { n }) => sum + n, 0),
      whole.total,
    );
    const one = await app.done(logbook.listWaiting, { traineeId: trainees[2], days: true }, tutor);
    assert.deepEqual([one.total, one.trainees.length, one.days.at(-1)], [16, 1, '2026-02-11']);
  });

  test('who directs one school and is a tutor in another sees both, in lists and in what waits [set:X1]', async () => {
    const both = actor(id('tutor'), ['director', id('school', 'other')], ['tutor', schoolId]);
    const alone = await app.done(logbook.listEntries, { size: 200 }, tutor);
    const listed = await app.done(logbook.listEntries, { size: 200 }, both);
    assert.equal(listed.total, 76);
    assert.deepEqual(listed.entries, alone.entries);
    assert.deepEqual(listed.byState, alone.byState);
    assert.equal((await app.done(logbook.listEntries, { kind: 'professional' }, both)).total, 76);
    assert.deepEqual(await app.done(logbook.listWaiting, { size: 200 }, both), await app.done(logbook.listWaiting, { size: 200 }, tutor));
    const twice = actor(id('tutor'), ['director', schoolId], ['tutor', schoolId]);
    assert.equal((await app.done(logbook.listEntries, {}, twice)).total, 90);
    const waiting = await app.done(logbook.listWaiting, { size: 200 }, twice);
    assert.deepEqual([waiting.total, waiting.groups.reduce((sum, { n }) => sum + n, 0)], [90, 90]);
  });

  test('counts follow every act: a draft submitted, withdrawn, amended to another day, discarded [rev:sec-17]', async () => {
    const entryId = id('entry', 0, 0);
    const seen = async (token?: string) => {
      const { byState } = await app.done(logbook.listEntries, { traineeId: trainees[0], after: token }, trainee(0));
      const { groups } = await app.done(logbook.listWaiting, { traineeId: trainees[0], size: 200, after: token }, director);
      const on = (day: string) => groups.find((one) => one.day === day)?.n ?? 0;
      return [byState['draft'], byState['submitted'], on('2026-02-01'), on('2026-03-02')];
    };
    assert.deepEqual(await seen(), [10, 30, 0, 0]);
    const act = async (operation: typeof logbook.submitEntry | typeof logbook.withdrawEntry | typeof logbook.discardEntry) =>
      (await app.done(operation, { entryId }, trainee(0))).token;
    assert.deepEqual(await seen(await act(logbook.submitEntry)), [9, 31, 1, 0]);
    assert.deepEqual(await seen(await act(logbook.withdrawEntry)), [10, 30, 0, 0]);
    const amended = { entryId, activities: ['S-1-00'], performedOn: '2026-03-02' };
    await app.done(logbook.amendEntry, amended, trainee(0));
    assert.deepEqual(await seen(await act(logbook.submitEntry)), [9, 31, 0, 1]);
    await act(logbook.withdrawEntry);
    assert.deepEqual(await seen(await act(logbook.discardEntry)), [9, 30, 0, 0]);
  });
});
