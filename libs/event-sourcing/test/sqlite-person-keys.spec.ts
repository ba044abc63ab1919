import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { personKeysConformance } from '../conformance/person-keys.conformance.js';
import { temporaryFolder } from './temporary-folder.js';
import { openSqlitePersonKeys } from '../src/sqlite/sqlite-person-keys.js';

const masterKey = randomBytes(32);

const inFolder = (work: (file: string, folder: string) => Promise<void>) => async () => {
  const folder = temporaryFolder();
  await work(`${folder.path}/sample.keys.sqlite`, folder.path);
  folder.remove();
};

personKeysConformance('sqlite', 'one', async () => {
  const folder = temporaryFolder();
  const file = `${folder.path}/sample.keys.sqlite`;
  return { open: async (key) => openSqlitePersonKeys({ file, masterKey: key }), forget: async () => folder.remove() };
});

describe('the keys file', () => {
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
});
