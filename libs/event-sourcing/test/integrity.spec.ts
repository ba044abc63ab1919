import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { sampleEvent } from '../conformance/event-store.conformance.js';
import { temporaryFolder } from './temporary-folder.js';
import { keepAnchored, readAnchor } from '../src/sqlite/anchor.js';
import { checkStore, readHeads, type StoreCheck } from '../src/sqlite/integrity.js';
import { signHead } from '../src/sqlite/sign-head.js';
import { HistoryError } from '../src/sqlite/signed-head.js';
import { openSqliteEventStore } from '../src/sqlite/sqlite-event-store.js';

const hashKey = randomBytes(32);
const anchorKey = randomBytes(32);
const DAY = 86_400_000;

const sign = (file: string, { now = Date.now(), anew = true } = {}) =>
  signHead({ file, hashKey, service: 'sample', anchor: { file: `${file}.anchor`, key: anchorKey }, now, anew });
const anchored = (file: string) => readAnchor(`${file}.anchor`, anchorKey)?.['sample'] ?? null;

async function filled(file: string, work: () => unknown = () => undefined): Promise<void> {
  const store = await openSqliteEventStore({ file, hashKey, now: Date.now });
  for (const stream of ['entry-a', 'entry-b', 'school-c']) {
    await store.append({ stream, expectedRevision: -1, events: [0, 1, 2, 3].map((n) => sampleEvent({ stream, n })) });
  }
  await work();
  await store.close();
}

/** Checks a store of three streams of four events, signed, after somebody got at its file. */
async function afterHarm(sql: string, signed = true): Promise<StoreCheck> {
  const folder = temporaryFolder();
  const file = `${folder.path}/sample.events.sqlite`;
  await filled(file, () => (signed ? sign(file) : undefined));
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
    await filled(file, () => sign(file));
    const heads = readHeads(file);
    const db = new DatabaseSync(file);
    db.exec(`DELETE FROM meta WHERE name = 'heads'; DELETE FROM events WHERE position = 12`);
    db.close();
    assert.equal(checkStore(file, hashKey, { heads }).damages.length, 1);
    folder.remove();
  });

  test('cannot be forged with another key', async () => {
    const folder = temporaryFolder();
    const file = `${folder.path}/sample.events.sqlite`;
    await filled(file);
    assert.equal(checkStore(file, randomBytes(32)).damages.length, 3);
    folder.remove();
  });

  test('sees two events of different streams that changed places in the global order [rev:sec-low]', async () => {
    const swapped =
      'UPDATE events SET position = position + 100 WHERE position IN (2, 6); UPDATE events SET position = 108 - position WHERE position > 100';
    assert.deepEqual((await afterHarm(swapped)).damages, [
      { stream: '*', revision: -1, position: 12, why: 'the events up to position 12 are not in the order that was signed' },
    ]);
  });
});

describe('the anchor of a history outside its file', () => {
  /** Twelve events, signed, then harmed; what a check with the anchor says. */
  async function afterSigned(
    harm: { readonly sql?: string; readonly work?: (file: string) => unknown },
    now?: number,
  ): Promise<readonly string[]> {
    const folder = temporaryFolder();
    const file = `${folder.path}/sample.events.sqlite`;
    await filled(file, () => sign(file, { now }));
    const db = new DatabaseSync(file);
    db.exec(harm.sql ?? '');
    db.close();
    await harm.work?.(file);
    const { damages } = checkStore(file, hashKey, { anchor: anchored(file) });
    folder.remove();
    return damages.map(({ why }) => why);
  }

  test('fits a history that nobody harmed', async () => assert.deepEqual(await afterSigned({}), []));

  test('tells of a history that was cut together with its own heads [rev:sec-5]', async () => {
    const cut = `DELETE FROM events WHERE position > 8; DELETE FROM meta WHERE name = 'heads'`;
    assert.deepEqual(await afterSigned({ sql: cut }), [
      '4 events were signed up to position 12, 0 are there',
      'the signed heads of the file are gone',
    ]);
  });

  test('tells of heads that are gone from the file, and of an anchor that is gone [rev:sec-5]', async () => {
    assert.deepEqual(await afterSigned({ sql: `DELETE FROM meta WHERE name = 'heads'` }), ['the signed heads of the file are gone']);
    assert.deepEqual(await afterSigned({ work: (file) => rmSync(`${file}.anchor`) }), ['no signed head is kept outside the file']);
  });

  test('tells of an anchor that is older than a head of the file [rev:sec-5]', async () => {
    const work = async (file: string) => {
      copyFileSync(`${file}.anchor`, `${file}.before`);
      await filledMore(file);
      await sign(file, { anew: false });
      renameSync(`${file}.before`, `${file}.anchor`);
    };
    assert.deepEqual(await afterSigned({ work }), ['the signed head outside the file is older than one in it, of position 13']);
  });

  test('tells when nothing was signed for two days before the newest event [rev:sec-5]', async () => {
    const late = await afterSigned({ work: (file) => filledMore(file, Date.now() + 2 * DAY + 60_000) });
    assert.match(late.join(), /^no head was signed since \d{4}-\d\d-\d\d, the newest event is of \d{4}-\d\d-\d\d$/);
    assert.deepEqual(await afterSigned({ work: (file) => filledMore(file, Date.now() + 2 * DAY - 60_000) }), []);
  });

  test('is not signed anew over a history that is shorter, or that it does not know [rev:sec-5]', async () => {
    const refused: string[] = [];
    const again = (file: string) =>
      sign(file, { anew: false }).catch((error: Error) => void refused.push(`${error.name} ${error.message}`));
    await afterSigned({ sql: 'DELETE FROM events WHERE position > 8', work: again });
    await afterSigned({ work: async (file) => (rmSync(`${file}.anchor`), again(file)) });
    assert.deepEqual(refused, [
      'HistoryError the history of sample was signed up to position 12 and ends at 8',
      'HistoryError sample has a history of 12 events and no signed head outside its file',
    ]);
  });

  test('what was harmed before a later head was signed is still seen: each goes on from the one before [rev:sec-5]', async () => {
    const work = async (file: string) => {
      await filledMore(file);
      await filledMore(file);
      await sign(file, { anew: false });
    };
    const whys = await afterSigned({ sql: 'DELETE FROM events WHERE position > 11', work });
    assert.ok(
      whys.some((why) => /events were signed up to position 13/.test(why)),
      whys.join(),
    );
  });

  test('never goes back to an older head, and cannot be written without its key [rev:sec-5]', async () => {
    const folder = temporaryFolder();
    const [file, anchor] = [`${folder.path}/sample.events.sqlite`, `${folder.path}/sample.events.sqlite.anchor`];
    await filled(file, () => sign(file));
    const before = anchored(file);
    assert.ok(before);
    await filledMore(file);
    const newest = await sign(file, { anew: false });
    keepAnchored(anchor, anchorKey, { sample: before });
    assert.deepEqual(anchored(file), newest);
    const db = new DatabaseSync(anchor);
    db.exec(`UPDATE anchor SET heads = replace(heads, '"position":13', '"position":12')`);
    db.close();
    assert.throws(() => anchored(file), HistoryError);
    await assert.rejects(sign(file, { anew: false }), HistoryError);
    folder.remove();
  });
});

/** One event more, at `at`. */
async function filledMore(file: string, at = Date.now()): Promise<void> {
  const store = await openSqliteEventStore({ file, hashKey, now: () => at });
  const stream = `entry-${randomBytes(4).toString('hex')}`;
  await store.append({ stream, expectedRevision: -1, events: [sampleEvent({ stream, n: 9 })] });
  await store.close();
}
