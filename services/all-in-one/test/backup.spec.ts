import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
    await platform.done(identity.erasePerson, { personId: gone.personId, protocol: '0000001/2026' }, platform.world.administrator.caller);
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

  test('a restore where the data is lost asks for a register of erasures that is newer than the backup, and says what comes back without one [rev:sec-11]', async () => {
    const [target, list] = [join(platform.folder, 'for-a-new-disk'), join(platform.folder, 'erased.json')];
    const gone = platform.world.schools[0].trainees[2] as Trainee;
    await platform.ateneo('backup', target);
    const before = join(platform.folder, 'erased-before.json');
    const { takenAt } = JSON.parse(await readFile(join(target, 'backup.json'), 'utf8')) as { takenAt: string };
    await writeFile(before, JSON.stringify({ asOf: '2026-01-01T00:00:00.000Z', erased: [] }));
    await platform.done(identity.erasePerson, { personId: gone.personId, protocol: '0000002/2026' }, platform.world.administrator.caller);
    await platform.running.settled();
    const written = await platform.ateneo('erasures', list);
    assert.match(written.said[0] ?? '', /^2 erasures as of 2\d{3}-.* in /);
    const environment = { ...platform.environment, DATA_DIR: join(platform.folder, 'new-disk') };
    const refused = await commandLine(environment, 'restore', target);
    assert.equal(refused.code, 1);
    assert.match(
      refused.complained[0] ?? '',
      new RegExp(
        `is the backup's, of ${takenAt}: whoever was erased since would come back with name, contacts.*--erased <file>.*--no-newer-register$`,
      ),
    );
    assert.match((await commandLine(environment, 'restore', target, '--erased', before)).complained[0] ?? '', /older than the backup of/);
    const restored = await commandLine(environment, 'restore', target, '--erased', list);
    assert.match(
      restored.said[0] ?? '',
      /; 2 erasures applied, register of 2\d{3}-\d\d-\d\dT[\d:.]+Z \(.*erased\.json\);/,
      restored.complained.join(),
    );
    const keys = new DatabaseSync(join(environment.DATA_DIR, 'identity.keys.sqlite'), { readOnly: true });
    assert.equal(keys.prepare('SELECT count(*) AS n FROM keys WHERE person = ?').get(gone.personId)?.['n'], 0);
    keys.close();
    const without = { ...environment, DATA_DIR: join(platform.folder, 'new-disk-2') };
    const allowed = await commandLine(without, 'restore', target, '--no-newer-register');
    assert.match(allowed.said[0] ?? '', new RegExp(`; 1 erasures applied, register of ${takenAt} \\(in the backup\\);`));
  });

  test('an installation that was begun in place of the lost one has no register that counts [rev:sec-11]', async () => {
    const target = join(platform.folder, 'over-a-stranger');
    await platform.ateneo('backup', target);
    const environment = { ...platform.environment, DATA_DIR: join(platform.folder, 'stranger'), PORT: '0' };
    const { AllInOne } = await import('../src/all-in-one.module.js');
    await (await AllInOne.start(environment)).close();
    const refused = await commandLine(environment, 'restore', target, '--replace');
    assert.match(refused.complained[0] ?? '', /--no-newer-register$/);
  });

  test('a restore from a medium that cannot be written works and leaves nothing in the backup; check there tells the truth [rev:sec-21]', async (t) => {
    const medium = await mkdtemp(join(tmpdir(), 'ateneo-medium-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', medium], { stdio: 'ignore' });
    } catch {
      return t.skip('this process may not mount a file system');
    }
    t.after(() => execFileSync('umount', ['-l', medium]));
    const target = join(medium, 'backup');
    await platform.ateneo('backup', target);
    await cp(platform.data, join(medium, 'running'), { recursive: true, filter: (path) => !path.endsWith('lock.sqlite') });
    await platform.stop();
    await cp(platform.data, join(medium, 'at-rest'), { recursive: true });
    await platform.open();
    execFileSync('mount', ['-o', 'remount,ro', medium]);
    const environment = { ...platform.environment, DATA_DIR: join(platform.folder, 'from-a-medium') };
    const restored = await commandLine(environment, 'restore', target, '--no-newer-register');
    assert.deepEqual([restored.code, restored.complained], [0, []]);
    assert.deepEqual(
      (await readdir(join(target, 'keys'))).filter((name) => !name.endsWith('.sqlite')),
      [],
    );
    for (const folder of ['at-rest', 'running']) {
      const checked = await commandLine({ ...platform.environment, DATA_DIR: join(medium, folder) }, 'check');
      assert.deepEqual([folder, checked.code, checked.complained], [folder, 0, []]);
    }
  });

  test('a restore leaves nothing beside the files of a backup on a medium that can be written [rev:sec-21]', async () => {
    const target = join(platform.folder, 'left-alone');
    await platform.ateneo('backup', target);
    const before = await readdir(target, { recursive: true });
    const environment = { ...platform.environment, DATA_DIR: join(platform.folder, 'beside') };
    assert.equal((await commandLine(environment, 'restore', target, '--no-newer-register')).code, 0);
    assert.deepEqual(await readdir(target, { recursive: true }), before);
  });

  /** A copy of the folder at rest. */
  const copyAtRest = async (name: string) => {
    const copy = join(platform.folder, name);
    await platform.stop();
    await cp(platform.data, copy, { recursive: true });
    await platform.open();
    return { copy, environment: { ...platform.environment, DATA_DIR: copy, PORT: '0' } };
  };
  const change = (file: string, sql: string) => {
    const db = new DatabaseSync(file);
    db.exec(sql);
    db.close();
  };

  test('check sees a history that was cut off together with the heads in its file, and still does after another start and stop [rev:sec-5]', async () => {
    const { copy, environment } = await copyAtRest('cut-off');
    change(
      join(copy, 'logbook.events.sqlite'),
      `DELETE FROM events WHERE position > (SELECT max(position) - 5 FROM events); DELETE FROM meta WHERE name = 'heads'`,
    );
    const { code, complained } = await commandLine(environment, 'check');
    assert.equal(code, 1);
    assert.match(complained.join('\n'), /DAMAGED logbook logbookEntry .*events were signed up to position/);
    assert.match(complained.join('\n'), /DAMAGED logbook \* .*the signed heads of the file are gone/);
    const { AllInOne } = await import('../src/all-in-one.module.js');
    await (await AllInOne.start({ ...environment, LOG_LEVEL: 'silent' })).close();
    assert.equal((await commandLine(environment, 'check')).code, 1);
    assert.match(
      (await commandLine(environment, 'backup', join(platform.folder, 'of-a-cut'))).complained[0] ?? '',
      /look at it with «check» first/,
    );
    assert.match(
      (await commandLine(environment, 'sign-history')).complained[0] ?? '',
      /every history of .* has a signed head outside its file/,
    );
  });

  test('check complains where the anchor is gone or was changed, and where a signed history has no file any more [rev:sec-5]', async () => {
    const { copy, environment } = await copyAtRest('without-anchor');
    const anchor = join(copy, 'anchor.sqlite');
    const kept = await readFile(anchor);
    change(anchor, `UPDATE anchor SET heads = replace(heads, 'logbook', 'logb00k')`);
    assert.match((await commandLine(environment, 'check')).complained[0] ?? '', /^DAMAGED anchor\.sqlite: .*signature does not fit/);
    await rm(anchor);
    assert.match(
      (await commandLine(environment, 'check')).complained.join('\n'),
      /DAMAGED logbook \* .*no signed head is kept outside the file/,
    );
    const signed = await commandLine(environment, 'sign-history');
    assert.deepEqual([signed.code, signed.complained, signed.said.length], [0, [], 5]);
    assert.equal((await commandLine(environment, 'check')).code, 0);
    await writeFile(anchor, kept);
    await rm(join(copy, 'career.events.sqlite'));
    assert.match(
      (await commandLine(environment, 'check')).complained.join('\n'),
      /DAMAGED career: its history was signed, and its events file is gone/,
    );
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
