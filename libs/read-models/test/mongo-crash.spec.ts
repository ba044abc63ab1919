import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openMongoReadModels } from '@ateneo/read-models/mongo';
import { books } from '../conformance/read-models.conformance.js';
import type { Build } from '../src/index.js';
import { processStopped } from '../../workspace/src/pause-process.mjs';
import { third, waiting } from './mongo-crash.batches.js';
import { inDatabase, onMongo, type Server } from '../../event-sourcing/conformance/on-mongo.conformance.js';

const child = fileURLToPath(new URL('mongo-crash.child.ts', import.meta.url));
const hook = fileURLToPath(new URL('../../workspace/src/swc-hook.mjs', import.meta.url));
const MOST_COMMANDS = 20;
const SMALL = 1;
const LARGE = 200_000;

type Run = { readonly process: ChildProcess; readonly said: () => string; readonly ended: Promise<unknown> };

function run(url: string, database: string, n: number, signal: 'SIGKILL' | 'SIGSTOP', length: number): Run {
  const started = spawn(
    process.execPath,
    ['--conditions=source', '--import', hook, child, url, database, String(n), signal, String(length)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  started.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  return { process: started, said: () => said, ended: once(started, 'exit') };
}

const stateOf = async (unit: Build): Promise<string> => {
  const all = (await unit.scan('books', '', 10)).map(({ id, document }) => `${id}${(document as { pages: number }).pages}`);
  const [at] = await unit.checkpoints();
  return `${all.join(' ')} | ${at?.position} | ${(await unit.aside()).length}`;
};
const BEFORE = 'a1 b1 | 1 | 0';
const AFTER = 'a2 c2 | 2 | 1';

/** Runs the child once for each command of a commit, stopped right before it; answers how many there were. */
async function atEachCommand(
  { url, connection }: Server,
  signal: 'SIGKILL' | 'SIGSTOP',
  length: number,
  body: (unit: Build, whole: Build, run: Run) => Promise<void>,
): Promise<number> {
  for (let n = 1; n <= MOST_COMMANDS; n++) {
    let isOver = false;
    await inDatabase(connection, async (database) => {
      const running = run(url, database, n, signal, length);
      try {
        for (let waited = 0; waited < 4_000 && !running.said().includes('\n'); waited++) await pause(5);
        isOver = running.said().startsWith('committed');
        if (!isOver) await (signal === 'SIGKILL' ? running.ended : processStopped(running.process.pid as number));
        const models = await openMongoReadModels({ connection, service: 'library', database });
        const whole = await models.openBuild('library', '1.1', [books]);
        if (!isOver) await body(await whole.claim!('p01'), whole, running);
        assert.equal(await partsIn(connection, database), 0);
        await models.close();
      } finally {
        running.process.kill('SIGKILL');
      }
    });
    if (isOver) return n - 1;
  }
  assert.fail('the commit has no end');
}

/** Parts of batches that nobody cleared away. */
async function partsIn(connection: Server['connection'], database: string): Promise<number> {
  const db = connection.getClient().db(database);
  const found = (await db.listCollections().toArray()).find(({ name }) => name.startsWith('_batches@'));
  return found ? db.collection(found.name).countDocuments() : 0;
}

onMongo('a commit cut off anywhere', (server) => {
  for (const [what, length, commands] of [
    ['small', SMALL, 4],
    ['in parts', LARGE, 6],
  ] as const) {
    test(`${what}: counts whole or not at all, whoever goes on [arch:4]`, async () => {
      const seen: string[] = [];
      const there = await atEachCommand(server(), 'SIGKILL', length, async (unit, whole) => {
        const state = await stateOf(unit);
        seen.push(state);
        const visible = await whole.visible!();
        assert.deepEqual(
          visible.map(({ unit: of, position }) => [of, position]),
          [['p01', state === AFTER ? 2 : 1]],
        );
        if (state === AFTER) assert.deepEqual(await unit.aside(), [waiting]);
      });
      assert.ok(there >= commands, `${there} commands`);
      assert.deepEqual(new Set(seen), new Set([BEFORE, AFTER]));
      assert.equal(seen.lastIndexOf(BEFORE) + 1, seen.indexOf(AFTER));
    });

    test(`${what}: a writer that wakes up late changes nothing of what its successor wrote [arch:5]`, async () => {
      const there = await atEachCommand(server(), 'SIGSTOP', length, async (unit, _whole, late) => {
        assert.match(await stateOf(unit), /^(a1 b1 \| 1 \| 0|a2 c2 \| 2 \| 1)$/);
        await unit.commit(third(length));
        late.process.kill('SIGCONT');
        await late.ended;
        assert.match(late.said(), /^stopped\n(FencedError|committed)\n$/);
        assert.equal(await stateOf(unit), 'a3 b3 d3 | 3 | 0');
      });
      assert.ok(there >= commands, `${there} commands`);
    });
  }
});
