import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CONTEXTS, logbook, type Operation, OPERATIONS, reporting, type Role, ROLES, subjectOf } from '@ateneo/contracts';
import { openFiles } from '@ateneo/files';
import type { Caller, OperationMessage, Reply } from '@ateneo/service-kit';
import { type Actors, actorsOf, inputAbout, isPermitted, pathsOf, type Things, thingsOf, WHOSE, type Whose } from './permission-cases.js';
import { RunningPlatform } from './running-platform.js';
import { anEntry, newId } from './small-world.js';

const SERVICES = [...Object.keys(CONTEXTS), 'api-gateway'];
const FORBIDDEN: Reply = { ok: false, problem: { status: 403, code: 'forbidden' } };
const service = (name: string): Caller => ({ is: 'service', service: name });
const NOBODY = service('api-gateway');
const isGranted = (operation: Operation) => 'anyOf' in operation.permission;
const isForServices = ({ permission }: Operation) => 'relation' in permission && permission.relation === 'service';
/** Ends what others rest on: tried last. */
const isAnEnd = ({ name }: Operation) => /end-|erase|discard|remove|move-/.test(name);

describe('every operation, every role, own and foreign things', () => {
  let platform: RunningPlatform;
  let things: Things;
  let actors: Actors;
  const call = (operation: Operation, input: unknown, caller: Caller): Promise<Reply> =>
    platform.running.platform.client.call(operation, input, caller, { commandId: randomUUID() });

  before(async () => {
    platform = await RunningPlatform.start();
    const { world } = platform;
    const [home, away] = world.schools;
    const entries = [];
    for (const trainee of [home.trainees[0], home.trainees[1], away.trainees[0]]) {
      const entryId = newId();
      await platform.done(
        logbook.recordEntry,
        anEntry(
          entryId,
          trainee === away.trainees[0] ? { activities: ['NP/seminario'], kind: 'non-professional', classified: {}, autonomy: null } : {},
        ),
        trainee?.caller as Caller,
      );
      entries.push(entryId);
    }
    const files = openFiles(`file:${join(platform.data, 'files')}`);
    const imports = [];
    for (const { schoolId, secretary } of [home, away]) {
      const importId = newId();
      const { fileId } = await files.put(Buffer.from('external_id\n'), { name: 'import.csv', type: 'text/csv' });
      await platform.done(logbook.startImport, { importId, schoolId, fileName: 'import.csv', fileId }, secretary.caller);
      imports.push(importId);
    }
    await platform.running.settled();
    const [reports, runs]: [string[], string[]] = [[], []];
    for (const trainee of [home.trainees[0], home.trainees[1], away.trainees[0]]) {
      reports.push(newId());
      await call(reporting.issueReport, { reportId: reports.at(-1), traineeId: trainee?.personId }, world.administrator.caller);
    }
    for (const { schoolId, trainees } of [home, away]) {
      runs.push(newId());
      await call(
        reporting.startReportRun,
        { runId: runs.at(-1), schoolId, traineeIds: [trainees[0]?.personId] },
        world.administrator.caller,
      );
    }
    things = thingsOf(world, { entries, imports, reports, runs });
    actors = actorsOf(world);
  });
  after(() => platform.close());

  const cases = (wanted: boolean) => (operation: Operation) =>
    ROLES.flatMap((role) =>
      (pathsOf(operation).length > 0 ? WHOSE : (['own'] as const))
        .filter((whose) => isPermitted(operation, role, whose) === wanted)
        .map((whose): readonly [Role, Whose] => [role, whose]),
    );

  for (const operation of OPERATIONS.filter(isGranted)) {
    const denied = cases(false)(operation);
    if (denied.length === 0) continue;
    test(`${operation.name} is refused in ${denied.length} cases, the same way whether the thing exists or not [arch:3]`, async () => {
      for (const [role, whose] of denied)
        assert.deepEqual(await call(operation, inputAbout(operation, things, whose), actors[role]), FORBIDDEN, `${role}, ${whose}`);
    });
  }

  const byEffect = (a: Operation, b: Operation) =>
    Number(a.kind === 'command') - Number(b.kind === 'command') || Number(isAnEnd(a)) - Number(isAnEnd(b));
  for (const operation of OPERATIONS.filter(isGranted).toSorted(byEffect)) {
    test(`${operation.name} is open to whom the contract names, and answers as the contract says [arch:3]`, async () => {
      for (const [role, whose] of cases(true)(operation)) {
        const reply = await call(operation, inputAbout(operation, things, whose), actors[role]);
        if (reply.ok) operation.output.parse(reply.output);
        else
          assert.ok(
            reply.problem.code !== 'forbidden' && reply.problem.status < 500,
            `${role}, ${whose}: ${JSON.stringify(reply.problem)}`,
          );
      }
    });
  }

  for (const operation of OPERATIONS.filter(
    ({ permission }) =>
      'anyOf' in permission && permission.scopeFilter && permission.anyOf.some(({ relation }) => relation === 'my-school'),
  )) {
    test(`${operation.name} shows people of one school nothing of another, even when asked for it [arch:3]`, async () => {
      const foreign = ['schoolId', 'traineeId', 'entryId', 'enrolmentId'].map((path) => things[path]?.foreign as string);
      for (const role of ['trainee', 'tutor', 'director', 'school-secretariat'] as const) {
        for (const question of [
          operation.example as object,
          { ...(operation.example as object), schoolId: things['schoolId']?.foreign },
          { ...(operation.example as object), traineeId: things['traineeId']?.foreign },
        ]) {
          const text = JSON.stringify(
            await call(
              operation,
              { ...question, entries: [{ entryId: things['entryId']?.foreign, revision: 1 }], entryIds: [things['entryId']?.foreign] },
              actors[role],
            ),
          );
          for (const id of foreign)
            assert.ok(
              operation.kind === 'command' || operation.name.endsWith('preview-validation') || !text.includes(id),
              `${role} sees ${id}`,
            );
          if (operation.kind === 'command') assert.ok(!/"ok":true,"revision"|"validated":[1-9]/.test(text), `${role}: ${text}`);
        }
      }
    });
  }

  for (const operation of OPERATIONS.filter(({ permission }) => 'relation' in permission && permission.relation === 'public')) {
    test(`${operation.name} asks nobody who they are [arch:3]`, async () => {
      for (const caller of [NOBODY, ...Object.values(actors)]) {
        const reply = await call(operation, operation.example, caller);
        if (reply.ok) operation.output.parse(reply.output);
        else assert.ok(![401, 403, 500, 503].includes(reply.problem.status), JSON.stringify(reply.problem));
      }
    });
  }

  for (const operation of OPERATIONS.filter(isForServices)) {
    test(`${operation.name} answers the services that it names, nobody else, and has no route [arch:3]`, async () => {
      const { callers } = operation.permission as { callers: readonly string[] };
      for (const actor of Object.values(actors)) assert.deepEqual(await call(operation, operation.example, actor), FORBIDDEN);
      for (const name of SERVICES)
        assert.equal(isRefused(await call(operation, operation.example, service(name))), !callers.includes(name), name);
      assert.equal(operation.http, undefined);
      const [context, verb] = operation.name.split('.') as [string, string];
      for (const path of [`${context}/${verb}`, operation.name, verb])
        for (const method of ['GET', 'POST']) assert.equal((await fetch(`${platform.running.url}/api/${path}`, { method })).status, 404);
    });
  }

  test('a service may call no operation of people [arch:3]', async () => {
    for (const operation of OPERATIONS.filter(isGranted))
      for (const name of SERVICES)
        assert.deepEqual(await call(operation, inputAbout(operation, things, 'own'), service(name)), FORBIDDEN, operation.name);
  });

  test('nothing on the bus can invent who asks [arch:3]', async () => {
    const { bus, passports } = platform.running.platform;
    const [i, p] = [JSON.stringify(logbook.listWaiting.example), JSON.stringify(actors.tutor)];
    const stamped: OperationMessage = { i, p, ...passports.stamp(logbook.listWaiting.name, p, i), r: randomUUID() };
    const ask = async (message: OperationMessage, operation: Operation = logbook.listWaiting) =>
      (await bus.request(subjectOf(operation), message)) as Reply;
    assert.ok((await ask(stamped)).ok);
    const forged = [
      { ...stamped, p: JSON.stringify(actors.director) },
      { ...stamped, i: '{"after":"x"}' },
      { ...stamped, s: stamped.s.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) },
      { ...stamped, x: stamped.x + 1 },
    ];
    for (const message of forged) assert.deepEqual(await ask(message), { ok: false, problem: { status: 401, code: 'passport-not-valid' } });
    assert.deepEqual(await ask(stamped, logbook.showLoggingHelp), { ok: false, problem: { status: 401, code: 'passport-not-valid' } });
  });
});

const isRefused = (reply: Reply): boolean => !reply.ok && reply.problem.status === 403;
