import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, test } from 'node:test';
import { eventStoreConformance, sampleEvent, sampleStream } from '../conformance/event-store.conformance.js';
import { kill, startChild, until } from './child-process.js';
import { temporaryFolder } from './temporary-folder.js';
import type { AppendResult } from '../src/event-store.js';
import { checkStore } from '../src/sqlite/integrity.js';
import { lockDataFolder } from '../src/sqlite/data-folder-lock.js';
import { startEventWriter } from '../src/sqlite/event-writer.js';
import { openSqliteEventStore, type SqliteEventStore, type SqliteEventStoreOptions } from '../src/sqlite/sqlite-event-store.js';

const hashKey = randomBytes(32);

eventStoreConformance('SQLite', async () => {
  const folder = temporaryFolder();
  return {
    open: (options) => openSqliteEventStore({ file: `${folder.path}/sample.events.sqlite`, hashKey, now: Date.now, ...options }),
    remove: async () => folder.remove(),
  };
});

const inFolder = (work: (folder: string) => Promise<void>) => async () => {
  const folder = temporaryFolder();
  try {
    await work(folder.path);
  } finally {
    folder.remove();
  }
};

const inStore = (work: (store: SqliteEventStore, file: string) => Promise<void>, options: Partial<SqliteEventStoreOptions> = {}) =>
  inFolder(async (folder) => {
    const file = `${folder}/sample.events.sqlite`;
    const store = await openSqliteEventStore({ file, hashKey, now: Date.now, ...options });
    try {
      await work(store, file);
    } finally {
      await store.close();
    }
  });

const create = (store: SqliteEventStore, data: object = {}): Promise<AppendResult> =>
  store.append({ stream: sampleStream(), expectedRevision: -1, events: [sampleEvent(data)] });

describe('the SQLite event store', () => {
  test(
    'writes with synchronous=FULL to a WAL and overwrites what it deletes',
    inStore(async (store) => {
      const { commits, ...pragmas } = await store.inspect();
      assert.deepEqual(pragmas, { synchronous: 2, journalMode: 'wal', secureDelete: 1, pageSize: 8192 });
      assert.equal(commits, 0);
    }),
  );

  test(
    'appends of one turn share few commits, every append after a turn has its own',
    inStore(async (store) => {
      await Promise.all(Array.from({ length: 200 }, () => create(store)));
      const { commits } = await store.inspect();
      assert.ok(commits < 20, `${commits} commits for 200 appends of one turn`);
      for (let i = 0; i < 10; i += 1) await create(store);
      assert.equal((await store.inspect()).commits, commits + 10);
    }),
  );

  const noTracer = spawnSync('strace', ['-V']).error ? 'strace is not installed' : false;
  test(
    'flushes to the disk before it acknowledges: at least one fdatasync a commit',
    { skip: noTracer },
    inFolder(async (folder) => {
      const trace = `${folder}/trace`;
      const run = startChild('append-one-by-one.ts', [folder, '25'], ['strace', '-f', '-qq', '-e', 'trace=fdatasync,fsync', '-o', trace]);
      assert.deepEqual(await once(run, 'exit'), [0, null]);
      const text = readFileSync(trace, 'utf8');
      const [before, during] = [0, 1].map((part) => Number(readFileSync(`${folder}/commits`, 'utf8').split(' ')[part])) as [number, number];
      assert.equal(during - before, 25);
      assert.ok(text.split('\n').filter((line) => /fdatasync\(|fsync\(/.test(line)).length >= 25);
    }),
  );

  test(
    'stamps what its clock says, and never less than before',
    inFolder(async (folder) => {
      let now = 5_000;
      const options = { file: `${folder}/sample.events.sqlite`, hashKey, now: () => now };
      const instants: string[] = [];
      for (const next of [5_000, 4_000, 6_000]) {
        const store = await openSqliteEventStore(options);
        now = next;
        const result = await create(store);
        instants.push(result.ok ? result.at : '');
        await store.close();
      }
      assert.deepEqual(instants, ['1970-01-01T00:00:05.000Z', '1970-01-01T00:00:05.000Z', '1970-01-01T00:00:06.000Z']);
    }),
  );

  test(
    'one writer serves many files and ends after all is written',
    inFolder(async (folder) => {
      const writer = startEventWriter();
      const stores = await Promise.all(
        ['a', 'b', 'c'].map((name) => openSqliteEventStore({ file: `${folder}/${name}.events.sqlite`, hashKey, now: Date.now, writer })),
      );
      const results = stores.flatMap((store) => Array.from({ length: 30 }, () => create(store)));
      await Promise.all(stores.map((store) => store.close()));
      await writer.close();
      assert.ok((await Promise.all(results)).every((one) => one.ok));
    }),
  );

  test(
    'commits side statements with the events, a refused group alone',
    inStore(async (store) => {
      await store.write([{ sql: 'CREATE TABLE marks (name TEXT PRIMARY KEY)', params: [] }]);
      const mark = (...names: string[]) => store.write(names.map((name) => ({ sql: 'INSERT INTO marks VALUES (?)', params: [name] })));
      const outcomes = await Promise.allSettled([mark('a', 'b'), mark('c', 'a'), mark('d'), create(store)]);
      assert.deepEqual(
        outcomes.map((one) => one.status),
        ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
      );
      assert.deepEqual(
        store.query<{ name: string }>('SELECT name FROM marks ORDER BY name').map((row) => row.name),
        ['a', 'b', 'd'],
      );
    }),
  );

  test(
    'on a full disk refuses clearly, stays readable, and writes again once there is room',
    inStore(
      async (store) => {
        const text = { text: 'x'.repeat(20_000) };
        const stream = sampleStream();
        let stored = 0;
        const next = () => store.append({ stream, expectedRevision: stored - 1, events: [sampleEvent(text)] });
        await assert.rejects(
          async () => {
            for (; stored < 200; stored += 1) await next();
          },
          { name: 'StoreUnavailableError', message: /full/ },
        );
        assert.ok(stored > 0);
        await assert.rejects(next(), { name: 'StoreUnavailableError' });
        assert.equal((await store.readAfter(0, 1_000)).length, stored);
        await store.limit();
        assert.ok((await next()).ok);
        assert.equal((await store.readAfter(0, 1_000)).length, stored + 1);
      },
      { maxPages: 60 },
    ),
  );

  test(
    'a folder that another process has is refused by name',
    inFolder(async (folder) => {
      const holder = startChild('hold-data-folder.ts', [folder]);
      try {
        await until(() => existsSync(`${folder}/held`));
        assert.throws(() => lockDataFolder(folder), { message: `The data folder ${folder} is in use by another process.` });
      } finally {
        await kill(holder);
      }
      lockDataFolder(folder)();
      lockDataFolder(folder)();
    }),
  );

  test(
    'a killed process has lost nothing that it acknowledged',
    inFolder(async (folder) => {
      for (const round of [1, 2, 3]) {
        const acks = `${folder}/acks-${round}`;
        const run = startChild('append-until-killed.ts', [folder, acks, hashKey.toString('hex')]);
        try {
          await until(() => existsSync(acks) && statSync(acks).size > 40_000);
        } finally {
          await kill(run);
        }
        const file = `${folder}/sample.events.sqlite`;
        const store = await openSqliteEventStore({ file, hashKey, now: Date.now });
        const stored = new Set((await store.readAfter(0, 10_000_000)).map((one) => one.id));
        const acknowledged = readFileSync(acks, 'utf8').split('\n').slice(0, -1);
        assert.deepEqual(
          acknowledged.filter((id) => !stored.has(id)),
          [],
        );
        await store.close();
        assert.deepEqual(checkStore(file, hashKey).damages, []);
      }
    }),
  );
});
