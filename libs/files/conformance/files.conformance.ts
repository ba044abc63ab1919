import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { type Files, FileTooLargeError } from '../src/index.js';

/** What every adapter of the files port keeps. */
export function filesConformance(name: string, make: () => Promise<Files>): void {
  describe(`files port: ${name}`, () => {
    for (const size of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
      test(`${size} bytes come back as they went in, with name, type and size [arch:2]`, async () => {
        const files = await make();
        const bytes = randomBytes(size);
        const stored = await files.put(Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)], { objectMode: false }), {
          name: 'relazione è.pdf',
          type: 'application/pdf',
        });
        assert.equal(stored.size, size);
        const opened = await files.open(stored.fileId);
        assert.deepEqual([opened?.name, opened?.type, opened?.size], ['relazione è.pdf', 'application/pdf', size]);
        assert.deepEqual(await buffer(opened!.stream), bytes);
      });
    }
    test('a file larger than its limit is refused and nothing is kept of it [arch:4]', async () => {
      const files = await make();
      await assert.rejects(files.put(randomBytes(2_000), { name: 'a', type: 'b' }, { maxBytes: 1_999 }), FileTooLargeError);
    });
    test('content that fails on its way keeps its own error, and nothing is kept of it [rev:sec-6]', async () => {
      const files = await make();
      const failing = Readable.from(
        (async function* () {
          yield randomBytes(200_000);
          throw new RangeError('the sender went away');
        })(),
        { objectMode: false },
      );
      await assert.rejects(files.put(failing, { name: 'a', type: 'b' }), RangeError);
    });
    test('what was acknowledged is whole, many at a time [rev:sec-6]', async () => {
      const files = await make();
      const contents = Array.from({ length: 8 }, (_, i) => randomBytes(i * 40_000));
      const stored = await Promise.all(contents.map((bytes) => files.put(bytes, { name: 'a', type: 'b' })));
      for (const [i, { fileId }] of stored.entries()) assert.deepEqual(await buffer((await files.open(fileId))!.stream), contents[i]);
    });
    test('the name a file is announced under, before there is anything of it, deletes it and opens nothing [rev:cor-8]', async () => {
      const files = await make();
      const announced: string[] = [];
      const { fileId } = await files.put(
        Buffer.from('text'),
        { name: 'a', type: 'b' },
        { announced: async (name) => void announced.push(name, String(await files.open(`${name}.${'A'.repeat(43)}`))) },
      );
      const [name, before] = announced as [string, string];
      assert.deepEqual([fileId.startsWith(`${name}.`), before, await files.open(name)], [true, 'undefined', undefined]);
      assert.ok(await files.open(fileId));
      await files.delete(name);
      assert.equal(await files.open(fileId), undefined);
    });
    test('a deleted or unknown file is not there, and a reference without its key opens nothing', async () => {
      const files = await make();
      const { fileId } = await files.put(Buffer.from('text'), { name: 'a', type: 'b' });
      const [reference, key] = fileId.split('.') as [string, string];
      assert.equal(await files.open(`${reference}.${key.startsWith('A') ? 'B' : 'A'}${key.slice(1)}`), undefined);
      assert.equal(await files.open('../../etc/passwd'), undefined);
      await files.delete(fileId);
      await files.delete(fileId);
      assert.equal(await files.open(fileId), undefined);
    });
  });
}
