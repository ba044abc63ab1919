import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { type Decider, readAnchor, type SignedHead } from '@ateneo/event-sourcing';
import { ANCHOR, ANCHOR_KEY } from '../src/anchor-file.js';
import { openPlatform, type Platform } from '../src/platform.js';
import { readPlatformConfig } from '../src/platform.config.js';
import { openRuntime, startRuntime } from '../src/service-assembly.js';
import type { ServiceRuntime } from '../src/service-runtime.js';

type Loan = { is: 'in' } | { is: 'out' };
const loan: Decider<Loan, { type: 'BorrowBook' }, { type: 'BookBorrowed' }> = {
  category: 'loan',
  initial: { is: 'in' },
  scope: () => ({}),
  decide: (_, state) => (state.is === 'out' ? [] : [{ type: 'BookBorrowed' }]),
  evolve: () => ({ is: 'out' }),
};
const definition = { name: 'library', aggregates: [{ decider: loan }], projections: [], mappingVersion: 1 };
const DAY = 86_400_000;

class Library {
  private constructor(
    readonly platform: Platform,
    readonly runtime: ServiceRuntime,
  ) {}

  static async open(folder: string, at: number): Promise<Library> {
    const platform = await openPlatform(
      readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'silent' }),
    );
    platform.clock.set(at);
    const library = new Library(platform, await openRuntime(definition, platform));
    await startRuntime(library.runtime);
    return library;
  }

  get head(): SignedHead | undefined {
    return readAnchor(join(this.platform.folder, ANCHOR), this.platform.derive(ANCHOR_KEY))?.['library'];
  }

  async borrow(): Promise<void> {
    await this.runtime.runAs('test', loan, randomUUID(), { type: 'BorrowBook' }, { correlationId: randomUUID() });
  }

  async signed(position: number): Promise<void> {
    for (let attempt = 0; this.head?.position !== position; attempt++) {
      assert.ok(attempt < 500, `never signed up to position ${position}: ${JSON.stringify(this.head)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    await this.runtime.close();
    await this.platform.close();
  }
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ateneo-signing-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('the daily head of a history', () => {
  const at = Date.parse('2026-03-02T08:00:00Z');

  test('an empty history is signed before its first event [rev:sec-5]', async (t) => {
    const library = await Library.open(await temporary(t), at);
    assert.deepEqual([library.head?.position, library.head?.signedAt], [0, at]);
    await library.close();
  });

  test('is signed when a day has passed, and at a clean stop [rev:sec-5]', async (t) => {
    const folder = await temporary(t);
    const library = await Library.open(folder, at);
    await library.borrow();
    library.platform.clock.set(at + DAY - 1);
    assert.equal(library.head?.position, 0);
    library.platform.clock.set(at + DAY);
    await library.signed(1);
    await library.borrow();
    await library.close();
    const again = await Library.open(folder, at + DAY + 1);
    assert.equal(again.head?.position, 2);
    await again.close();
  });

  test('that fell due while nothing ran is signed at the start [rev:sec-5]', async (t) => {
    const folder = await temporary(t);
    const library = await Library.open(folder, at);
    await library.borrow();
    await library.close();
    const signedAt = library.head?.signedAt;
    const again = await Library.open(folder, at + 3 * DAY);
    for (let attempt = 0; again.head?.signedAt === signedAt && attempt < 500; attempt++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(again.head?.signedAt, at + 3 * DAY);
    await again.close();
  });

  test('is not made up for a history whose anchor is gone [rev:sec-5]', async (t) => {
    const folder = await temporary(t);
    const library = await Library.open(folder, at);
    await library.borrow();
    await library.close();
    await rm(join(folder, ANCHOR));
    const again = await Library.open(folder, at + 3 * DAY);
    await again.borrow();
    await again.close();
    assert.equal(again.head, undefined);
  });
});
