import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { identity, logbook, type Output, reporting } from '@ateneo/contracts';
import { caller, eventually, newId, World } from './import-world.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('reports of the logbook', () => {
  let world: World;
  before(async () => {
    world = await World.open();
  });
  after(() => world.close());

  const issue = (locale: 'it' | 'en' = 'it', reportId = newId()) =>
    world.done(reporting.issueReport, { reportId, traineeId: world.ids.trainee, locale }, world.secretary).then(({ report }) => report);
  const bytes = async (reportId: string, registered = true) => {
    const { fileId, size } = await world.done(reporting.downloadReport, { reportId, registered }, world.secretary);
    const file = await world.files.open(fileId);
    assert.ok(file);
    const content = await buffer(file.stream);
    assert.equal(content.length, size);
    return content;
  };
  const verify = (input: { code?: string; fileHash?: string }, expected: Output<typeof reporting.verifyReport>['outcome']) =>
    eventually(async () => {
      const answer = await world.done(reporting.verifyReport, input);
      return answer.outcome === expected && answer;
    });
  const refusal = async (operation: Parameters<World['ask']>[0], input: object, as = world.secretary) => {
    const reply = await world.ask(operation, input as never, as);
    return reply.ok ? 'ok' : reply.problem.code;
  };

  test('a report is generated at any time and again, each with a code of its own and the same fingerprint of the same figures [res:114, res:122, arch:5]', async () => {
    const [one, two] = [await issue(), await issue('en')];
    assert.match(one.code, /^([0-9A-F]{4}-){7}[0-9A-F]{4}$/);
    assert.notEqual(one.code, two.code);
    assert.equal(one.contentHash, two.contentHash);
    assert.equal((await bytes(one.reportId)).subarray(0, 5).toString(), '%PDF-');
    const { reports } = await eventually(async () => {
      const listed = await world.done(reporting.listReports, { traineeId: world.ids.trainee }, world.secretary);
      return listed.reports.length === 2 && listed;
    });
    assert.deepEqual(reports.map(({ reportId }) => reportId).sort(), [one.reportId, two.reportId].sort());
  });

  test('the same request sent twice gives one report; its id asked for otherwise is in use [arch:4]', async () => {
    const one = await issue();
    assert.deepEqual(await issue('it', one.reportId), one);
    assert.equal(
      await refusal(reporting.issueReport, { reportId: one.reportId, traineeId: world.ids.trainee, locale: 'en' }),
      'id-already-used',
    );
  });

  test('two holders of one run who make it at the same moment make one report, and neither is refused [issue8:4]', async () => {
    const own = { reportId: newId(), traineeId: world.ids.trainee };
    await issue();
    assert.deepEqual(await Promise.all([refusal(reporting.issueReport, own), refusal(reporting.issueReport, own)]), ['ok', 'ok']);
  });
  test('a trainee gets the own report, another school none [res:E2.9]', async () => {
    const own = { reportId: newId(), traineeId: world.ids.trainee };
    assert.equal(await refusal(reporting.issueReport, own, caller(world.ids.trainee, 'trainee', world.ids.school)), 'ok');
    assert.equal(
      await refusal(reporting.downloadReport, { reportId: own.reportId }, caller(newId(), 'school-secretariat', newId())),
      'forbidden',
    );
    assert.equal(
      await refusal(reporting.downloadReport, { reportId: newId() }, caller(newId(), 'school-secretariat', newId())),
      'forbidden',
    );
  });

  test('anyone checks a report by its code, however it is written, and by its file; nothing personal is told [res:E2.14, arch:5]', async () => {
    const { code, reportId, contentHash } = await issue();
    const fileHash = sha256(await bytes(reportId));
    const answer = await verify({ code }, 'genuine');
    assert.deepEqual(
      { ...answer, issuedAt: '', asOf: '' },
      {
        outcome: 'genuine',
        issuedAt: '',
        asOf: '',
        protocol: null,
        contentHash,
        school: { it: 'Ginecologia', en: 'Gynaecology' },
        movedOn: false,
      },
    );
    await verify({ code: code.toLowerCase().replaceAll('-', '') }, 'genuine');
    await verify({ fileHash }, 'genuine');
    await verify({ code, fileHash }, 'genuine');
    await verify({ code: '0000-0000' }, 'unknown');
  });

  test('one changed byte of the file is told [res:E2.14]', async () => {
    const { code, reportId } = await issue();
    const file = await bytes(reportId);
    file[1_000] = (file[1_000] ?? 0) ^ 1;
    await verify({ code }, 'genuine');
    await verify({ code, fileHash: sha256(file) }, 'file-altered');
    await verify({ fileHash: sha256(file) }, 'unknown');
  });

  test('registering issues it again with the protocol number: same code and fingerprint, other bytes, both files verify [svc:4.2]', async () => {
    const { reportId, code, contentHash } = await issue();
    const { report } = await world.done(reporting.registerReport, { reportId, protocol: '0000123/2026' }, world.secretary);
    assert.deepEqual([report.code, report.contentHash, report.protocol], [code, contentHash, '0000123/2026']);
    const [plain, registered] = [await bytes(reportId, false), await bytes(reportId)];
    assert.notEqual(sha256(plain), sha256(registered));
    assert.equal((await verify({ fileHash: sha256(registered), code }, 'genuine-registered')).protocol, '0000123/2026');
    assert.equal((await verify({ fileHash: sha256(plain), code }, 'genuine')).protocol, null);
    await verify({ code }, 'genuine-registered');
    await world.done(reporting.registerReport, { reportId, protocol: '0000123/2026' }, world.secretary);
    assert.equal(await refusal(reporting.registerReport, { reportId, protocol: '0000124/2026' }), 'already-registered');
  });

  test('verification says when the logbook has moved on since, and a draft moves nothing [arch:5]', async () => {
    const { code } = await issue();
    const trainee = caller(world.ids.trainee, 'trainee', world.ids.school);
    const entryId = newId();
    await world.done(logbook.recordEntry, { entryId, activities: ['GINE-402-02'], performedOn: '2025-03-10' }, trainee);
    assert.equal((await verify({ code }, 'genuine')).movedOn, false);
    await world.done(logbook.submitEntry, { entryId }, trainee);
    await eventually(async () => (await world.done(reporting.verifyReport, { code })).movedOn);
  });

  describe('of many trainees', () => {
    const run = (runId: string, traineeIds: string[]) =>
      world.done(reporting.startReportRun, { runId, schoolId: world.ids.school, traineeIds }, world.secretary);
    const ended = (runId: string) =>
      eventually(async () => {
        const shown = await world.done(reporting.showReportRun, { runId }, world.secretary);
        return shown.is !== 'running' && shown;
      });

    test('are generated with progress and downloaded as a ZIP or as one file for the printer [res:117, res:119, res:120]', async () => {
      const runId = newId();
      await run(runId, [world.ids.trainee]);
      const done = await ended(runId);
      assert.deepEqual([done.is, done.total, done.done, done.failed, done.rows[0]?.is], ['done', 1, 1, 0, 'done']);
      const heads: string[] = [];
      for (const as of ['zip', 'print'] as const) {
        const { fileId } = await world.done(reporting.downloadReportRun, { runId, as }, world.secretary);
        const file = await world.files.open(fileId);
        assert.ok(file);
        heads.push((await buffer(file.stream)).subarray(0, 4).toString());
      }
      assert.deepEqual(heads, ['PK\u0003\u0004', '%PDF']);
    });

    test('are named by the day in Rome on which the run began [rev:cor-8]', async () => {
      const runId = newId();
      world.platform.clock.set(Date.parse('2027-03-09T23:30:00Z'));
      await run(runId, [world.ids.trainee]);
      await ended(runId);
      const { name } = await world.done(reporting.downloadReportRun, { runId, as: 'zip' }, world.secretary);
      assert.equal(name, 'libretti-2027-03-10.zip');
    });

    test('leave no file for ever after a kill: what nothing refers to goes after a day, what a report refers to stays [rev:cor-8]', async () => {
      const [runId, reportId] = [newId(), newId()];
      await world.done(reporting.issueReport, { reportId, traineeId: world.ids.trainee }, world.secretary);
      await run(runId, [world.ids.trainee]);
      await ended(runId);
      const { fileId } = await world.done(reporting.downloadReportRun, { runId, as: 'zip' }, world.secretary);
      const now = world.platform.clock.now();
      await world.kill();
      assert.ok(await world.files.open(fileId));
      world.platform.clock.set(now + 24 * 3_600_000 + 1_000);
      await eventually(async () => (await world.files.open(fileId)) === undefined);
      assert.ok((await bytes(reportId)).length > 0);
    });

    test('concern trainees of the school only', async () => {
      assert.equal(
        await refusal(reporting.startReportRun, { runId: newId(), schoolId: world.ids.school, traineeIds: [newId()] }),
        'trainee-not-in-school',
      );
    });

    test('may be cancelled; what a stop interrupts goes on at the next start [res:A11.11]', async () => {
      const [stopped, cancelled] = [newId(), newId()];
      const trainees = [world.ids.trainee, await world.enrol('0012346'), await world.enrol('0012347')];
      for (const traineeId of trainees) await world.done(reporting.issueReport, { reportId: newId(), traineeId }, world.secretary);
      await run(stopped, trainees);
      await world.stop();
      await world.start();
      assert.deepEqual([(await ended(stopped)).is, (await ended(stopped)).done], ['done', 3]);
      await run(cancelled, [world.ids.trainee]);
      await world.done(reporting.cancelReportRun, { runId: cancelled }, world.secretary);
      assert.ok(['cancelled', 'done'].includes((await ended(cancelled)).is));
    });
  });

  test('neither names nor student numbers of a report stand in clear in the data folder; of an erased person it is genuine and can be read no more [arch:4, arch:5]', async () => {
    const { code, reportId } = await issue();
    for (const entry of await readdir(world.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const content = await readFile(join(entry.parentPath, entry.name));
      for (const text of ['0012345', 'Prova', '%PDF']) assert.ok(!content.includes(text), `${text} in ${entry.name}`);
    }
    await world.done(identity.erasePerson, { personId: world.ids.trainee, protocol: '0000001/2026' });
    await verify({ code }, 'genuine-person-erased');
    assert.equal(await refusal(reporting.downloadReport, { reportId }), 'person-erased');
    assert.equal(await refusal(reporting.registerReport, { reportId, protocol: '0000999/2026' }), 'person-erased');
    assert.equal(await refusal(reporting.issueReport, { reportId: newId(), traineeId: world.ids.trainee }), 'person-erased');
  });
});
