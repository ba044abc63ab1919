import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { CollectionSpec } from '../src/index.js';
import { counting } from './crash-counting.js';
import { Platform } from './platform.js';

test('a process killed at any moment between batch and checkpoint counts every event once [arch:4]', () =>
  Platform.run(async (platform) => {
    let acknowledged = 0;
    for (let kill = 0; kill < 4; kill++) {
      const child = spawn(
        process.execPath,
        [
          ...process.execArgv.filter((arg) => !arg.startsWith('--test')),
          fileURLToPath(new URL('./crash.child.ts', import.meta.url)),
          platform.folder,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const enough = acknowledged + 40 + kill * 23;
      for await (const chunk of child.stdout) {
        acknowledged += (chunk as Buffer).length;
        if (acknowledged >= enough && !child.killed) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    const depot = await platform.origin('depot');
    await platform.restart();
    const runner = await platform.runner(counting);
    await runner.caughtUp();
    const stored = await depot.store.readAfter(0, 1_000_000);
    assert.ok(stored.length >= acknowledged);
    const expected = new Map<string, number>();
    for (const { stream } of stored) expected.set(stream, (expected.get(stream) ?? 0) + 1);
    const counted = await platform.models
      .collection('reader.counting', counting.collections[0] as CollectionSpec<{ events: number }>)
      .getMany([...expected.keys()]);
    assert.deepEqual(Object.fromEntries([...counted].map(([id, { events }]) => [id, events])), Object.fromEntries(expected));
  }));
