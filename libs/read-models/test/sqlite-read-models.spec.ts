import assert from 'node:assert/strict';
import { mkdtemp, open as openFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { books, readModelsConformance } from '../conformance/read-models.conformance.js';
import { openSqliteReadModels, startViewsWriter } from '../src/index.js';

readModelsConformance('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'views-'));
  return {
    open: (sealer) => openSqliteReadModels({ file: join(folder, 'x.views.sqlite'), sealer }),
    forget: () => rm(folder, { recursive: true }),
  };
});

const book = { id: 'a', title: 'Anatomy', shelf: 'x', pages: 1 };
const inFolder = (body: (folder: string) => Promise<void>) => async () => {
  const folder = await mkdtemp(join(tmpdir(), 'views-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

async function fill(file: string): Promise<void> {
  const models = await openSqliteReadModels({ file });
  const build = await models.openBuild('library', '1.1', [books]);
  const documents = Array.from({ length: 2_000 }, (_, n) => ({
    collection: 'books',
    id: `${n}`,
    document: { ...book, id: `${n}`, title: 'x'.repeat(200) },
    positions: {},
  }));
  await build.commit({ documents, checkpoints: [], aside: [], released: [] });
  await models.switchTo('library', '1.1');
  assert.equal(await models.collection('library', books).count(), 2_000);
  await models.close();
}

describe('a views file', () => {
  test(
    'every commit of it is durable: synchronous is FULL on the live writer [arch:2]',
    inFolder(async (folder) => {
      const models = await openSqliteReadModels({ file: join(folder, 'a.sqlite') });
      assert.deepEqual({ ...(await models.inspect()) }, { synchronous: 2 });
      await models.close();
    }),
  );
  for (const [what, damage] of Object.entries({
    'a damaged page': [40_960, 4_096],
    'a damaged head': [0, 100],
    'other bytes altogether': [0, 0],
  })) {
    test(
      `that has ${what} is dropped, to be rebuilt from events [arch:2]`,
      inFolder(async (folder) => {
        const file = join(folder, 'a.sqlite');
        await fill(file);
        if (damage[1] === 0) await writeFile(file, 'not a database at all, but longer than a header of one hundred bytes'.repeat(4));
        else {
          const handle = await openFile(file, 'r+');
          await handle.write(Buffer.alloc(damage[1]!, 0xa5), 0, damage[1]!, damage[0]!);
          await handle.close();
        }
        const models = await openSqliteReadModels({ file });
        assert.deepEqual(await models.builds('library'), { live: undefined, all: [] });
        await models.close();
        await fill(file);
      }),
    );
  }
  test(
    'one writer serves the views files of a whole process, and outlives each [arch:2]',
    inFolder(async (folder) => {
      const writer = startViewsWriter();
      const [one, two] = await Promise.all(['1', '2'].map((name) => openSqliteReadModels({ file: join(folder, name), writer })));
      const first = await one!.openBuild('p', '1.1', [books]);
      await one!.switchTo('p', '1.1');
      await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          first.commit({
            documents: [{ collection: 'books', id: `${n}`, document: book, positions: {} }],
            checkpoints: [],
            aside: [],
            released: [],
          }),
        ),
      );
      assert.equal(await one!.collection('p', books).count(), 50);
      await one!.close();
      await two!.openBuild('p', '1.1', [books]);
      await two!.close();
      await writer.close();
    }),
  );
});
