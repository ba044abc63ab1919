import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { csv, submittedRow } from './import-csv.js';
import { commandLine, freePort, RunningPlatform } from './running-platform.js';
import type { Trainee } from './small-world.js';

describe('the command line', () => {
  let platform: RunningPlatform;
  let trainee: Trainee;
  before(async () => {
    platform = await RunningPlatform.start({ demo: true });
    trainee = platform.world.schools[0].trainees[0] as Trainee;
  });
  after(() => platform.close());

  test('without a command it says which there are; an unknown one is told, with exit code 2', async () => {
    const help = await platform.ateneo('help');
    assert.equal(help.code, 0);
    for (const command of ['token', 'import', 'rebuild', 'backup', 'erasures', 'restore', 'check', 'sign-history'])
      assert.ok(
        help.said.some((line) => line.trim().startsWith(command)),
        command,
      );
    assert.equal((await platform.ateneo()).code, 2);
    const unknown = await platform.ateneo('toString');
    assert.deepEqual([unknown.code, unknown.complained[0]], [2, '«toString» is no command.']);
  });

  for (const words of [
    ['token'],
    ['token', '--for', 'x'],
    ['import', 'a.csv'],
    ['import', '--school', 'CHIR'],
    ['rebuild'],
    ['backup'],
    ['restore', 'a', 'b'],
    ['check', 'now'],
  ]) {
    test(`«${words.join(' ')}» is answered with the usage of the command and exit code 2`, async () => {
      const { code, complained } = await platform.ateneo(...words);
      assert.equal(code, 2);
      assert.match(complained.at(-1) ?? '', new RegExp(`^Usage: npm run ateneo -- ${words[0]} `));
    });
  }

  test('a folder without data is named', async () => {
    const empty = { ...platform.environment, DATA_DIR: join(platform.folder, 'nothing') };
    for (const words of [['check'], ['backup', join(platform.folder, 'to')], ['rebuild', 'x']]) {
      assert.deepEqual(await commandLine(empty, ...words), {
        code: 1,
        said: [],
        complained: [`${join(platform.folder, 'nothing')} holds no data of Ateneo (DATA_DIR)`],
      });
    }
  });

  for (const as of ['user name', 'name', 'role'] as const) {
    test(`a token of a demo person by ${as} opens the interface as that person`, async () => {
      const word = { 'user name': trainee.username, name: `${trainee.givenName} ${trainee.familyName}`, role: 'administrator' }[as];
      const { code, said, complained } = await platform.ateneo('token', '--as', word);
      assert.equal(code, 0, complained.join('\n'));
      const me = (await (await fetch(`${platform.running.url}/api/me`, { headers: { authorization: `Bearer ${said[0]}` } })).json()) as {
        personId: string;
      };
      assert.equal(me.personId, as === 'role' ? platform.world.administrator.personId : trainee.personId);
    });
  }

  test('nobody of that name, and no platform there, are told apart', async () => {
    assert.match(
      (await platform.ateneo('token', '--as', 'nobody')).complained[0] ?? '',
      /^nobody of the demo is called «nobody»; there are /,
    );
    const elsewhere = { ...platform.environment, PORT: String(await freePort()) };
    assert.match((await commandLine(elsewhere, 'token', '--as', trainee.username)).complained[0] ?? '', /^no platform answers at /);
  });

  test('an import is checked first, says what is wrong by line and column, and is carried out when asked for', async () => {
    const file = join(platform.folder, 'entries.csv');
    const row = (id: string, on: string) => submittedRow(trainee.studentNumber, id, on);
    await writeFile(file, csv([row('r1', '2026-03-03'), row('r2', '1999-03-03')]));
    const checked = await platform.ateneo('import', file, '--school', 'CHIR');
    assert.deepEqual(
      [checked.code, checked.said],
      [1, ['checked: 2 rows: 1 new, 0 new-as-submitted, 0 amends-draft, 0 already-there, 1 refused']],
    );
    assert.match(checked.complained[0] ?? '', /^line 3 \(r2\): performed_on outside-contract.*Il giorno è fuori dal contratto/);
    const inEnglish = await commandLine(
      { ...platform.environment, LANG: 'it_IT.UTF-8', LC_ALL: 'en_GB.UTF-8' },
      'import',
      file,
      '--school',
      'CHIR',
    );
    assert.match(inEnglish.complained[0] ?? '', /^line 3 \(r2\): performed_on outside-contract.*The day is outside the contract/);
    assert.match((await platform.ateneo('import', file, '--school', 'CHIR', '--confirm')).complained.at(-1) ?? '', /^nothing was imported/);
    const done = await platform.ateneo('import', file, '--school', 'CHIR', '--confirm', '--only-good');
    assert.equal(done.code, 0, done.complained.join('\n'));
    const again = await platform.ateneo('import', file, '--school', 'CHIR');
    assert.match(again.said[0] ?? '', /1 already-there/);
    assert.match(
      (await platform.ateneo('import', file, '--school', 'NONE')).complained[0] ?? '',
      /^there is no school NONE; there are CHIR, UROL$/,
    );
    assert.match((await platform.ateneo('import', `${file}.no`, '--school', 'CHIR')).complained[0] ?? '', /cannot be read/);
  });

  test('a projection is rebuilt by name on a folder at rest; an unknown one is answered with those there are', async () => {
    const before = await platform.ateneo('check');
    const [unknown, rebuilt, again] = await platform.atRest(async () => {
      const unknown = await platform.ateneo('rebuild', 'nothing');
      const name = /there are (\S+),/.exec(unknown.complained[0] ?? '')?.[1] as string;
      return [unknown, await platform.ateneo('rebuild', name), await platform.ateneo('rebuild', name)] as const;
    });
    assert.match(unknown.complained[0] ?? '', /^«nothing» is no projection; there are .*logbook/);
    assert.deepEqual([rebuilt.code, again.code], [0, 0], rebuilt.complained.join('\n'));
    assert.match(rebuilt.said[0] ?? '', / rebuilt in \d+\.\d s$/);
    assert.equal((await platform.ateneo('check')).said.at(-1), before.said.at(-1));
  });
});
