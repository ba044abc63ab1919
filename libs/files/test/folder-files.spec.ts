import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { filesConformance } from '../conformance/files.conformance.js';
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
});
