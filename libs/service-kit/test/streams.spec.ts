import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openPlatform, type Platform } from '../src/platform.js';
import { readPlatformConfig } from '../src/platform.config.js';
import { openRuntime } from '../src/service-assembly.js';
import type { ServiceRuntime } from '../src/service-runtime.js';
import { Streams } from '../src/streams.js';
import { loan } from './loan.js';

const id = (n: number) => `0198c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;
const borrow = { type: 'BorrowBook' } as const;

describe('the streams of a request', () => {
  let folder: string;
  let platform: Platform;
  let runtime: ServiceRuntime;
  let reads = 0;
  const acting = (streams: Streams) => ({ actor: undefined, commandId: undefined, correlationId: 'c', streams });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ateneo-streams-'));
    platform = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'silent' }),
    );
    runtime = await openRuntime({ name: 'library', aggregates: [{ decider: loan }], projections: [], mappingVersion: 1 }, platform);
    const { store } = runtime;
    const read = store.readStream.bind(store);
    store.readStream = (...asked) => ((reads += 1), read(...asked));
  });
  after(async () => {
    await runtime.close();
    await platform.close();
    await rm(folder, { recursive: true, maxRetries: 3 });
  });

  test('what was read to admit a command is what it decides on; the next command reads anew [issue9:3]', async () => {
    const streams = new Streams(runtime);
    await Promise.all([streams.load(loan, id(1)), streams.load(loan, id(1))]);
    const done = await runtime.run(acting(streams), loan, id(1), borrow);
    assert.deepEqual([reads, 'events' in done && done.events.length], [1, 1]);
    const again = await runtime.run(acting(streams), loan, id(1), borrow);
    assert.deepEqual([reads, 'events' in again && again.events.length], [2, 0]);
  });

  test('what changed since it was read is decided on anew [issue9:3]', async () => {
    const streams = new Streams(runtime);
    await streams.load(loan, id(2));
    await runtime.run(acting(new Streams(runtime)), loan, id(2), borrow);
    const late = await runtime.command(acting(streams), loan, id(2), borrow);
    assert.deepEqual(late, { token: undefined, revision: 0 });
    assert.equal((await runtime.store.readStream(`loan-${id(2)}`)).length, 1);
  });
});
