import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type Activity,
  careerEvents,
  identity,
  logbook,
  type Output,
  type RawInput,
  type RequirementSet,
  schoolNetworkEvents,
} from '@ateneo/contracts';
import { uuidv8 } from '@ateneo/event-sourcing';
import { actor, type Neighbour, TestPlatform } from '@ateneo/service-kit/testing';
import { LogbookModule } from '../src/logbook.module.js';

const id = (...parts: (string | number)[]) => uuidv8('test', ...parts.map(String));
const label = { it: 'Nome', en: 'Name' };
const schoolId = id('school');
const trainee = (n: number) => actor(id('trainee', n), ['trainee', schoolId]);
const tutor = actor(id('tutor'), ['tutor', schoolId]);
const stranger = actor(id('stranger'), ['tutor', schoolId]);
const director = actor(id('director'), ['director', schoolId]);
const elsewhere = actor(id('elsewhere'), ['director', id('other school')]);
const act = (code: string): Activity => ({
  code,
  setId: 'S-1',
  label,
  kind: 'act',
  feeds: [{ requirementId: code }],
  unit: 'procedures',
  bulk: false,
  requires: [],
  simulationAllowed: false,
});
const requirement = (requirementId: string, rule: RequirementSet['requirements'][number]['rule']) => ({
  id: requirementId,
  label,
  unit: 'procedures',
  minimum: rule.kind === 'min_count' ? rule.minimum : null,
  rule,
  verify: false,
  source: 'act',
});
const set: RequirementSet = {
  id: 'S-1',
  act: 'D.I. 402/2017',
  actDate: '2017-06-13',
  version: '2017.1',
  mode: 'core',
  requirements: [
    requirement('S-1-01', { kind: 'min_count', minimum: 10 }),
    requirement('S-1-02', { kind: 'qualitative', attestedBy: 'tutor' }),
  ],
};
const scale = { levels: [{ key: 'guided', rank: 1, name: label, description: label }], surgicalRoles: [] };

describe('the logbook', () => {
  let app: TestPlatform;
  let [network, careers] = [] as unknown as [Neighbour, Neighbour];
  let count = 0;

  async function neighbours(): Promise<void> {
    network = await app.neighbour('school-network');
    careers = await app.neighbour('career');
    const people = await app.neighbour('identity');
    people.answer(identity.names, ({ personIds }) => ({
      people: Object.fromEntries(
        personIds.map((one) => [one, { givenName: 'Ada', familyName: 'Prova', email: 'ada@example.org', staffNumber: null }]),
      ),
    }));
    people.answer(identity.confirmForgotten, () => ({}));
  }

  async function log(
    n = 1,
    more: Partial<RawInput<typeof logbook.recordEntry>> = {},
  ): Promise<{ entryId: string; revision: number; token?: string }> {
    const entryId = id('entry', ++count);
    return app.done(
      logbook.recordEntry,
      { entryId, activities: ['S-1-01'], performedOn: '2026-03-05', autonomy: 'guided', submit: true, ...more },
      trainee(n),
      id('command', count),
    );
  }
  const list = (who = trainee(1), more: RawInput<typeof logbook.listEntries> = {}): Promise<Output<typeof logbook.listEntries>> =>
    app.done(logbook.listEntries, more, who);
  const state = async (entryId: string, token?: string) =>
    (await app.done(logbook.showEntry, { entryId, after: token }, director)).entry.state;

  before(async () => {
    app = await TestPlatform.open('2026-03-10T09:00:00Z');
    await neighbours();
    await app.start('logbook', LogbookModule);
    await network.tell(schoolNetworkEvents.schoolOpened, schoolId, { schoolId, code: 'CHIR', name: label, area: 'surgical', years: 5 });
    await network.tell(schoolNetworkEvents.requirementSetPublished, id('set'), {
      setId: 'S-1',
      schoolCode: 'CHIR',
      set,
      activities: [act('S-1-01')],
    });
    await network.tell(schoolNetworkEvents.autonomyScaleDefined, id('scale'), scale);
    await network.tell(schoolNetworkEvents.cohortOpened, id('cohort'), {
      cohortId: id('cohort'),
      schoolId,
      label: '2025/2026',
      startsOn: '2025-11-01',
      coreSetId: 'S-1',
      supplementSetIds: [],
    });
    for (const n of [1, 2]) {
      const key = { enrolmentId: id('enrolment', n), traineeId: id('trainee', n), schoolId };
      await careers.tell(careerEvents.traineeEnrolled, id('enrolment', n), {
        ...key,
        cohortId: id('cohort'),
        contractStart: '2025-11-01',
        courseYears: 5,
      });
      await careers.tell(careerEvents.trainingYearsDated, id('enrolment', n), {
        ...key,
        years: [{ year: 1, from: '2025-11-01', to: '2026-10-31', open: false }],
      });
    }
    await network.tell(schoolNetworkEvents.tutorAssigned, id('assignment'), {
      assignmentId: id('assignment'),
      schoolId,
      traineeId: id('trainee', 1),
      tutorId: id('tutor'),
      unitId: null,
      from: '2026-03-01',
      to: null,
    });
    await app.soon(
      () =>
        app.call(
          logbook.recordEntry,
          { entryId: id('entry', 0), activities: ['S-1-01'], performedOn: '2026-02-01', submit: true },
          trainee(1),
          id('command', 0),
        ),
      ({ ok }) => ok,
    );
  });
  after(() => app.close());

  test('a repeated command gives the first answer, also after later events; other content under its key is refused [arch:4]', async () => {
    const first = await log();
    await app.done(logbook.withdrawEntry, { entryId: first.entryId }, trainee(1));
    const again = { entryId: first.entryId, activities: ['S-1-01'], performedOn: '2026-03-05', autonomy: 'guided', submit: true };
    assert.deepEqual(await app.done(logbook.recordEntry, again, trainee(1), id('command', count)), first);
    const other = await app.call(logbook.recordEntry, { ...again, performedOn: '2026-03-06' }, trainee(1), id('command', count));
    assert.equal(other.ok ? 'done' : other.problem.code, 'idempotency-key-reused');
    await app.refused(logbook.recordEntry, again, trainee(2), 'id-already-used');
  });

  test('every command that changes an entry answers which revision it is now [rev:cor-7]', async () => {
    const { entryId, revision } = await log(1, { submit: false });
    const asks = { entryId, reason: 'Manca il ruolo' };
    const answers = [
      await app.done(logbook.submitEntry, { entryId }, trainee(1)),
      await app.done(logbook.withdrawEntry, { entryId }, trainee(1)),
      await app.done(logbook.submitEntry, { entryId }, trainee(1)),
      await app.done(logbook.returnEntry, asks, director),
      await app.done(logbook.submitEntry, { entryId }, trainee(1)),
      await app.done(logbook.validateEntry, { entryId }, director),
      await app.done(logbook.reverseValidation, asks, director),
      await app.done(logbook.keepEntry, asks, director),
      await app.done(logbook.rejectEntry, asks, director),
    ];
    assert.deepEqual(
      answers.map((answer) => answer.revision - revision),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    const { entry } = await app.done(logbook.showEntry, { entryId, after: answers.at(-1)?.token }, director);
    assert.equal(entry.revision, answers.at(-1)?.revision);
    const draft = await log(1, { submit: false });
    const discarded = await app.done(logbook.discardEntry, { entryId: draft.entryId }, trainee(1));
    assert.equal(discarded.revision, draft.revision + 1);
    const bulk = await log();
    const batchId = id('batch', count);
    await app.done(logbook.validateEntries, { batchId, entries: [{ entryId: bulk.entryId, revision: bulk.revision }] }, director);
    const { results } = await app.done(logbook.undoValidations, { batchId, entryIds: [bulk.entryId] }, director);
    assert.deepEqual(results, [{ entryId: bulk.entryId, ok: true, revision: bulk.revision + 2 }]);
  });

  test('an entry and a trainee are the same in upper case [rev:sec-15]', async () => {
    const { entryId, token } = await log();
    const upper = entryId.toUpperCase();
    const again = { entryId: upper, activities: ['S-1-01'], performedOn: '2026-03-06' };
    await app.refused(logbook.recordEntry, again, trainee(1), 'id-already-used');
    assert.equal((await app.done(logbook.showEntry, { entryId: upper, after: token }, trainee(1))).entry.entryId, entryId);
    const { entries } = await list(trainee(1), { traineeId: id('trainee', 1).toUpperCase(), ids: upper });
    assert.deepEqual(
      entries.map((one) => one.entryId),
      [entryId],
    );
  });

  test('a tutor sees only entries of own trainees dated inside the assignment, and never drafts [res:E2.5] [res:61]', async () => {
    const mine = await log();
    const before = await log(1, { performedOn: '2026-02-20' });
    const draft = await log(1, { submit: false });
    const other = await log(2);
    const seen = await list(tutor, { after: other.token, size: 200 });
    const ids = new Set(seen.entries.map(({ entryId }) => entryId));
    assert.deepEqual(
      [mine, before, draft, other].map(({ entryId }) => ids.has(entryId)),
      [true, false, false, false],
    );
    assert.equal((await list(stranger)).total, 0);
    await app.refused(logbook.showEntry, { entryId: other.entryId }, tutor, 'forbidden');
    await app.refused(logbook.showEntry, { entryId: id('no such entry') }, tutor, 'forbidden');
  });

  test('a tutor whose profile in the school ended reads and validates nothing there, though an assignment is open [rev:sec-7]', async () => {
    const { entryId, revision, token } = await log();
    const left = actor(id('tutor'), ['tutor', id('other school')]);
    assert.ok((await list(tutor, { after: token })).total > 0);
    assert.deepEqual([(await list(left)).total, (await app.done(logbook.listWaiting, {}, left)).total], [0, 0]);
    for (const operation of [logbook.showEntry, logbook.validateEntry]) await app.refused(operation, { entryId }, left, 'forbidden');
    await app.refused(logbook.attestRequirement, { traineeId: id('trainee', 1), requirementId: 'S-1-02' }, left, 'forbidden');
    const { results } = await app.done(logbook.validateEntries, { batchId: id('batch', 'left'), entries: [{ entryId, revision }] }, left);
    assert.deepEqual(
      results.map(({ code }) => code),
      ['no-assignment-on-that-day'],
    );
  });

  describe('a draft is its author’s alone [rev:sec-9]', () => {
    const kinds = {
      'a tutor on the day': tutor,
      'a director': director,
      'a school secretariat': actor(id('secretariat'), ['school-secretariat', schoolId]),
      'a university secretariat': actor(id('university'), ['university-secretariat', null]),
      'an administrator': actor(id('administrator'), ['administrator', null]),
      'another trainee': trainee(2),
    };
    for (const [name, who] of Object.entries(kinds)) {
      test(`${name} finds it in no list, no count and no story [rev:sec-9] [res:C]`, async () => {
        const { entryId, token } = await log(1, { submit: false, note: 'bozza mia' });
        const own = await list(trainee(1), { state: 'draft', after: token, size: 200 });
        assert.ok(own.entries.some((one) => one.entryId === entryId) && (own.byState['draft'] ?? 0) > 0);
        for (const filters of [
          {},
          { state: 'draft' as const },
          { ids: entryId },
          { state: 'draft' as const, traineeId: id('trainee', 1) },
        ]) {
          const seen = await list(who, { ...filters, size: 200 });
          assert.ok(!seen.entries.some((one) => one.entryId === entryId), JSON.stringify(filters));
          if (who !== trainee(2)) assert.equal(seen.byState['draft'] ?? 0, 0, JSON.stringify(filters));
        }
        const [shown, nothing] = await Promise.all(
          [entryId, id('no such entry')].map((one) => app.call(logbook.showEntry, { entryId: one }, who)),
        );
        assert.equal(shown?.ok, false);
        assert.deepEqual(shown, nothing);
      });
    }

    test('what an entry said before it was sent stays with its author; others read what was sent [rev:sec-9]', async () => {
      const { entryId } = await log(1, { submit: false, note: 'appunto privato' });
      const said = { entryId, activities: ['S-1-01'], performedOn: '2026-03-05', autonomy: 'guided' };
      await app.done(logbook.amendEntry, { ...said, note: 'ancora mio' }, trainee(1));
      const { token } = await app.done(logbook.amendEntry, { ...said, note: 'per il tutor', submit: true }, trainee(1));
      const notes = async (who: typeof tutor) =>
        (await app.done(logbook.showEntry, { entryId, after: token }, who)).story.map(({ type, detail }) => [type, detail['note']]);
      assert.deepEqual(await notes(trainee(1)), [
        ['EntryRecorded', 'appunto privato'],
        ['EntryAmended', 'ancora mio'],
        ['EntryAmended', 'per il tutor'],
        ['EntrySubmitted', undefined],
      ]);
      for (const who of [tutor, director])
        assert.deepEqual(await notes(who), [
          ['EntryRecorded', undefined],
          ['EntryAmended', undefined],
          ['EntryAmended', 'per il tutor'],
          ['EntrySubmitted', undefined],
        ]);
    });
  });

  test('a director sees and judges the entries of the own school only [res:E2.9]', async () => {
    const { entryId, token } = await log(2);
    assert.equal(await state(entryId, token), 'submitted');
    await app.refused(logbook.validateEntry, { entryId }, elsewhere, 'forbidden');
    await app.done(logbook.validateEntry, { entryId }, director);
  });

  test('bulk validation touches exactly the rows sent, answers each and carries the batch [res:E2.10] [res:68]', async () => {
    const [one, two, late] = [await log(), await log(), await log()];
    const changed = await log();
    await app.done(logbook.withdrawEntry, { entryId: changed.entryId }, trainee(1));
    const batchId = id('batch', 1);
    const rows = [one, two, changed].map(({ entryId, revision }) => ({ entryId, revision }));
    const preview = await app.done(logbook.previewValidation, { entries: rows }, tutor);
    assert.deepEqual(
      [preview.total, preview.ready, preview.refused, preview.trainees.map(({ n }) => n)],
      [3, 2, [{ entryId: changed.entryId, code: 'entry-not-submitted' }], [2]],
    );
    const answer = await app.done(logbook.validateEntries, { batchId, entries: rows }, tutor);
    assert.deepEqual([answer.validated, answer.results.map(({ ok, code }) => code ?? ok)], [2, [true, true, 'entry-not-submitted']]);
    assert.equal(await state(late.entryId, answer.token), 'submitted');
    assert.equal((await list(tutor, { batchId })).total, 2);
    const [refused] = (
      await app.done(
        logbook.validateEntries,
        { batchId: id('batch', 9), entries: [{ entryId: late.entryId, revision: late.revision }] },
        stranger,
      )
    ).results;
    assert.equal(refused?.code, 'no-assignment-on-that-day');
  });

  test('an own bulk act is undone by recorded reversals, entry by entry [res:E9] [count:23]', async () => {
    const rows = [await log(), await log()];
    const batchId = id('batch', 2);
    await app.done(logbook.validateEntries, { batchId, entries: rows.map(({ entryId, revision }) => ({ entryId, revision })) }, tutor);
    const foreign = await app.done(logbook.undoValidations, { batchId, entryIds: rows.map(({ entryId }) => entryId) }, director);
    assert.deepEqual([foreign.reversed, foreign.results[0]?.code], [0, 'not-your-validation']);
    const undone = await app.done(logbook.undoValidations, { batchId, entryIds: rows.map(({ entryId }) => entryId) }, tutor);
    assert.equal(undone.reversed, 2);
    for (const { entryId } of rows) assert.equal(await state(entryId, undone.token), 'submitted');
    const { story } = await app.done(logbook.showEntry, { entryId: rows[0]?.entryId ?? '' }, tutor);
    assert.deepEqual(
      story.map(({ type }) => type),
      ['EntryRecorded', 'EntrySubmitted', 'EntryValidated', 'ValidationReversed'],
    );
  });

  test('a returned entry shows its reason to the author, and to nobody in public events [res:64] [arch:4]', async () => {
    const { entryId } = await log();
    const { token } = await app.done(logbook.returnEntry, { entryId, reason: 'Manca il ruolo in sala' }, tutor);
    const { entries } = await list(trainee(1), { state: 'draft', after: token, size: 200 });
    assert.equal(entries.find((one) => one.entryId === entryId)?.reason, 'Manca il ruolo in sala');
    const types = await app.published('logbook');
    assert.ok(types.has('logbook.entry-returned.v1'));
  });

  test('a suspension recorded later flags the entry; the director keeps it with a reason [count:15]', async () => {
    const { entryId } = await log(2, { performedOn: '2026-03-02' });
    const key = { enrolmentId: id('enrolment', 2), traineeId: id('trainee', 2), schoolId };
    const told = await careers.tell(careerEvents.suspensionRecorded, id('enrolment', 2), {
      ...key,
      suspensionId: id('suspension'),
      from: '2026-03-01',
      to: '2026-03-09',
      estimatedTo: null,
    });
    const flags = async (after?: string) => (await app.done(logbook.showEntry, { entryId, after }, director)).entry.flags;
    assert.deepEqual(await flags(told), ['inside-suspension']);
    assert.equal((await list(director, { flagged: true })).total > 0, true);
    const { token } = await app.done(logbook.keepEntry, { entryId, reason: 'Presenza verificata' }, director);
    assert.deepEqual(await flags(token), []);
  });

  test('a suspended trainee reads own entries and writes nothing [count:24] [res:98]', async () => {
    const draft = await log(1, { submit: false });
    const key = { enrolmentId: id('enrolment', 1), traineeId: id('trainee', 1), schoolId };
    const suspensionId = id('suspension', 'today');
    const told = await careers.tell(careerEvents.suspensionRecorded, id('enrolment', 1), {
      ...key,
      suspensionId,
      from: '2026-03-10',
      to: '2026-03-20',
      estimatedTo: null,
    });
    assert.ok((await list(trainee(1), { after: told })).total > 0);
    for (const operation of [logbook.submitEntry, logbook.discardEntry])
      await app.refused(operation, { entryId: draft.entryId }, trainee(1), 'trainee-suspended');
    await app.refused(
      logbook.recordEntry,
      { entryId: id('never'), activities: ['S-1-01'], performedOn: '2026-03-04' },
      trainee(1),
      'trainee-suspended',
    );
    const lifted = await careers.tell(careerEvents.suspensionCorrected, id('enrolment', 1), {
      ...key,
      suspensionId,
      from: '2026-03-10',
      to: null,
      estimatedTo: null,
      withdrawn: true,
    });
    await list(trainee(1), { after: lifted });
    await app.done(logbook.submitEntry, { entryId: draft.entryId }, trainee(1));
  });

  test('a requirement without a number is attested and revoked by its tutor [count:13]', async () => {
    const asked = { traineeId: id('trainee', 1), requirementId: 'S-1-02' };
    await app.refused(logbook.attestRequirement, { ...asked, requirementId: 'S-1-01' }, tutor, 'requirement-not-qualitative');
    await app.refused(logbook.attestRequirement, { ...asked, from: '2026-02-01' }, tutor, 'no-assignment-on-that-day');
    await app.refused(logbook.attestRequirement, asked, stranger, 'forbidden');
    await app.done(logbook.attestRequirement, asked, tutor);
    await app.done(logbook.revokeAttestation, { ...asked, reason: 'Da ripetere' }, tutor);
    await app.refused(logbook.revokeAttestation, { ...asked, reason: 'Da ripetere' }, tutor, 'attestation-not-found');
    const types = await app.published('logbook');
    assert.ok(types.has('logbook.requirement-attested.v1') && types.has('logbook.attestation-revoked.v1'));
  });
  test('an attestation is dated back, refused from an earlier day, revoked from a day, withdrawn as a mistake [rev:cor-1] [count:30]', async () => {
    const asked = { traineeId: id('trainee', 1), requirementId: 'S-1-02' };
    const reason = 'Da ripetere';
    const attest = (from: string) => ({ ...asked, from });
    await app.done(logbook.attestRequirement, attest('2026-02-01'), director);
    await app.refused(logbook.attestRequirement, attest('2026-01-15'), director, 'already-attested');
    await app.refused(logbook.revokeAttestation, { ...asked, reason, from: '2026-01-31' }, director, 'revocation-outside-attestation');
    await app.done(logbook.revokeAttestation, { ...asked, reason, from: '2026-02-10' }, director);
    await app.done(logbook.attestRequirement, attest('2026-02-20'), director);
    await app.done(logbook.withdrawAttestation, { ...asked, reason }, director);
    await app.refused(logbook.withdrawAttestation, { ...asked, reason: 'paziente Rossi' }, director, 'patient-data');
    await app.refused(logbook.withdrawAttestation, { ...asked, reason, from: '2026-02-20' }, director, 'attestation-not-found');
    assert.ok((await app.published('logbook')).has('logbook.attestation-withdrawn.v1'));
  });

  test('the form offers what was logged last and the favourites; waiting entries are counted by trainee and day [arch:5]', async () => {
    const { token } = await log();
    await app.done(logbook.starActivity, { activity: 'S-1-01', starred: true }, trainee(1));
    const help = await app.soon(
      () => app.done(logbook.showLoggingHelp, { after: token }, trainee(1)),
      ({ favourites }) => favourites.length === 1,
    );
    assert.deepEqual([help.recent[0]?.activities, help.enrolment?.schoolId], [['S-1-01'], schoolId]);
    const waiting = await app.done(logbook.listWaiting, { after: token }, tutor);
    assert.equal(
      waiting.total,
      waiting.groups.reduce((sum, { n }) => sum + n, 0),
    );
    assert.ok(waiting.total > 0);
  });

  test('a command reads its entry once, however many roles admit to it; a preview and a bulk once a row [issue9:3]', async () => {
    const { store } = app.runtime('logbook');
    const read = store.readStream.bind(store);
    const reads: string[] = [];
    store.readStream = (stream, ...rest) => (reads.push(stream), read(stream, ...rest));
    const during = async (act: () => Promise<unknown>) => (reads.splice(0), await act(), [...reads]);
    const both = actor(id('tutor'), ['tutor', schoolId], ['director', schoolId]);
    const [{ entryId, revision }, other] = [await log(), await log()];
    const [one, two] = [`logbookEntry-${entryId}`, `logbookEntry-${other.entryId}`];
    const entries = [
      { entryId, revision },
      { entryId: other.entryId, revision: other.revision },
    ];
    assert.deepEqual(await during(() => app.done(logbook.previewValidation, { entries }, both)), [one, two]);
    assert.deepEqual(await during(() => app.done(logbook.validateEntry, { entryId }, both)), [one]);
    assert.deepEqual(await during(() => app.done(logbook.reverseValidation, { entryId, reason: 'x' }, both)), [one]);
    const bulk = { batchId: id('batch', 'once'), entries: entries.slice(1) };
    assert.deepEqual(await during(() => app.done(logbook.validateEntries, bulk, both)), [two]);
    store.readStream = read;
  });

  test('everything is there again after a restart [arch:4]', async () => {
    const { entryId, token } = await log();
    await state(entryId, token);
    await app.restart();
    await neighbours();
    assert.equal(
      await app.soon(
        () => state(entryId).catch(() => 'not yet'),
        (seen) => seen === 'submitted',
      ),
      'submitted',
    );
  });
});
