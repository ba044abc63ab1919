import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { career, identity, logbook, OPERATIONS, reporting, schoolNetwork } from '@ateneo/contracts';
import { textsIn } from '@ateneo/contracts/testing';
import { openFiles } from '@ateneo/files';
import { type PublicEvent, requestPage } from '@ateneo/messaging';
import { filesHolding, findInClear } from './byte-scan.js';
import { RunningPlatform } from './running-platform.js';
import type { Caller } from '@ateneo/service-kit';
import { anEntry, everybody, newId, type Names, type School, type Trainee } from './small-world.js';

/** Words that stand nowhere by chance. */
const NAMES: Names = {
  person: (role, n) => ({ givenName: `Zorbàlina${n}`, familyName: `Quirxtèl${role.slice(0, 2)}${n}` }),
  studentNumber: (n) => `SN/88${n}77/XQ`,
};
const said = {
  note: 'annotazionekrzyx',
  amended: 'annotazionewolfqz',
  returned: 'restituitajyqwx',
  rejected: 'respintapkxzq',
  reversed: 'annullataqhjkz',
  revoked: 'revocatazxqpw',
  withdrawn: 'ritiratakqjzx',
  kept: 'confermatavwqxk',
  excused: 'dispensataqkzjx',
  imported: 'importatahqzwx',
  renamed: 'cambiatojkqzwx',
  password: 'parola lunghissima kqzjxwv',
};
/** What the exercise types at each text that an operation declares as personal or secret: a new one is placed here and typed there. */
const TYPED: Readonly<Record<string, string>> = {
  'identity.register-person givenName': 'Zorbàlina',
  'identity.register-person familyName': 'Quirxtèl',
  'identity.register-person staffNumber': 'MATR-Quirxtèl',
  'identity.change-person-details givenName': said.renamed,
  'identity.change-person-details familyName': said.renamed,
  'identity.change-person-details staffNumber': said.renamed,
  'identity.set-password password': said.password,
  'identity.check-password password': said.password,
  'career.enrol-trainee studentNumber': 'SN/88',
  'career.declare-requirement-applicability reason': said.excused,
  'logbook.record-entry note': said.note,
  'logbook.amend-entry note': said.amended,
  'logbook.return-entry reason': said.returned,
  'logbook.reject-entry reason': said.rejected,
  'logbook.reverse-validation reason': said.reversed,
  'logbook.keep-entry reason': said.kept,
  'logbook.revoke-attestation reason': said.revoked,
  'logbook.withdraw-attestation reason': said.withdrawn,
  'logbook.start-import fileName': said.imported,
};
/** Made by machines and looked for as they came. */
const SECRETS = ['identity.set-password secret', 'identity.check-client-secret clientSecret', 'logbook.start-import fileId'];
const COLUMNS =
  'external_id,student_number,kind,performed_on,activities,unit,quantity,autonomy,surgical_role,participation,setting,purpose,diagnosis,procedure,simulated,period_from,period_to,credits,credited_to,state,validator,note';
const SERVICES = ['identity', 'school-network', 'career', 'logbook', 'reporting'];

describe('personal data', () => {
  let platform: RunningPlatform;
  let school: School;
  let words: string[];
  before(async () => {
    platform = await RunningPlatform.start({ demo: true, names: NAMES });
    school = platform.world.schools[0];
    const people = everybody(platform.world);
    words = [
      ...people.flatMap(({ givenName, familyName, email, staffNumber, username }) => [
        givenName,
        familyName,
        email,
        username,
        ...(staffNumber ? [staffNumber] : []),
      ]),
      ...platform.world.schools.flatMap(({ trainees }) => trainees.map(({ studentNumber }) => studentNumber)),
      ...Object.values(said),
      ...Object.values(TYPED),
    ];
    await exercise();
    await platform.running.settled();
  });
  after(() => platform.close());

  const clear = () => findInClear(platform.folder, words);
  const events = async (service: string) => {
    const all: PublicEvent[] = [];
    for (let from = 0; ;) {
      const { events: some, next, head } = await requestPage(platform.running.platform.bus, service, from);
      all.push(...some);
      from = next;
      if (next >= head) return all;
    }
  };

  /** Everything that takes a name, a number or a free text. */
  async function exercise(): Promise<void> {
    const [trainee, tutor, director, administrator] = [
      school.trainees[0] as Trainee,
      school.tutors[0]?.caller,
      school.director.caller,
      platform.world.administrator.caller,
    ];
    assert.ok(tutor);
    const record = async (more: Parameters<typeof anEntry>[1] = {}) => {
      const entryId = newId();
      await platform.done(logbook.recordEntry, anEntry(entryId, { note: said.note, ...more }), trainee.caller);
      return entryId;
    };
    const draft = await record({ submit: false });
    const { submit: _submit, ...content } = anEntry(draft, { note: said.amended });
    await platform.done(logbook.amendEntry, content, trainee.caller);
    await platform.done(logbook.returnEntry, { entryId: await record(), reason: said.returned }, tutor);
    await platform.done(logbook.rejectEntry, { entryId: await record(), reason: said.rejected }, tutor);
    const validated = await record();
    await platform.done(logbook.validateEntry, { entryId: validated }, tutor);
    await platform.done(logbook.reverseValidation, { entryId: validated, reason: said.reversed }, tutor);
    await platform.done(logbook.keepEntry, { entryId: validated, reason: said.kept }, director);
    await platform.done(
      career.declareTraineeRequirement,
      { enrolmentId: trainee.enrolmentId, requirementId: 'CHIR-402-02', applicable: false, act: 'Delibera 1', reason: said.excused },
      director,
    );
    await platform.done(
      schoolNetwork.declareCohortRequirement,
      { cohortId: school.cohortId, requirementId: 'CHIR-402-02', applicable: true, act: 'Delibera 2', reason: 'La sede ha la sala' },
      director,
    );
    await platform.done(
      career.recordSuspension,
      { enrolmentId: trainee.enrolmentId, suspensionId: newId(), kind: 'illness', from: '2026-05-01', to: '2026-05-20' },
      administrator,
    );
    const { set } = await platform.done(schoolNetwork.showRequirementSet, { setId: school.setId }, administrator);
    const qualitative = set.requirements.find(({ rule }) => rule.kind === 'qualitative');
    if (qualitative) {
      await platform.done(logbook.attestRequirement, { traineeId: trainee.personId, requirementId: qualitative.id }, tutor);
      await platform.done(
        logbook.revokeAttestation,
        { traineeId: trainee.personId, requirementId: qualitative.id, reason: said.revoked },
        tutor,
      );
      await platform.done(
        logbook.withdrawAttestation,
        { traineeId: trainee.personId, requirementId: qualitative.id, reason: said.withdrawn },
        tutor,
      );
    }
    await importRow(trainee);
    await reports(trainee);
    await (
      await platform.http(trainee.username)
    )('GET', '/me');
    await signIns(trainee, administrator);
    const backedUp = await platform.ateneo('backup', join(platform.folder, 'backup'));
    assert.equal(backedUp.code, 0, backedUp.complained.join());
  }

  async function signIns({ personId, username, email }: Trainee, administrator: Caller): Promise<void> {
    const gateway: Caller = { is: 'service', service: 'api-gateway' };
    const { link } = await platform.done(identity.inviteToSignIn, { personId }, administrator);
    const secret = link.slice(link.search(/[^/#=]+$/));
    await platform.done(identity.setPassword, { secret, password: said.password }, gateway);
    assert.equal((await platform.done(identity.checkPassword, { username, password: said.password }, gateway)).personId, personId);
    const { clientId, clientSecret } = await platform.done(
      identity.createServiceAccount,
      { accountId: newId(), name: 'Strumento' },
      administrator,
    );
    assert.ok((await platform.done(identity.checkClientSecret, { clientId, clientSecret }, gateway)).right);
    words.push(secret, clientSecret);
    const changed = { givenName: `${said.renamed}a`, familyName: `${said.renamed}b`, staffNumber: `${said.renamed}1`, email };
    await platform.done(identity.changePersonDetails, { personId: school.trainees[2]!.personId, ...changed }, administrator);
  }

  async function importRow({ studentNumber }: Trainee): Promise<void> {
    const importId = newId();
    const row = (id: string, on: string) =>
      [
        id,
        studentNumber,
        'professional',
        on,
        'CHIR-402-02',
        '',
        '1',
        '',
        'first-operator',
        ...Array<string>(10).fill(''),
        'submitted',
        '',
        said.imported,
      ].join(',');
    const csv = [COLUMNS, row('r1', '2026-03-03'), row('r2', '1999-03-03'), ''].join('\n');
    const { fileId } = await openFiles(`file:${join(platform.data, 'files')}`).put(Buffer.from(csv), {
      name: `${said.imported}.csv`,
      type: 'text/csv',
    });
    await platform.done(
      logbook.startImport,
      { importId, schoolId: school.schoolId, fileName: `${said.imported}.csv`, fileId },
      school.secretary.caller,
    );
    const settle = async (is: string) => {
      for (let i = 0; i < 400 && (await platform.done(logbook.showImport, { importId }, school.secretary.caller)).is !== is; i++)
        await pause(25);
    };
    await settle('checked');
    await platform.done(logbook.confirmImport, { importId, onlyGood: true }, school.secretary.caller);
    await settle('done');
    const { entries } = await platform.done(logbook.listEntries, { importId }, school.secretary.caller);
    assert.deepEqual(
      entries.map(({ note }) => note),
      [said.imported],
    );
  }

  async function reports({ personId, familyName }: Trainee): Promise<void> {
    const [reportId, runId, caller] = [newId(), newId(), school.secretary.caller];
    await platform.running.settled();
    await platform.done(reporting.issueReport, { reportId, traineeId: personId, locale: 'it' }, caller);
    await platform.done(reporting.registerReport, { reportId, protocol: '0000123/2026' }, caller);
    await platform.done(
      reporting.startReportRun,
      { runId, schoolId: school.schoolId, traineeIds: school.trainees.map((one) => one.personId), locale: 'en' },
      caller,
    );
    for (let i = 0; i < 400 && (await platform.done(reporting.showReportRun, { runId }, caller)).is !== 'done'; i++) await pause(50);
    await platform.done(reporting.downloadReportRun, { runId, as: 'zip' }, caller);
    const { size } = await platform.done(reporting.downloadReport, { reportId }, caller);
    assert.ok(size > 1_000);
    assert.ok((await platform.done(reporting.listTrainees, {}, caller)).trainees.some(({ name }) => name.includes(familyName)));
  }

  test('the scan itself finds a word in clear, in either form of Unicode, and inside compressed streams', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-scan-'));
    const word = 'Quirxtèl';
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50);
    const planted: Readonly<Record<string, Buffer>> = {
      plain: Buffer.from(`x${word}y`),
      utf16: Buffer.from(word, 'utf16le'),
      big: Buffer.from(word, 'utf16le').swap16(),
      gzip: gzipSync(word),
      pdf: Buffer.concat([Buffer.from('4 0 obj stream\n'), deflateSync(word), Buffer.from('\nendstream')]),
      zip: Buffer.concat([head, deflateRawSync(word)]),
      twice: gzipSync(Buffer.concat([Buffer.from('x'), deflateSync(word)])),
    };
    for (const [name, bytes] of Object.entries(planted)) await writeFile(join(folder, name), bytes);
    await writeFile(join(folder, 'harmless'), gzipSync('nobody'));
    assert.deepEqual([...new Set(findInClear(folder, [word]).map(({ file }) => file.split(' ')[0]))].sort(), Object.keys(planted).sort());
    await rm(folder, { recursive: true });
  });

  test('every text that an operation takes as personal or secret is typed in this exercise [rev:sec-4]', () => {
    const declared = OPERATIONS.flatMap(({ name, input }) =>
      textsIn(input).flatMap(({ kind, path }) => (kind === 'personal' || kind === 'secret' ? [`${name} ${path}`] : [])),
    );
    assert.deepEqual([...Object.keys(TYPED), ...SECRETS].sort(), [...new Set(declared)].sort());
  });

  test('no name, address, number, note or reason stands in clear in any byte of the data folder or of a backup [arch:4]', () => {
    assert.deepEqual(clear(), []);
  });

  test('no file lies beside the key that opens it', async () => {
    const names = await readdir(join(platform.data, 'files'));
    assert.ok(names.length > 0);
    assert.deepEqual(
      findInClear(
        platform.data,
        names.map((name) => `${name}.`),
      ),
      [],
    );
  });

  test('public events carry none of it [arch:4]', async () => {
    for (const service of SERVICES) {
      const text = JSON.stringify(await events(service));
      for (const word of words) assert.ok(!text.includes(word), `${service} publishes ${word}`);
    }
  });

  test('an erased person stays a number: no key, no name, the same counts, every stream readable [arch:4]', async () => {
    const gone = school.trainees[1] as Trainee;
    const { administrator } = platform.world;
    const load = Array.from({ length: 400 }, () => newId());
    for (let i = 0; i < load.length; i += 50)
      await Promise.all(
        load.slice(i, i + 50).map((entryId) => platform.done(logbook.recordEntry, anEntry(entryId, { note: said.note }), gone.caller)),
      );
    await platform.running.settled();
    const figures = async () => (await platform.done(reporting.showCounters, { traineeId: gone.personId }, administrator.caller)).sets;
    const before = await figures();
    const wrapped = wrappedKeys(gone.personId);
    assert.ok(wrapped.length > 1);
    await platform.done(identity.erasePerson, { personId: gone.personId, protocol: '0000007/2026' }, administrator.caller);
    const forgotten = async () =>
      (await events('identity')).some(
        ({ type, data }) => type === 'identity.person-forgotten.v1' && (data as { personId: string }).personId === gone.personId,
      );
    for (let i = 0; i < 400 && !(await forgotten()); i++) await pause(25);
    assert.ok(await forgotten(), 'every service has answered');
    await platform.running.settled();
    assert.deepEqual(wrappedKeys(gone.personId), []);
    assert.deepEqual(await figures(), before);
    const { entries, total } = await platform.done(logbook.listEntries, { traineeId: gone.personId, size: 200 }, administrator.caller);
    assert.equal(total, load.length);
    assert.deepEqual(new Set(entries.flatMap(({ note, trainee }) => [note, trainee])), new Set(['[erased]']));
    assert.equal((await platform.done(logbook.showEntry, { entryId: load[0] as string }, administrator.caller)).story.length, 2);
    const rows = (await platform.done(reporting.listTrainees, { size: 200 }, administrator.caller)).trainees;
    assert.equal(rows.find(({ traineeId }) => traineeId === gone.personId)?.name, '[erased]');
    assert.deepEqual(findInClear(platform.data, words), []);
    for (const bytes of wrapped) assert.deepEqual(filesHolding(platform.data, bytes), []);
    const checked = await platform.ateneo('check');
    assert.deepEqual([checked.code, checked.complained], [0, []]);
  });

  /** The keys of a person as they lie in the files. */
  const wrappedKeys = (personId: string): Buffer[] =>
    SERVICES.flatMap((service) => {
      const db = new DatabaseSync(join(platform.data, `${service}.keys.sqlite`), { readOnly: true });
      const rows = db.prepare('SELECT wrapped FROM keys WHERE person = ?').all(personId);
      db.close();
      return rows.map(({ wrapped }) => Buffer.from(wrapped as Uint8Array));
    });
});
