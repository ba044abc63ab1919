import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { identity, logbook, reporting } from '@ateneo/contracts';
import { requestPage } from '@ateneo/messaging';
import { commandLine, RunningPlatform } from './running-platform.js';
import { anEntry, newId, type Trainee } from './small-world.js';

describe('backup, restore and check', () => {
  let platform: RunningPlatform;
  let trainee: Trainee;
  before(async () => {
    platform = await RunningPlatform.start();
    trainee = platform.world.schools[0].trainees[0] as Trainee;
    for (let i = 0; i < 20; i++) await platform.done(logbook.recordEntry, anEntry(newId(), { note: `appunto ${i}` }), trainee.caller);
  });
  after(() => platform.close());

  const counters = async (of: Trainee = trainee) => {
    await platform.running.settled();
    return (await platform.done(reporting.showCounters, { traineeId: of.personId }, platform.world.administrator.caller)).sets;
  };
  const epochOf = async (service: string) => (await requestPage(platform.running.platform.bus, service, 0)).epoch;

  test('a platform that nobody harmed is whole, and its counters are what an independent recount finds [arch:4]', async () => {
    const { code, said, complained } = await platform.ateneo('check');
    assert.deepEqual([code, complained], [0, []]);
    assert.ok(
      said.some((line) => /^logbook: \d+ events in 20 streams, .*: whole$/.test(line)),
      said.join('\n'),
    );
    assert.match(said.at(-1) ?? '', /^counters of 4 enrolments recounted from \d+ events: the same$/);
  });

  test('a backup taken while entries come in holds what had been answered before it, and comes back with the same counters [arch:6]', async () => {
    const target = join(platform.folder, 'while-running');
    const last = newId();
    await platform.done(logbook.recordEntry, anEntry(last), trainee.caller);
    const load = Array.from({ length: 30 }, () => platform.done(logbook.recordEntry, anEntry(newId()), trainee.caller));
    const [taken] = await Promise.all([platform.ateneo('backup', target), ...load]);
    assert.equal(taken.code, 0, taken.complained.join('\n'));
    const epoch = await epochOf('logbook');
    const restored = await platform.atRest(() => platform.ateneo('restore', target, '--replace'));
    assert.equal(restored.code, 0, restored.complained.join('\n'));
    assert.notEqual(await epochOf('logbook'), epoch);
    const { entry } = await platform.done(logbook.showEntry, { entryId: last }, trainee.caller);
    assert.equal(entry.state, 'submitted');
    const checked = await platform.ateneo('check', '--heads', target);
    assert.equal(checked.code, 0, checked.complained.join('\n'));
  });

  test('data and keys stand in files apart, and the key that wraps them in none [arch:4]', async () => {
    const target = join(platform.folder, 'apart');
    await platform.ateneo('backup', target);
    assert.ok(
      (await readdir(join(target, 'data'))).every((name) => /^(.+\.(events|webhooks)\.sqlite|installation\.json|files)$/.test(name)),
    );
    assert.ok((await readdir(join(target, 'keys'))).every((name) => name.endsWith('.keys.sqlite')));
  });

  test('a backup from before an erasure does not bring the person back [arch:4]', async () => {
    const target = join(platform.folder, 'before-erasure');
    const gone = platform.world.schools[0].trainees[1] as Trainee;
    const entryId = newId();
    await platform.done(logbook.recordEntry, anEntry(entryId, { note: 'appunto segreto' }), gone.caller);
    const figures = await counters(gone);
    await platform.ateneo('backup', target);
    await platform.done(identity.erasePerson, { personId: gone.personId, act: 'Provvedimento 1' }, platform.world.administrator.caller);
    await platform.running.settled();
    const restored = await platform.atRest(() => platform.ateneo('restore', target, '--replace'));
    assert.match(restored.said[0] ?? '', /1 erasures applied/);
    const { entry } = await platform.done(logbook.showEntry, { entryId }, platform.world.administrator.caller);
    assert.deepEqual([entry.note, entry.trainee], ['[erased]', '[erased]']);
    assert.deepEqual(await counters(gone), figures);
    const { people } = await platform.done(identity.listPeople, { size: 100 }, platform.world.administrator.caller);
    assert.ok(people.find(({ personId }) => personId === gone.personId)?.erased);
    const { events } = await requestPage(platform.running.platform.bus, 'identity', 0, { types: ['identity.person-erased.v1'] });
    assert.deepEqual(
      events.map(({ data }) => (data as { personId: string }).personId),
      [gone.personId],
    );
  });

  test('people erased since can be named where the old folder is lost', async () => {
    const [target, list] = [join(platform.folder, 'for-a-new-folder'), join(platform.folder, 'erased.txt')];
    const gone = platform.world.schools[0].trainees[2] as Trainee;
    await platform.ateneo('backup', target);
    await writeFile(list, `${gone.personId}\n`);
    const environment = { ...platform.environment, DATA_DIR: join(platform.folder, 'new') };
    assert.equal((await commandLine(environment, 'restore', target, '--erased', list)).code, 0);
    const keys = new DatabaseSync(join(platform.folder, 'new', 'logbook.keys.sqlite'), { readOnly: true });
    assert.equal(keys.prepare('SELECT count(*) AS n FROM keys WHERE person = ?').get(gone.personId)?.['n'], 0);
    keys.close();
  });

  test('a restore is refused while the platform runs, over data without a word, and from a backup that was changed', async () => {
    const target = join(platform.folder, 'refused');
    await platform.ateneo('backup', target);
    assert.match((await platform.ateneo('restore', target, '--replace')).complained[0] ?? '', /is in use by another process\.$/);
    await platform.atRest(async () => {
      assert.match((await platform.ateneo('restore', target)).complained[0] ?? '', /holds data: --replace/);
      await writeFile(join(target, 'data', 'installation.json'), '{"seed":"demo"}');
      assert.match(
        (await platform.ateneo('restore', target, '--replace')).complained[0] ?? '',
        /installation\.json was changed since the backup$/,
      );
      await rm(join(target, 'keys', 'logbook.keys.sqlite'));
      assert.equal((await platform.ateneo('restore', target, '--replace')).code, 1);
    });
    assert.ok((await counters()).length > 0);
  });

  test('a folder with half a restore does not start, and the restore sent again ends it', async () => {
    const target = join(platform.folder, 'half');
    await platform.ateneo('backup', target);
    const copy = join(platform.folder, 'half-data');
    await platform.stop();
    await cp(platform.data, copy, { recursive: true });
    await platform.open();
    await writeFile(join(copy, 'restoring'), '');
    await rm(join(copy, 'installation.json'));
    const environment = { ...platform.environment, DATA_DIR: copy };
    const { AllInOne } = await import('../src/all-in-one.module.js');
    await assert.rejects(AllInOne.start(environment), /holds half a restore/);
    assert.equal((await commandLine(environment, 'restore', target)).code, 0);
    assert.equal((await commandLine(environment, 'check')).code, 0);
  });

  const harms: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a changed event',
      'logbook.events.sqlite',
      `UPDATE events SET data = replace(data, 'guided', 'alone') WHERE position = 5`,
      /^DAMAGED logbook logbookEntry-[0-9a-f-]+ revision \d \(position 5\): /,
    ],
    [
      'a removed event',
      'logbook.events.sqlite',
      'DELETE FROM events WHERE position = 5',
      /^DAMAGED logbook logbookEntry-[0-9a-f-]+ revision 0 .* is missing/,
    ],
    ['a counter that is not what the events say', 'reporting.views.sqlite', '', /^DIFFERENT enrolment /],
  ];
  for (const [harm, file, sql, named] of harms) {
    test(`check finds and names ${harm}, with exit code 1 [arch:4]`, async () => {
      const copy = join(platform.folder, `harmed-${harm.replaceAll(' ', '-')}`);
      await platform.stop();
      await cp(platform.data, copy, { recursive: true });
      await platform.open();
      if (sql) {
        const db = new DatabaseSync(join(copy, file));
        db.exec(sql);
        db.close();
      } else await harmCounters(join(copy, file));
      const { code, complained } = await commandLine({ ...platform.environment, DATA_DIR: copy }, 'check');
      assert.equal(code, 1);
      assert.match(complained[0] ?? '', named);
    });
  }

  test('a backup without the last file written is none', async () => {
    const target = join(platform.folder, 'unfinished');
    await platform.ateneo('backup', target);
    await rm(join(target, 'backup.json'));
    assert.match((await platform.ateneo('restore', target)).complained[0] ?? '', /is no finished backup/);
    assert.ok(!(await readFile(join(target, 'data', 'installation.json'), 'utf8')).includes('MASTER'));
  });
});

/** Drops what the counters were folded from, checkpoints staying where they are. */
async function harmCounters(file: string): Promise<void> {
  const db = new DatabaseSync(file);
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map((row) => String(row['name']));
  for (const name of tables) if (/chunk|fact|ledger/i.test(name)) db.exec(`DELETE FROM "${name}"`);
  assert.ok(
    tables.some((name) => /chunk|fact|ledger/i.test(name)),
    tables.join(', '),
  );
  db.close();
}
