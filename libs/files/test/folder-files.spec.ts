import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, test, type TestContext } from 'node:test';
import { StoreUnavailableError } from '@ateneo/event-sourcing';
import { filesConformance } from '../conformance/files.conformance.js';
import { writeWhole } from '../src/folder-files.js';
import { FolderFiles } from '../src/index.js';

const folder = () => mkdtemp(join(tmpdir(), 'ateneo-files-'));

filesConformance('folder', async () => new FolderFiles(await folder()));

describe('files in a folder', () => {
  const text = 'Nome Cognome del paziente che non deve comparire '.repeat(5_000);

  test('content and name are ciphertext at rest [arch:4]', async () => {
    const path = await folder();
    await new FolderFiles(path).put(Buffer.from(text), { name: 'Cognome.csv', type: 'text/csv' });
    for (const name of await readdir(path)) assert.equal((await readFile(join(path, name))).includes('Cognome'), false);
  });

  test('a changed or cut file fails instead of giving other bytes', async () => {
    const path = await folder();
    const files = new FolderFiles(path);
    const { fileId } = await files.put(Buffer.from(text), { name: 'a', type: 'b' });
    const stored = join(path, fileId.split('.')[0]!);
    const bytes = await readFile(stored);
    bytes[100_000]! ^= 1;
    await writeFile(stored, bytes);
    await assert.rejects(buffer((await files.open(fileId))!.stream));
    bytes[100_000]! ^= 1;
    await writeFile(stored, bytes);
    assert.equal((await buffer((await files.open(fileId))!.stream)).toString(), text);
    await truncate(stored, 2_048 + 16 + 65_536 + 16);
    await assert.rejects(buffer((await files.open(fileId))!.stream));
  });

  test('a disk that takes a part at a time gets the whole, in order [rev:sec-6]', async () => {
    const [bytes, taken] = [randomBytes(10_000), [] as Buffer[]];
    const short = {
      write: async (from: Uint8Array, at: number, length: number) => {
        const bytesWritten = Math.min(length, 700);
        taken.push(Buffer.from(from.subarray(at, at + bytesWritten)));
        return { bytesWritten, buffer: from };
      },
    };
    assert.equal(await writeWhole(short as never, chunksOf(bytes)), bytes.length);
    assert.deepEqual(Buffer.concat(taken), bytes);
  });

  test('a disk that takes nothing more is full, and does not hold the writer for ever [rev:sec-6]', async () => {
    const full = { write: async (buffer: Uint8Array) => ({ bytesWritten: 0, buffer }) };
    await assert.rejects(writeWhole(full as never, chunksOf(randomBytes(10))), { code: 'ENOSPC' });
  });

  test('what is put where the disk is full is refused as unavailable storage or is whole, and nothing half stays [rev:sec-6]', async (t) => {
    const disk = smallDisk(t, await folder());
    if (!disk) return;
    const files = new FolderFiles(join(disk, 'files'));
    const kept: { readonly fileId: string; readonly bytes: Buffer }[] = [];
    let refused = 0;
    for (let i = 0; i < 60; i++) {
      const bytes = randomBytes(30_000 + i * 1_111);
      try {
        kept.push({ ...(await files.put(bytes, { name: 'a', type: 'b' })), bytes });
      } catch (error) {
        refused += 1;
        assert.ok(error instanceof StoreUnavailableError, String(error));
        assert.equal(error.code, 'ENOSPC');
      }
    }
    assert.ok(refused > 0 && kept.length > 0);
    for (const { fileId, bytes } of kept) assert.deepEqual(await buffer((await files.open(fileId))!.stream), bytes);
    assert.equal((await readdir(join(disk, 'files'))).length, kept.length);
  });

  test('folder and files are for their owner alone [rev:sec-22]', async () => {
    const path = join(await folder(), 'made', 'files');
    const { fileId } = await new FolderFiles(path).put(Buffer.from('text'), { name: 'a', type: 'b' });
    const modes = await Promise.all([path, join(path, fileId.split('.')[0]!)].map(async (one) => (await stat(one)).mode & 0o777));
    assert.deepEqual(modes, [0o700, 0o600]);
  });

  test('a place that cannot be read is no missing file [rev:sec-6]', async () => {
    const path = join(await folder(), 'files');
    const { fileId } = await new FolderFiles(path).put(Buffer.from('text'), { name: 'a', type: 'b' });
    const through = join(path, fileId.split('.')[0]!);
    await assert.rejects(new FolderFiles(through).open(fileId), StoreUnavailableError);
  });
});

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 1_500);
  yield bytes.subarray(1_500);
}

/** A disk of one megabyte until the test ends; undefined, and the test skipped, where nothing may be mounted. */
function smallDisk(t: TestContext, path: string): string | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    t.skip('this process may not mount a file system');
    return undefined;
  }
  t.after(() => execFileSync('umount', ['-l', path]));
  return path;
}
