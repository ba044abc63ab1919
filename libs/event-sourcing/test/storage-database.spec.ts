import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { temporaryFolder } from './temporary-folder.js';
import { StoreUnavailableError } from '../src/event-store.js';
import { openSqlitePersonKeys } from '../src/sqlite/sqlite-person-keys.js';
import { StorageDatabase } from '../src/sqlite/storage-database.js';

describe('a database on a disk that is full', () => {
  const full = (file: string): StorageDatabase => {
    const db = new StorageDatabase(file);
    db.exec('CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT UNIQUE NOT NULL)');
    db.exec('PRAGMA max_page_count = 1');
    return db;
  };

  test('tells every write as unavailable storage, answers reads, and takes writes again when there is room [rev:sec-20]', () => {
    const folder = temporaryFolder();
    const db = full(`${folder.path}/notes.sqlite`);
    const add = db.prepare('INSERT INTO note (text) VALUES (?)');
    const long = () => add.run(randomBytes(20_000).toString('hex'));
    assert.throws(long, StoreUnavailableError);
    assert.throws(() => db.exec(`INSERT INTO note (text) VALUES ('${'x'.repeat(40_000)}')`), StoreUnavailableError);
    assert.throws(() => db.prepare('INSERT INTO note (text) VALUES (?) RETURNING id').get('y'.repeat(40_000)), StoreUnavailableError);
    assert.deepEqual(
      db
        .prepare('SELECT count(*) AS n FROM note')
        .all()
        .map(({ n }) => n),
      [0],
    );
    db.exec('PRAGMA max_page_count = 100000');
    assert.equal(long().changes, 1);
    db.close();
    folder.remove();
  });

  test('a statement that is wrong is no storage that fails [rev:sec-20]', () => {
    const db = new StorageDatabase(':memory:');
    db.exec('CREATE TABLE note (text TEXT UNIQUE)');
    const add = db.prepare('INSERT INTO note VALUES (?)');
    add.run('a');
    const other = (error: Error) => !(error instanceof StoreUnavailableError);
    assert.throws(() => add.run('a'), other);
    assert.throws(() => db.prepare('SELECT nothing FROM nowhere'), other);
    db.close();
  });

  test('keys of people that cannot be kept are refused as unavailable storage, and are made once they can [rev:sec-20]', async () => {
    const folder = temporaryFolder();
    const keys = openSqlitePersonKeys({ file: `${folder.path}/a.keys.sqlite`, masterKey: randomBytes(32), maxPages: 4 });
    const many = Array.from({ length: 500 }, () => randomUUID());
    await assert.rejects(keys.ensure(many), StoreUnavailableError);
    const [first = ''] = many;
    await keys.ensure([first]);
    assert.ok(keys.keyOf(first));
    await keys.close();
    folder.remove();
  });
});
