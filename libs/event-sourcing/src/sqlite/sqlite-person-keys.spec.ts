import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { ERASED, isSealed, open, openFields, seal, sealFields, type Sealed } from '../keys.js';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { openSqlitePersonKeys } from './sqlite-person-keys.js';

const masterKey = randomBytes(32);

const inFolder = (work: (file: string, folder: string) => Promise<void>) => async () => {
  const folder = temporaryFolder();
  await work(`${folder.path}/sample.keys.sqlite`, folder.path);
  folder.remove();
};

describe('the keys of people', () => {
  test(
    'seal any JSON value and open it again, also after a restart [arch:4]',
    inFolder(async (file) => {
      const keys = openSqlitePersonKeys({ file, masterKey });
      await Promise.all([keys.ensure(['p1', 'p2']), keys.ensure(['p2', 'p3'])]);
      const values = ['Rossi', 7, ['a', null], { street: 'Via Roma 1' }, ''];
      const sealed = values.map((value) => seal(keys, 'p2', value));
      assert.ok(sealed.every((one) => isSealed(one) && one.$sealed.startsWith('p2.')));
      assert.notDeepEqual(seal(keys, 'p2', 'Rossi'), sealed[0]);
      await keys.close();
      const again = openSqlitePersonKeys({ file, masterKey });
      assert.deepEqual(
        sealed.map((one) => open(again, one as Sealed)),
        values,
      );
      await again.close();
    }),
  );

  test(
    'a changed ciphertext does not open, nor under the name of another',
    inFolder(async (file) => {
      const keys = openSqlitePersonKeys({ file, masterKey });
      await keys.ensure(['p1', 'p2']);
      const { $sealed } = seal(keys, 'p1', 'Rossi') as Sealed;
      const turned = $sealed.slice(0, -3) + ($sealed.at(-3) === 'A' ? 'B' : 'A') + $sealed.slice(-2);
      assert.throws(() => open(keys, { $sealed: turned }));
      assert.throws(() => open(keys, { $sealed: $sealed.replace('p1.', 'p2.') }));
      await keys.close();
    }),
  );

  test(
    'a wrapped key serves its own person only, and the master key that wrapped it',
    inFolder(async (file) => {
      const keys = openSqlitePersonKeys({ file, masterKey });
      await keys.ensure(['p1', 'p2']);
      await keys.close();
      assert.throws(() => openSqlitePersonKeys({ file, masterKey: randomBytes(32) }), {
        message: `MASTER_KEY does not open the keys in ${file}.`,
      });
      const db = new DatabaseSync(file);
      db.exec("UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE person = 'p1') WHERE person = 'p2'");
      db.close();
      const again = openSqlitePersonKeys({ file, masterKey });
      assert.throws(() => again.keyOf('p2'));
      await again.close();
    }),
  );

  test(
    'an erased person is read as erased and never gets a key again [arch:4]',
    inFolder(async (file) => {
      const keys = openSqlitePersonKeys({ file, masterKey });
      await keys.ensure(['p1']);
      const sealed = seal(keys, 'p1', 'Rossi') as Sealed;
      await keys.destroy('p1');
      await keys.destroy('p9');
      await keys.ensure(['p1', 'p9']);
      assert.deepEqual([keys.keyOf('p1'), open(keys, sealed), seal(keys, 'p1', 'Rossi')], [undefined, ERASED, ERASED]);
      await keys.close();
      const again = openSqlitePersonKeys({ file, masterKey });
      await again.ensure(['p1']);
      assert.deepEqual([again.keyOf('p1'), again.erased()], [undefined, ['p1', 'p9']]);
      await again.close();
    }),
  );

  test(
    'no byte of a destroyed key stays in any file, not even in the WAL [arch:4]',
    inFolder(async (file, folder) => {
      const keys = openSqlitePersonKeys({ file, masterKey });
      await keys.ensure(['p1', 'p2']);
      const db = new DatabaseSync(file, { readOnly: true });
      const wrapped = Buffer.from(db.prepare("SELECT wrapped FROM keys WHERE person = 'p1'").get()?.['wrapped'] as Uint8Array);
      db.close();
      const isThere = () => readdirSync(folder).some((name) => readFileSync(`${folder}/${name}`).includes(wrapped));
      assert.ok(isThere());
      await keys.destroy('p1');
      assert.ok(!isThere());
      await keys.close();
    }),
  );

  test(
    'close the declared fields of an event and leave the others alone',
    inFolder(async (file) => {
      const keys = openSqlitePersonKeys({ file, masterKey });
      await keys.ensure(['p1', 't1']);
      const personal = { PersonRegistered: { person: 'personId', fields: ['name', 'phone'] }, NoteAdded: { fields: ['text'] } };
      const registered = { type: 'PersonRegistered', personId: 'p1', name: 'Ada', role: 'tutor' };
      const data = sealFields(keys, personal, registered, { personId: 'p1', name: 'Ada', role: 'tutor' }, {});
      assert.deepEqual([isSealed(data['name']), data['role'], 'phone' in data], [true, 'tutor', false]);
      assert.deepEqual(openFields(keys, personal, 'PersonRegistered', data), { personId: 'p1', name: 'Ada', role: 'tutor' });
      const note = sealFields(keys, personal, { type: 'NoteAdded' }, { text: 'x' }, { traineeId: 't1' });
      assert.match((note['text'] as Sealed).$sealed, /^t1\./);
      assert.throws(() => sealFields(keys, personal, { type: 'NoteAdded' }, { text: 'x' }, {}), /names no person/);
      await keys.close();
    }),
  );
});
