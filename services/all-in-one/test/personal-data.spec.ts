import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { CONTEXTS, identity, logbook, OPERATIONS, reporting } from '@ateneo/contracts';
import { textsIn } from '@ateneo/contracts/testing';
import { type PublicEvent, requestPage } from '@ateneo/messaging';
import { filesHolding, findInClear } from './byte-scan.js';
import { RunningPlatform } from './running-platform.js';
import { anEntry, newId, type School, type Trainee } from './small-world.js';
import { exercise, NAMES, said, SECRETS, TYPED } from './typed-words.js';

const tablesOf = (file: string): string[] => {
  const db = new DatabaseSync(file, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  db.close();
  return tables.map(({ name }) => String(name));
};
const SERVICES = Object.keys(CONTEXTS);

describe('personal data', () => {
  let platform: RunningPlatform;
  let school: School;
  let words: string[];
  before(async () => {
    platform = await RunningPlatform.start({ demo: true, names: NAMES });
    school = platform.world.schools[0];
    words = await exercise(platform);
    await platform.running.settled();
  });
  after(() => platform.close());

  const clear = () => findInClear(platform.folder, words);
  const events = async (service: string) => {
    const all: PublicEvent[] = [];
    for (let from = 0; ;) {
      const { events: some, next, head } = await requestPage(platform.running.platform.bus, service, from);
      all.push(...some);
      from = next;
      if (next >= head) return all;
    }
  };

  test('the scan itself finds a word in clear, in either form of Unicode, written for an address, a page or JSON, and inside compressed streams [rev:sec-4]', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-scan-'));
    const word = 'Quirxtèl';
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50);
    const planted: Readonly<Record<string, Buffer>> = {
      plain: Buffer.from(`x${word}y`),
      utf16: Buffer.from(word, 'utf16le'),
      big: Buffer.from(word, 'utf16le').swap16(),
      ...Object.fromEntries(
        ['', 'x', 'xy'].flatMap((before) => [
          [`base64-${before.length}`, Buffer.from(Buffer.from(`${before}${word}z`).toString('base64'))],
          [`base64url-${before.length}`, Buffer.from(Buffer.from(`${before}${word}z`).toString('base64url'))],
          [`base64-16-${before.length}`, Buffer.from(Buffer.from(`${before}${word}z`, 'utf16le').toString('base64'))],
        ]),
      ),
      hex: Buffer.from(Buffer.from(word).toString('hex')),
      address: Buffer.from(encodeURIComponent(word)),
      lower: Buffer.from(encodeURIComponent(word).toLowerCase()),
      form: Buffer.from(new URLSearchParams({ q: `${word} x` }).toString()),
      json: Buffer.from('{"name":"Quirxt\\u00e8l"}'),
      decomposed: Buffer.from(word.normalize('NFD')),
      small: Buffer.from(word.toLowerCase()),
      gzip: gzipSync(word),
      pdf: Buffer.concat([Buffer.from('4 0 obj stream\n'), deflateSync(word), Buffer.from('\nendstream')]),
      zip: Buffer.concat([head, deflateRawSync(word)]),
      twice: gzipSync(Buffer.concat([Buffer.from('x'), deflateSync(word)])),
    };
    for (const [name, bytes] of Object.entries(planted)) await writeFile(join(folder, name), bytes);
    await writeFile(join(folder, 'harmless'), gzipSync('nobody'));
    assert.deepEqual([...new Set(findInClear(folder, [word]).map(({ file }) => file.split(' ')[0]))].sort(), Object.keys(planted).sort());
    await rm(folder, { recursive: true });
  });

  test('what a reaction failed with and what an operator gave up is on record, and in the scan [rev:sec-4]', () => {
    const [file] = readdirSync(platform.data).filter(
      (name) => /^logbook\..*sqlite$/.test(name) && tablesOf(join(platform.data, name)).includes('given_up_events'),
    );
    assert.ok(file);
    const db = new DatabaseSync(join(platform.data, file), { readOnly: true });
    const kept = db.prepare('SELECT reaction, reason FROM given_up_events').all();
    db.close();
    assert.deepEqual(
      kept.map((row) => ({ ...row })),
      [{ reaction: 'when-entry-returned-then-quote-it', reason: 'fatto a mano' }],
    );
  });

  test('every text that an operation takes as personal or secret is typed in this exercise [rev:sec-4]', () => {
    const declared = OPERATIONS.flatMap(({ name, input }) =>
      textsIn(input).flatMap(({ kind, path }) => (kind === 'personal' || kind === 'secret' ? [`${name} ${path}`] : [])),
    );
    assert.deepEqual([...Object.keys(TYPED), ...SECRETS].sort(), [...new Set(declared)].sort());
  });

  test('no name, address, number, note or reason stands in clear in any byte of the data folder or of a backup [arch:4]', () => {
    assert.deepEqual(clear(), []);
  });

  test('no file lies beside the key that opens it', async () => {
    const names = await readdir(join(platform.data, 'files'));
    assert.ok(names.length > 0);
    assert.deepEqual(
      findInClear(
        platform.data,
        names.map((name) => `${name}.`),
      ),
      [],
    );
  });

  test('public events carry none of it [arch:4]', async () => {
    for (const service of SERVICES) {
      const text = JSON.stringify(await events(service));
      for (const word of words) assert.ok(!text.includes(word), `${service} publishes ${word}`);
    }
  });

  test('an erased person stays a number: no key, no name, the same counts, every stream readable [arch:4]', async () => {
    const gone = school.trainees[1] as Trainee;
    const { administrator } = platform.world;
    const load = Array.from({ length: 400 }, () => newId());
    for (let i = 0; i < load.length; i += 50)
      await Promise.all(
        load.slice(i, i + 50).map((entryId) => platform.done(logbook.recordEntry, anEntry(entryId, { note: said.note }), gone.caller)),
      );
    await platform.running.settled();
    const figures = async () => (await platform.done(reporting.showCounters, { traineeId: gone.personId }, administrator.caller)).sets;
    const before = await figures();
    const wrapped = wrappedKeys(gone.personId);
    assert.ok(wrapped.length > 1);
    await platform.done(identity.erasePerson, { personId: gone.personId, protocol: '0000007/2026' }, administrator.caller);
    const forgotten = async () =>
      (await events('identity')).some(
        ({ type, data }) => type === 'identity.person-forgotten.v1' && (data as { personId: string }).personId === gone.personId,
      );
    for (let i = 0; i < 400 && !(await forgotten()); i++) await pause(25);
    assert.ok(await forgotten(), 'every service has answered');
    await platform.running.settled();
    assert.deepEqual(wrappedKeys(gone.personId), []);
    assert.deepEqual(await figures(), before);
    const { entries, total } = await platform.done(logbook.listEntries, { traineeId: gone.personId, size: 200 }, administrator.caller);
    assert.equal(total, load.length);
    assert.deepEqual(new Set(entries.flatMap(({ note, trainee }) => [note, trainee])), new Set(['[erased]']));
    assert.equal((await platform.done(logbook.showEntry, { entryId: load[0] as string }, administrator.caller)).story.length, 2);
    const rows = (await platform.done(reporting.listTrainees, { size: 200 }, administrator.caller)).trainees;
    assert.equal(rows.find(({ traineeId }) => traineeId === gone.personId)?.name, '[erased]');
    assert.deepEqual(findInClear(platform.data, words), []);
    for (const bytes of wrapped) assert.deepEqual(filesHolding(platform.data, bytes), []);
    const checked = await platform.ateneo('check');
    assert.deepEqual([checked.code, checked.complained], [0, []]);
  });

  /** The keys of a person as they lie in the files. */
  const wrappedKeys = (personId: string): Buffer[] =>
    SERVICES.flatMap((service) => {
      const db = new DatabaseSync(join(platform.data, `${service}.keys.sqlite`), { readOnly: true });
      const rows = db.prepare('SELECT wrapped FROM keys WHERE person = ?').all(personId);
      db.close();
      return rows.map(({ wrapped }) => Buffer.from(wrapped as Uint8Array));
    });
});
