import 'reflect-metadata';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import type { INestMicroservice } from '@nestjs/common';
import { type Operation, type Output, type RawInput, reporting, type Role } from '@ateneo/contracts';
import { load } from '@ateneo/event-sourcing';
import { type Caller, openPlatform, type Platform, readPlatformConfig, ServiceRuntime } from '@ateneo/service-kit';
import { reportRun } from '../src/report/report-run.decider.js';
import { startReporting } from '../src/reporting.module.js';
import { TRAINEE_COUNTERS } from '../src/trainee-counters/trainee-counters.projection.js';
import { entryId, ids, Log } from './log.js';
import { Sources } from './sources.js';

const as = (role: Role, id: string, schoolId: string | null = null): Extract<Caller, { is: 'actor' }> => ({
  is: 'actor',
  actor: { id, kind: 'person', profiles: [{ profileId: ids.cohort, role, schoolId, from: '2020-01-01', to: null }], locale: 'it' },
});
const director = as('director', '0198c0de-0000-7000-8000-0000000000d1', ids.school);
const stranger = as('director', '0198c0de-0000-7000-8000-0000000000d2', '0198c0de-0000-7000-8000-0000000000ff');
const trainee = as('trainee', ids.trainee, ids.school);
const tutor = as('tutor', ids.tutor, ids.school);
const first = { classified: { 'surgical-role': 'first-operator' } };

describe('reporting, spoken to through its operations', () => {
  let folder: string;
  let platform: Platform;
  let app: INestMicroservice;
  let sources: Sources | undefined;
  let token: string;
  const log = new Log().on('2026-01-01').school('CHIR-402').trainee('CHIR-402');

  const start = async (): Promise<void> => {
    platform = await openPlatform(readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'error' }));
    platform.clock.set(Date.parse(log.at));
    sources = await Sources.open(platform, sources);
    app = await startReporting(platform);
  };
  const stop = async (): Promise<void> => {
    await app.close();
    await sources?.close();
    await platform.close();
  };
  const tell = (it: Log): Promise<string> => (sources as Sources).tell(it);
  const ask = async <Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller = director) =>
    platform.client.call(operation, input, caller);
  const answer = async <Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller = director): Promise<Output<Op>> => {
    const reply = await ask(operation, input, caller);
    assert.ok(reply.ok, JSON.stringify(reply));
    assert.deepEqual(operation.output.safeParse(reply.output).error?.issues, undefined);
    return reply.output;
  };
  const counter = async (requirementId: string, input: object = {}) => {
    const it = await answer(reporting.showCounters, { traineeId: ids.trainee, after: token, ...input });
    return it.sets[0]?.requirements.find((one) => one.requirementId === requirementId);
  };
  const code = async <Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller = director): Promise<string> => {
    const reply = await ask(operation, input, caller);
    return reply.ok ? 'ok' : reply.problem.code;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ateneo-reporting-'));
    await start();
    log.add('school-network.tutor-assigned.v1', 'assignment-1', {
      assignmentId: 'a1',
      schoolId: ids.school,
      traineeId: ids.trainee,
      tutorId: ids.tutor,
      unitId: null,
      from: '2025-11-01',
      to: null,
    });
    log
      .on('2026-01-15')
      .record(1, ['CHIR-402-01'], first)
      .entry(1, 'entry-submitted')
      .validate(1, first)
      .record(2, ['CHIR-402-01'], first)
      .entry(2, 'entry-submitted')
      .record(3, ['CHIR-402-02'], first);
    token = await tell(log);
  });
  after(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  test('an event stored elsewhere is in the counters that a query with its token sees [arch:4]', async () => {
    const it = await counter('CHIR-402-01');
    assert.deepEqual([it?.definitive.n, it?.provisional.n, it?.logged], [1, 2, 2]);
  });
  test('a trainee, the tutor on the date and the director see the counters, another school does not [res:E2.9]', async () => {
    const input = { traineeId: ids.trainee };
    const codes = [];
    for (const caller of [trainee, tutor, director, stranger, as('trainee', ids.tutor)])
      codes.push(await code(reporting.showCounters, input, caller));
    assert.deepEqual(codes, ['ok', 'ok', 'ok', 'forbidden', 'forbidden']);
  });
  test('the entries behind a number are as many as the number says [arch:5]', async () => {
    const it = await answer(reporting.explainRequirement, { traineeId: ids.trainee, requirementId: 'CHIR-402-04' });
    assert.deepEqual([it.total, it.entries.map((one) => one.entryId)], [2, [entryId(1), entryId(2)]]);
    assert.equal(
      await code(reporting.explainRequirement, { traineeId: ids.trainee, requirementId: 'GINE-402-01' }),
      'requirement-not-found',
    );
  });
  test('the list shows counts, year, tutor and progress, and what the role may see [res:51]', async () => {
    const list = await answer(reporting.listTrainees, { sort: 'progress' });
    assert.deepEqual(
      list.trainees.map((it) => [
        it.traineeId,
        it.trainingYear,
        it.tutor?.personId,
        it.draft,
        it.submitted,
        it.validated,
        it.suspended,
        it.lastEntryOn,
      ]),
      [[ids.trainee, 5, ids.tutor, 1, 1, 1, false, '2026-01-10']],
    );
    assert.equal((await answer(reporting.listTrainees, {}, tutor)).total, 1);
    assert.equal((await answer(reporting.listTrainees, {}, stranger)).total, 0);
    assert.equal((await answer(reporting.listTrainees, { waiting: false })).total, 0);
  });
  test('the dashboard shows registrations by day and who has entries to validate [res:47]', async () => {
    const it = await answer(reporting.showSchoolDashboard, { schoolId: ids.school });
    assert.deepEqual([it.draft, it.submitted, it.validated, it.trainees, it.tutors], [1, 1, 1, 1, 1]);
    assert.deepEqual(
      [it.daily.at(-1), it.tutorsWithWaiting.map((one) => [one.tutorId, one.waiting])],
      [{ day: '2026-01-15', n: 3 }, [[ids.tutor, 1]]],
    );
  });
  test('what was known on a day is refused in the future, stale while the day lasts, and stays as it was [res:E2.11]', async () => {
    assert.equal(await code(reporting.showCounters, { traineeId: ids.trainee, knownAt: '2026-01-16' }), 'known-at-in-the-future');
    assert.equal((await answer(reporting.showCounters, { traineeId: ids.trainee, knownAt: '2026-01-15' })).stale, true);
    token = await tell(log.on('2026-02-20').entry(1, 'validation-reversed', { batchId: null }));
    assert.equal((await counter('CHIR-402-01'))?.definitive.n, 0);
    const then = await answer(reporting.showCounters, { traineeId: ids.trainee, knownAt: '2026-01-15' });
    assert.deepEqual([then.stale, then.sets[0]?.requirements[0]?.definitive.n], [undefined, 1]);
  });
  test('an entry of an activity not known yet makes the answer incomplete, never wrong, until it is known [arch:4]', async () => {
    token = await tell(log.record(4, ['CHIR/new'], first));
    const before = await answer(reporting.showCounters, { traineeId: ids.trainee, after: token });
    assert.equal(before.incomplete, true);
    const activity = {
      code: 'CHIR/new',
      setId: 'CHIR-402',
      label: { it: 'x', en: 'x' },
      kind: 'act',
      feeds: [{ requirementId: 'CHIR-402-01' }],
      unit: 'procedures',
      bulk: false,
      requires: [],
      simulationAllowed: false,
    };
    token = await tell(log.add('school-network.activity-added.v1', 'school-1', { schoolId: ids.school, activity }));
    assert.equal((await counter('CHIR-402-01'))?.logged, 3);
    assert.equal((await answer(reporting.showCounters, { traineeId: ids.trainee })).incomplete, undefined);
  });
  test('a restart continues from the stored chunks, a rebuild from the events: the same counters [arch:4]', async () => {
    const counters = () => answer(reporting.showCounters, { traineeId: ids.trainee });
    const before = await counters();
    await stop();
    await start();
    await app.get(ServiceRuntime, { strict: false }).runner.caughtUp();
    assert.deepEqual(await counters(), before);
    await app.get(ServiceRuntime, { strict: false }).runner.rebuild(TRAINEE_COUNTERS);
    assert.deepEqual(await counters(), before);
    token = await tell(log.on('2026-02-21').entry(2, 'entry-returned'));
    assert.equal((await counter('CHIR-402-01'))?.provisional.n, 1);
  });
  test('a tutor reads the entries behind a number only inside an assignment and learns how many others there are [rev:sec-8] [res:C]', async () => {
    const lateTutor = '0198c0de-0000-7000-8000-0000000000a2';
    const assigned = { schoolId: ids.school, traineeId: ids.trainee, tutorId: lateTutor, unitId: null, to: null };
    token = await tell(
      log.add('school-network.tutor-assigned.v1', 'assignment-2', { assignmentId: 'a2', from: '2026-02-20', ...assigned }),
    );
    const asked = { traineeId: ids.trainee, requirementId: 'CHIR-402-04', after: token };
    const late = as('tutor', lateTutor, ids.school);
    // assignments are told to reporting beside the entries: a tutor is admitted when they have arrived
    for (let tries = 0; (await code(reporting.explainRequirement, asked, late)) !== 'ok' && tries < 200; tries++) await sleep(25);
    const seen = await answer(reporting.explainRequirement, asked, late);
    assert.deepEqual([seen.total, seen.entries, seen.notShown], [0, [], 1]);
    const figure = async (caller: Caller) =>
      (await answer(reporting.showCounters, { traineeId: ids.trainee }, caller)).sets[0]?.requirements.map((it) => it.provisional.n);
    assert.deepEqual(await figure(late), await figure(director));
    for (const caller of [tutor, director, trainee]) {
      const whole = await answer(reporting.explainRequirement, asked, caller);
      assert.deepEqual([whole.total, whole.notShown], [1, 0]);
    }
  });
  test('a tutor whose profile in the school ended sees neither counters nor the list, though an assignment is open [rev:sec-7]', async () => {
    const left = as('tutor', ids.tutor, '0198c0de-0000-7000-8000-0000000000ff');
    assert.equal(await code(reporting.showCounters, { traineeId: ids.trainee }, left), 'forbidden');
    assert.equal((await answer(reporting.listTrainees, {}, left)).total, 0);
  });
  test('a report run of which the word was lost is found all the same and ends [issue8:4]', async () => {
    const runtime = app.get(ServiceRuntime, { strict: false });
    const [runId, nobody] = ['0198c0de-0000-7000-8000-0000000000e1', '0198c0de-0000-7000-8000-0000000000e2'];
    const read = runtime.collection.bind(runtime);
    let words = 0;
    runtime.collection = (spec) => {
      if (spec.name === 'open-runs' && words++ === 0) throw new Error('the word was lost');
      return read(spec);
    };
    const asked = { actor: director.actor, commandId: undefined, correlationId: 'lost' };
    const started = { type: 'StartRun', runId, schoolId: ids.school, traineeIds: [nobody], locale: 'it' } as const;
    await runtime.run(asked, reportRun, runId, started, undefined);
    const stage = async () => (await load(reportRun, runId, runtime)).state.is;
    for (let looked = 0; looked < 400 && (await stage()) !== 'done'; looked++) await sleep(50);
    assert.deepEqual([await stage(), words > 1], ['done', true]);
    runtime.collection = read;
  });
  test('a report run waits for counters that are being built instead of missing a trainee, and one that is asked for meanwhile is not refused for good [issue8:4]', async () => {
    const runtime = app.get(ServiceRuntime, { strict: false });
    const runId = '0198c0de-0000-7000-8000-0000000000e3';
    let isCaughtUp = false;
    Object.defineProperty(runtime.runner, 'isCaughtUp', { get: () => isCaughtUp, configurable: true });
    const asked = { runId: ids.trainee, schoolId: ids.school, traineeIds: [runId] };
    const secretary = as('school-secretariat', '0198c0de-0000-7000-8000-0000000000d3', ids.school);
    assert.equal(await code(reporting.startReportRun, asked, secretary), 'storage-unavailable');
    const started = { type: 'StartRun', runId, schoolId: ids.school, traineeIds: [runId], locale: 'it' } as const;
    await runtime.run({ actor: director.actor, commandId: undefined, correlationId: 'early' }, reportRun, runId, started, undefined);
    const stage = async () => (await load(reportRun, runId, runtime)).state.is;
    for (let looked = 0; looked < 200 && platform.voice.of('reporting').every(({ what }) => what !== `run ${runId}`); looked++)
      await sleep(20);
    assert.equal(await stage(), 'running');
    isCaughtUp = true;
    for (let looked = 0; looked < 400 && (await stage()) !== 'done'; looked++) await sleep(50);
    assert.equal(await stage(), 'done');
    assert.equal(await code(reporting.startReportRun, asked, secretary), 'trainee-not-in-school');
  });
});
