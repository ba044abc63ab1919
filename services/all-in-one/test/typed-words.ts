import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { career, identity, logbook, reporting, schoolNetwork } from '@ateneo/contracts';
import { openFiles } from '@ateneo/files';
import { type Caller, startReactions } from '@ateneo/service-kit';
import { csv, submittedRow } from './import-csv.js';
import type { RunningPlatform } from './running-platform.js';
import { anEntry, everybody, type Names, newId, type Trainee } from './small-world.js';

/** Words that stand nowhere by chance. */
export const NAMES: Names = {
  person: (role, n) => ({ givenName: `Zorbàlina${n}`, familyName: `Quirxtèl${role.slice(0, 2)}${n}` }),
  studentNumber: (n) => `SN/88${n}77/XQ`,
};
export const said = {
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
export const TYPED: Readonly<Record<string, string>> = {
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
export const SECRETS = ['identity.set-password secret', 'identity.check-client-secret clientSecret', 'logbook.start-import fileId'];
/** What people of this platform are called, and all that the exercise types. */
const wordsOf = ({ world }: RunningPlatform): string[] => [
  ...everybody(world).flatMap(({ givenName, familyName, email, staffNumber, username }) => [
    givenName,
    familyName,
    email,
    username,
    ...(staffNumber ? [staffNumber] : []),
  ]),
  ...world.schools.flatMap(({ trainees }) => trainees.map(({ studentNumber }) => studentNumber)),
  ...Object.values(said),
  ...Object.values(TYPED),
];

/** Everything that takes a name, a number or a free text. Answers the words that may stand nowhere. */
export async function exercise(platform: RunningPlatform): Promise<string[]> {
  const school = platform.world.schools[0];
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
  await importRow(platform, trainee);
  await reports(platform, trainee);
  await givenUp(platform);
  await (
    await platform.http(trainee.username)
  )('GET', '/me');
  const secrets = await signIns(platform, trainee, administrator);
  const backedUp = await platform.ateneo('backup', join(platform.folder, 'backup'));
  assert.equal(backedUp.code, 0, backedUp.complained.join());
  return [...wordsOf(platform), ...secrets];
}

/** Answers the secrets that were told. */
async function signIns(platform: RunningPlatform, { personId, username, email }: Trainee, administrator: Caller): Promise<string[]> {
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
  const changed = { givenName: `${said.renamed}a`, familyName: `${said.renamed}b`, staffNumber: `${said.renamed}1`, email };
  await platform.done(
    identity.changePersonDetails,
    { personId: platform.world.schools[0].trainees[2]!.personId, ...changed },
    administrator,
  );
  return [secret, clientSecret];
}

async function importRow(platform: RunningPlatform, { studentNumber }: Trainee): Promise<void> {
  const school = platform.world.schools[0];
  const importId = newId();
  const row = (id: string, on: string) => ({ ...submittedRow(studentNumber, id, on), note: said.imported });
  const file = csv([row('r1', '2026-03-03'), row('r2', '1999-03-03')]);
  const { fileId } = await openFiles(`file:${join(platform.data, 'files')}`).put(Buffer.from(file), {
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

async function reports(platform: RunningPlatform, { personId, familyName }: Trainee): Promise<void> {
  const school = platform.world.schools[0];
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

/** A reaction that fails with what it read, and an operator who gives the fact up: both are kept beside the events. */
async function givenUp({ running }: RunningPlatform): Promise<void> {
  const runtime = running.runtime('logbook');
  assert.ok(runtime);
  const name = 'when-entry-returned-then-quote-it';
  const react = (): never => {
    throw new SyntaxError(`Unexpected token in "${said.returned} ${said.note}"`);
  };
  const stop = await startReactions(runtime, [{ name, own: ['EntryReturned'], react }], {});
  const parked = () => [...runtime.reactions].flatMap((one) => one.parked().filter(({ reaction }) => reaction === name));
  for (let turn = 0; turn < 1_200 && parked().length === 0; turn++) await pause(25);
  const [fact] = parked();
  assert.ok(fact);
  const done = await Promise.all([...runtime.reactions].map((one) => one.giveUp(name, fact, 'fatto a mano', '2026-11-29T08:00:00Z')));
  assert.ok(done.includes(true));
  await stop();
}
