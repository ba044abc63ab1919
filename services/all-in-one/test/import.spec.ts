import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { career, logbook } from '@ateneo/contracts';
import { csv, type Row } from './import-csv.js';
import { caller, eventually, newId, World } from './import-world.js';

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

describe('importing another logbook', () => {
  let world: World;
  before(async () => {
    world = await World.open();
  });
  after(() => world.close());

  const refusals = async (rows: readonly Row[]) =>
    (await world.rows((await world.check(csv(rows))).importId)).map(({ line, column, code, detail, fate }) =>
      fate === 'refused' ? [line, column, code, detail] : [line, fate],
    );

  test('the dry run says of every row what would become of it, with line, column and reason, and stores nothing', async () => {
    const rows: Row[] = [
      { external_id: 'dry-1', student_number: '12345' },
      { external_id: 'dry-2', student_number: '999' },
      { external_id: 'dry-1' },
      { external_id: '' },
      { external_id: 'dry-5', performed_on: '31/02/2025' },
      { external_id: 'dry-6', performed_on: '2023-10-31' },
      { external_id: 'dry-7', performed_on: '2099-01-01' },
      { external_id: 'dry-8', activities: 'CHIR-402-01' },
      { external_id: 'dry-9', state: 'sent' },
      { external_id: 'dry-10', quantity: '0' },
      { external_id: 'dry-11', unit: 'Altrove' },
      { external_id: 'dry-12', unit: 'ostetricia 2', autonomy: 'Collaborazione guidata', simulated: 'sì', performed_on: '10/03/2025' },
      { external_id: 'dry-13', autonomy: 'expert' },
      { external_id: 'dry-14', period_from: '2025-01-01' },
    ];
    assert.deepEqual(await refusals(rows), [
      [2, 'new'],
      [3, 'student_number', 'student-number-unknown', null],
      [4, 'external_id', 'external-id-repeated', '2'],
      [5, 'external_id', 'value-missing', null],
      [6, 'performed_on', 'date-unreadable', 'YYYY-MM-DD | DD/MM/YYYY'],
      [7, 'performed_on', 'outside-contract', '2023-11-01 - 2028-10-31'],
      [8, 'performed_on', 'entry-in-the-future', day(0)],
      [9, 'activities', 'activity-not-in-catalogue', 'CHIR-402-01'],
      [10, 'state', 'value-unknown', 'draft | submitted | validated'],
      [11, 'quantity', 'quantity-out-of-range', '20'],
      [12, 'unit', 'unit-not-in-network', null],
      [13, 'new'],
      [14, 'autonomy', 'autonomy-unknown', null],
      [15, 'period_to', 'date-missing', null],
    ]);
    const { total } = await world.done(
      logbook.listEntries,
      { traineeId: world.ids.trainee },
      caller(world.ids.trainee, 'trainee', world.ids.school),
    );
    assert.equal(total, 0);
  });

  test('patient data in a note is refused and repeated nowhere [count:26]', async () => {
    const { importId } = await world.check(csv([{ external_id: 'pd-1', note: 'Paziente Rossi, TC di controllo' }]));
    assert.deepEqual(
      (await world.rows(importId)).map(({ column, code, detail }) => [column, code, detail]),
      [['note', 'patient-data', 'patient-name']],
    );
    assert.doesNotMatch(JSON.stringify(await world.rows(importId)), /Rossi/);
  });

  test('a file whose header is not that of an import fails by name, storing nothing', async () => {
    const { is, problem, importId } = await world.check(csv([{}]).replace('performed_on', 'date'));
    assert.deepEqual([is, problem], ['failed', 'columns-missing: performed_on; columns-unknown: #4']);
    const reply = await world.ask(logbook.confirmImport, { importId }, world.secretary);
    assert.equal(reply.ok ? 'ok' : reply.problem.code, 'import-not-checked');
  });

  test('rows land in the state that they say, stamped with the import and its importer', async () => {
    const rows = await world.import([
      { external_id: 'st-1', state: 'draft', note: 'copiata' },
      { external_id: 'st-2', state: 'submitted', credited_to: '' },
      { external_id: 'st-3', activities: 'NP/seminario', kind: 'non-professional', state: 'submitted' },
    ]);
    assert.deepEqual(
      rows.map(({ fate }) => fate),
      ['new', 'new', 'new'],
    );
    const draft = await world.done(
      logbook.showEntry,
      { entryId: rows[0]?.entryId ?? '' },
      caller(world.ids.trainee, 'trainee', world.ids.school),
    );
    assert.deepEqual(
      [draft.entry.state, draft.entry.note, draft.entry.traineeId, draft.story[0]?.actorId],
      ['draft', 'copiata', world.ids.trainee, world.ids.secretary],
    );
    assert.ok(draft.entry.importId);
    assert.equal((await world.entry(rows[1]?.entryId)).state, 'submitted');
    assert.equal((await world.entry(rows[2]?.entryId)).kind, 'non-professional');
  });

  test('the same row again is already there, whoever brings it; another content amends a draft and is refused on anything else [arch:4]', async () => {
    const first: Row = { external_id: 'id-1', quantity: '2' };
    const other: Row = { external_id: 'id-2', state: 'submitted' };
    const landed = await world.import([first, other]);
    assert.deepEqual(
      (await world.import([{ ...first, student_number: '0012345 ' }, other])).map(({ fate }) => fate),
      ['already-there', 'already-there'],
    );
    const again = await world.check(csv([first, other]), caller(newId(), 'university-secretariat', null));
    assert.deepEqual(again.fates, { new: 0, 'new-as-submitted': 0, 'amends-draft': 0, 'already-there': 2, refused: 0 });
    const { fates } = await world.confirm(again.importId, false, caller(newId(), 'university-secretariat', null));
    assert.equal(fates['already-there'], 2);
    const changed = await world.import(
      [
        { ...first, quantity: '3' },
        { ...other, quantity: '3' },
      ],
      true,
    );
    assert.deepEqual(
      changed.map(({ fate, code }) => [fate, code]),
      [
        ['amends-draft', null],
        ['refused', 'entry-not-a-draft'],
      ],
    );
    const { entry } = await world.done(
      logbook.showEntry,
      { entryId: landed[0]?.entryId ?? '' },
      caller(world.ids.trainee, 'trainee', world.ids.school),
    );
    assert.equal(entry.quantity, 3);
  });

  test('what is good of a half-broken file is imported only when asked for', async () => {
    const { importId, fates } = await world.check(csv([{ external_id: 'half-1' }, { external_id: 'half-2', performed_on: 'ieri' }]));
    assert.deepEqual([fates.new, fates.refused], [1, 1]);
    const reply = await world.ask(logbook.confirmImport, { importId }, world.secretary);
    assert.equal(reply.ok ? 'ok' : reply.problem.code, 'import-has-refused-rows');
    const done = await world.confirm(importId, true);
    assert.deepEqual([done.is, done.fates.new, done.fates.refused], ['done', 1, 1]);
  });

  test('an imported row without a field that a share asks for is taken, and its fate says so [count:6]', async () => {
    const [row] = await world.import([{ external_id: 'share-1', activities: 'GINE-402-05', state: 'submitted' }]);
    assert.deepEqual([row?.fate, row?.column, row?.code], ['new', 'surgical_role', 'classification-missing']);
  });

  test('validated rows land as submitted while no import window of the school is open [count:25]', async () => {
    const [row] = await world.import([{ external_id: 'win-1', state: 'validated', validator: 'D0042' }]);
    assert.deepEqual([row?.fate, row?.column, row?.code], ['new-as-submitted', 'validator', 'import-window-closed']);
    assert.equal((await world.entry(row?.entryId)).state, 'submitted');
    await world.openWindow(day(-9), day(-2));
    const closed = await world.fates([{ external_id: 'win-2', state: 'validated', validator: 'D0042' }]);
    assert.equal(closed.get('win-2')?.code, 'import-window-closed');
  });

  describe('inside an import window', () => {
    before(async () => {
      await world.openWindow(day(-1), day(5));
      for (let open = false; !open;)
        open = (await world.fates([{ external_id: 'w', state: 'validated', validator: 'D0042' }])).get('w')?.fate === 'new';
    });

    test('a validated row counts as validated where the validator had the trainee on the day, its values claimed and certified alike [count:25]', async () => {
      const [row] = await world.import([
        {
          external_id: 'val-1',
          state: 'validated',
          validator: 'd0042',
          activities: 'GINE-402-05',
          surgical_role: 'Primo operatore',
          autonomy: 'guided',
        },
      ]);
      assert.equal(row?.fate, 'new');
      const entry = await world.entry(row?.entryId);
      assert.deepEqual(
        [entry.state, entry.validatorId, entry.certified],
        ['validated', world.ids.tutor, { autonomy: 'guided', classified: { 'surgical-role': 'first-operator' } }],
      );
    });

    test('otherwise it lands as submitted and its fate says why: past activities are the director’s, others the tutor’s of that day [count:25, res:79]', async () => {
      const rows = await world.import([
        { external_id: 'why-1', state: 'validated', validator: 'D0042', performed_on: '2023-12-01' },
        { external_id: 'why-2', state: 'validated', validator: 'nobody@ateneo.example' },
        { external_id: 'why-3', state: 'validated', validator: 'D0001' },
        { external_id: 'why-4', state: 'validated', validator: 'D0042', kind: 'past' },
        { external_id: 'why-5', state: 'validated', validator: 'D0001', kind: 'past' },
        { external_id: 'why-6', state: 'validated', validator: `trainee.${world.ids.trainee.slice(-6)}@ateneo.example` },
        { external_id: 'why-7', state: 'validated', validator: 'D0042', activities: 'operative-obstetrics' },
      ]);
      assert.deepEqual(
        rows.map(({ fate, code }) => [fate, code]),
        [
          ['new-as-submitted', 'no-assignment-on-that-day'],
          ['new-as-submitted', 'validator-unknown'],
          ['new-as-submitted', 'no-assignment-on-that-day'],
          ['new-as-submitted', 'only-the-director-validates-past-activities'],
          ['new', null],
          ['new-as-submitted', 'entry-validated-by-its-author'],
          ['new-as-submitted', 'cross-credit-due'],
        ],
      );
    });

    test('a cross credit goes to the target that the row names, and to none outside its list [count:12, count:20]', async () => {
      const rows = await world.import(
        [
          { external_id: 'cc-1', state: 'validated', validator: 'D0042', activities: 'operative-obstetrics', credited_to: 'GINE-402-06' },
          { external_id: 'cc-2', state: 'validated', validator: 'D0042', activities: 'operative-obstetrics', credited_to: 'GINE-402-01' },
        ],
        true,
      );
      assert.deepEqual(
        rows.map(({ fate, code }) => [fate, code]),
        [
          ['new', null],
          ['refused', 'cross-credit-not-allowed'],
        ],
      );
      assert.equal((await world.entry(rows[0]?.entryId)).creditedTo, 'GINE-402-06');
    });
  });

  test('an act inside a suspension is refused, although the suspended trainee’s other rows are taken [count:15, count:24]', async () => {
    await world.done(
      career.recordSuspension,
      { enrolmentId: world.ids.enrolment, suspensionId: newId(), kind: 'other', from: day(-20), to: null },
      caller(newId(), 'administrator', null),
    );
    for (let code: string | null | undefined; code !== 'entry-inside-suspension';)
      code = (await world.fates([{ external_id: 'su-1', performed_on: day(-10) }])).get('su-1')?.code;
    assert.deepEqual(await refusals([{ external_id: 'su-2', performed_on: day(-30) }]), [[2, 'new']]);
  });

  test('an upload that is sent again with its key, since no answer came, is the import that it began; with another file it is none [issue8:4]', async () => {
    const [importId, key, text] = [newId(), newId(), csv([{ external_id: 'sent-twice' }])];
    const upload = async (content: string) => {
      const { fileId } = await world.files.put(Buffer.from(content), { name: 'import.csv', type: 'text/csv' });
      const input = { importId, schoolId: world.ids.school, fileName: 'import.csv', fileId };
      return { fileId, reply: await world.ask(logbook.startImport, input, world.secretary, key) };
    };
    const both = await Promise.all([upload(text), upload(text)]);
    assert.deepEqual(
      both.map(({ reply }) => reply.ok),
      [true, true],
      JSON.stringify(both),
    );
    const other = await upload(`${text}\r\n`);
    assert.equal(other.reply.ok ? '' : other.reply.problem.code, 'idempotency-key-reused');
    const kept = (await Promise.all(both.map(({ fileId }) => world.files.open(fileId)))).filter((file) => file !== undefined);
    assert.equal(kept.length, 1);
    kept[0]?.stream.destroy();
    assert.equal((await world.checked(importId)).is, 'checked');
    await world.confirm(importId);
    assert.equal((await upload(text)).reply.ok, true);
    assert.deepEqual(
      (await world.rows(importId)).map(({ fate }) => fate),
      ['new'],
    );
  });

  test('what a stop interrupts goes on at the next start, each row landing once', async () => {
    const rows = Array.from({ length: 3_000 }, (_, i): Row => ({ external_id: `stop-${i}`, note: 'Milano' }));
    const { importId } = await world.check(csv(rows));
    await world.done(logbook.confirmImport, { importId }, world.secretary);
    await world.stop();
    await world.start();
    const done = await world.ended(importId);
    assert.deepEqual([done.is, done.rows, done.fates.new], ['done', 3_000, 3_000]);
    assert.deepEqual((await world.check(csv(rows))).fates['already-there'], 3_000);
  });

  test('50,000 rows in one go', { timeout: 420_000 }, async () => {
    const rows = Array.from({ length: 50_000 }, (_, i): Row => ({
      external_id: `many-${i}`,
      state: 'submitted',
      performed_on: day(-30 - (i % 300)),
    }));
    const { importId, fates } = await world.check(csv(rows));
    assert.equal(fates.new, 50_000);
    const done = await world.confirm(importId);
    assert.deepEqual([done.is, done.processed, done.fates.new], ['done', 50_000, 50_000]);
  });

  test('neither student numbers nor notes of a file stand in clear in the data folder, and the file goes when its rows have landed [arch:4]', async () => {
    const files = async () => (await readdir(join(world.folder, 'files'))).length;
    await world.check(csv([{}]));
    const before = await files();
    await world.import([{ external_id: 'at-rest', note: 'annotazione riconoscibile' }]);
    await eventually(async () => (await files()) === before + 1);
    for (const entry of await readdir(world.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      for (const text of ['annotazione riconoscibile', '0012345', 'import.csv'])
        assert.ok(!bytes.includes(text), `${text} in ${entry.name}`);
    }
  });
});
