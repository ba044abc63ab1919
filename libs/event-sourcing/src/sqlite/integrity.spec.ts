import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { sampleEvent } from '../../conformance/event-store.conformance.js';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { checkStore, readHeads, signHead, type StoreCheck } from './integrity.js';
import { openSqliteEventStore } from './sqlite-event-store.js';

const hashKey = randomBytes(32);

async function filled(file: string, work: () => unknown = () => undefined): Promise<void> {
  const store = await openSqliteEventStore({ file, hashKey, now: Date.now });
  for (const stream of ['entry-a', 'entry-b', 'school-c']) {
    await store.append({ stream, expectedRevision: -1, events: [0, 1, 2, 3].map((n) => sampleEvent({ stream, n })) });
  }
  work();
  await store.close();
}

/** Checks a store of three streams of four events, signed, after somebody got at its file. */
async function afterHarm(sql: string, sign = true): Promise<StoreCheck> {
  const folder = temporaryFolder();
  const file = `${folder.path}/sample.events.sqlite`;
  await filled(file, () => (sign ? signHead(file, hashKey) : undefined));
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
  const check = checkStore(file, hashKey);
  folder.remove();
  return check;
}

const places = ({ damages }: StoreCheck) =>
  damages.filter((one) => one.revision >= 0).map((one) => [one.stream, one.revision, one.position]);

describe('the integrity of a store', () => {
  test('holds where nobody got at the file', async () => {
    assert.deepEqual(await afterHarm(''), { events: 12, streams: 3, heads: 1, damages: [] });
  });

  const harms: readonly (readonly [string, string, readonly unknown[]])[] = [
    ['a changed byte of the data', `UPDATE events SET data = replace(data, '"n":2', '"n":7') WHERE position = 7`, ['entry-b', 2, 7]],
    ['a changed byte of the metadata', `UPDATE events SET meta = replace(meta, 'system', 'sYstem') WHERE position = 1`, ['entry-a', 0, 1]],
    ['a changed instant', 'UPDATE events SET at = at + 1 WHERE position = 4', ['entry-a', 3, 4]],
    ['a changed type', `UPDATE events SET type = 'SampleLost' WHERE position = 12`, ['school-c', 3, 12]],
    ['a changed id', `UPDATE events SET id = randomblob(16) WHERE position = 3`, ['entry-a', 2, 3]],
    ['a removed middle row', 'DELETE FROM events WHERE position = 6', ['entry-b', 1, 7]],
    [
      'two swapped rows',
      `UPDATE events SET revision = CASE revision WHEN 1 THEN 102 ELSE 101 END WHERE position IN (2, 3); UPDATE events SET revision = revision - 100 WHERE revision > 100`,
      ['entry-a', 1, 3],
    ],
    ['a stream under another name', `UPDATE streams SET name = 'entry-z' WHERE name = 'entry-a'`, ['entry-z', 0, 1]],
  ];
  for (const [harm, sql, place] of harms) {
    test(`names the event of ${harm} [arch:4]`, async () => assert.deepEqual(places(await afterHarm(sql)), [place]));
  }

  test('tells a missing event from a changed one', async () => {
    assert.match((await afterHarm('DELETE FROM events WHERE position = 6')).damages[0]?.why ?? '', /revision 1 is missing/);
  });

  test('misses a tail cut off only after the last signed head [arch:4]', async () => {
    const cut = 'DELETE FROM events WHERE position IN (11, 12)';
    assert.deepEqual((await afterHarm(cut, false)).damages, []);
    assert.deepEqual((await afterHarm(cut)).damages, [
      { stream: 'school', revision: -1, position: 12, why: '4 events were signed up to position 12, 2 are there' },
    ]);
  });

  test('notices a head that was changed, and compares with one kept elsewhere', async () => {
    const changed = await afterHarm(`UPDATE meta SET value = replace(value, '"count":4', '"count":3') WHERE name = 'heads'`);
    assert.match(changed.damages[0]?.why ?? '', /signature/);
    const folder = temporaryFolder();
    const file = `${folder.path}/sample.events.sqlite`;
    await filled(file, () => signHead(file, hashKey));
    const heads = readHeads(file);
    const db = new DatabaseSync(file);
    db.exec(`DELETE FROM meta WHERE name = 'heads'; DELETE FROM events WHERE position = 12`);
    db.close();
    assert.equal(checkStore(file, hashKey, heads).damages.length, 1);
    folder.remove();
  });

  test('cannot be forged with another key', async () => {
    const folder = temporaryFolder();
    const file = `${folder.path}/sample.events.sqlite`;
    await filled(file);
    assert.equal(checkStore(file, randomBytes(32)).damages.length, 3);
    folder.remove();
  });
});
