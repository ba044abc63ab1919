import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Build, CollectionSpec, Commit, DocumentWrite, Find, ReadModels, Sealer, Where } from '../src/document-store.js';

type Book = { id: string; title: string; shelf: string | null; pages: number };
export const books: CollectionSpec<Book> = {
  name: 'books',
  version: 1,
  columns: { title: ({ title }) => title, shelf: ({ shelf }) => shelf, pages: ({ pages }) => pages },
  indexes: [['shelf', 'pages']],
};
type Card = { id: string; person: string; name: string | null; since: string };
const cards: CollectionSpec<Card> = {
  name: 'cards',
  version: 1,
  columns: { since: ({ since }) => since },
  personal: { fields: ['name'], person: ({ person }) => person },
};
const blobs: CollectionSpec<Uint8Array> = { name: 'blobs', version: 1, columns: { first: (bytes) => bytes[0] ?? null }, format: 'bytes' };

const shelf: Book[] = [
  { id: 'a', title: 'Anatomy', shelf: 'x', pages: 300 },
  { id: 'b', title: 'Botany', shelf: 'x', pages: 100 },
  { id: 'c', title: 'Cardiology', shelf: 'y', pages: 200 },
  { id: 'd', title: "O'Brien; DROP TABLE books", shelf: null, pages: 50 },
];

/** Opens the same documents again and again; `forget` removes them. */
export type Opener = { readonly open: (sealer: Sealer) => Promise<ReadModels>; readonly forget: () => Promise<void> };

const sealer: Sealer = {
  ensure: () => undefined,
  seal: (person, value) => ({ sealed: [person, Buffer.from(JSON.stringify(value)).toString('base64')] }),
  open: (sealed) => JSON.parse(Buffer.from((sealed as { sealed: string[] }).sealed[1]!, 'base64').toString()) as unknown,
};
const nothing: Commit = { documents: [], checkpoints: [], aside: [], released: [] };
const put = <D extends { id: string }>(collection: string, document: D): DocumentWrite => ({
  collection,
  id: document.id,
  document,
  positions: { 'library/3': 7 },
});

/** Every document-store adapter passes it. */
export function readModelsConformance(adapter: string, opener: () => Promise<Opener>): void {
  const withModels = (body: (models: ReadModels, opener: Opener) => Promise<void>) => async () => {
    const by = await opener();
    const models = await by.open(sealer);
    try {
      await body(models, by);
    } finally {
      await models.close();
      await by.forget();
    }
  };
  describe(`document store: ${adapter}`, () => {
    describe('queries', () => queries(withModels));
    describe('documents', () => documents(withModels));
    describe('builds', () => builds(withModels));
  });
}

type WithModels = (body: (models: ReadModels, opener: Opener) => Promise<void>) => () => Promise<void>;

async function filled(models: ReadModels, id = '1.1'): Promise<Build> {
  const build = await models.openBuild('library', id, [books, cards, blobs]);
  await build.commit({ ...nothing, documents: shelf.map((book) => put('books', book)) });
  await models.switchTo('library', id);
  return build;
}

function queries(withModels: WithModels): void {
  const ids = async (models: ReadModels, find: Find) => (await models.collection('library', books).find(find)).map(({ id }) => id).join('');
  test(
    'documents are found by every kind of condition, sorted, and paged',
    withModels(async (models) => {
      await filled(models);
      assert.equal(await ids(models, {}), 'abcd');
      assert.equal(await ids(models, { where: { shelf: 'x' }, sort: [{ by: 'pages' }] }), 'ba');
      assert.equal(await ids(models, { where: { shelf: null } }), 'd');
      assert.equal(await ids(models, { where: { shelf: { not: 'x' } } }), 'cd');
      assert.equal(await ids(models, { where: { shelf: { in: ['y', null] } } }), 'cd');
      assert.equal(await ids(models, { where: { pages: { gte: 100, lt: 300 } } }), 'bc');
      assert.equal(await ids(models, { where: { pages: { gt: 50, lte: 200 } } }), 'bc');
      assert.equal(await ids(models, { where: { title: { contains: 'ANA' } } }), 'a');
      assert.equal(
        await ids(models, {
          sort: [
            { by: 'shelf', descending: true },
            { by: 'pages', descending: true },
          ],
          offset: 1,
          limit: 2,
        }),
        'ab',
      );
    }),
  );
  test(
    'comparisons, nulls and text behave as SQL says, whatever the store',
    withModels(async (models) => {
      const build = await filled(models);
      const odd = { id: 'e', title: 'È (a+b).* [x] \\ Überblick', shelf: 'X', pages: 1 };
      await build.commit({ ...nothing, documents: [put('books', odd)] });
      for (const text of ['(a+b).*', '[X] \\', 'È', 'berBLICK', '']) {
        const found = await ids(models, { where: { title: { contains: text } } });
        assert.equal(found, text === '' ? 'abcde' : 'e', text);
      }
      for (const text of ['è', 'a.b', '.*y', 'überblick'])
        assert.equal(await ids(models, { where: { title: { contains: text } } }), '', text);
      assert.equal(await ids(models, { where: { shelf: { contains: '' } } }), 'abce');
      assert.equal(await ids(models, { where: { shelf: { gte: 'X', lt: 'y' } } }), 'abe');
      assert.equal(await ids(models, { where: { shelf: { gt: null } } }), '');
      assert.equal(await ids(models, { where: { shelf: { lte: null } } }), '');
      assert.equal(await ids(models, { where: { shelf: { not: null } } }), 'abce');
      assert.equal(await ids(models, { where: { shelf: {} } }), 'abcde');
      assert.equal(await ids(models, { where: { shelf: { in: [] } } }), '');
      assert.equal(await ids(models, { where: { id: { gt: 'b' }, pages: { lt: 100 } } }), 'de');
      assert.equal(await ids(models, { sort: [{ by: 'shelf' }] }), 'deabc');
      assert.equal(await ids(models, { sort: [{ by: 'id', descending: true }], limit: 2 }), 'ed');
      assert.equal(await ids(models, { limit: 0 }), '');
      assert.equal(await ids(models, { offset: 4 }), 'e');
      assert.deepEqual(await models.collection('library', books).countBy('shelf', { pages: { gte: 100 } }), { x: 2, y: 1 });
    }),
  );
  test(
    'values are never read as statements, and unknown columns are refused',
    withModels(async (models) => {
      await filled(models);
      assert.equal(await ids(models, { where: { title: "O'Brien; DROP TABLE books" } }), 'd');
      await assert.rejects(ids(models, { where: { 'pages" OR 1': 1 } }), RangeError);
      await assert.rejects(ids(models, { sort: [{ by: 'body' }] }), RangeError);
    }),
  );
  test(
    'of several wheres one is enough, each document comes once, and columns are summed [rev:sec-17]',
    withModels(async (models) => {
      await filled(models);
      const library = models.collection('library', books);
      const any: readonly Where[] = [
        { shelf: 'x', pages: { gte: 200 } },
        { pages: { lte: 50 } },
        { shelf: { in: ['x'] }, title: 'Anatomy' },
      ];
      assert.equal(await ids(models, { where: any }), 'ad');
      assert.equal(await ids(models, { where: any, sort: [{ by: 'pages' }], limit: 1, offset: 1 }), 'a');
      assert.equal(await ids(models, { where: [] }), '');
      const many = Array.from({ length: 2_500 }, (_, n) => ({ title: `no ${n}` }));
      assert.equal(await ids(models, { where: [...many, { shelf: 'y' }] }), 'c');
      assert.equal(await ids(models, { where: [{ shelf: 'y' }, {}], limit: 3 }), 'abc');
      assert.equal(await library.count(any), 2);
      assert.deepEqual(await library.countBy('shelf', any), { x: 1, null: 1 });
      assert.deepEqual(await library.sums(['pages'], any), { pages: 350 });
      assert.deepEqual(await library.sums(['pages'], { shelf: 'nowhere' }), { pages: 0 });
      assert.deepEqual(await models.collection('nowhere', books).sums(['pages']), { pages: 0 });
      await assert.rejects(library.sums(['pages" FROM x']), RangeError);
    }),
  );
  test(
    'documents are read by id, counted, and counted by a column',
    withModels(async (models) => {
      await filled(models);
      const library = models.collection('library', books);
      assert.deepEqual(await library.get('b'), shelf[1]);
      assert.equal(await library.get('z'), undefined);
      assert.deepEqual([...(await library.getMany(['a', 'z', 'c'])).keys()].sort(), ['a', 'c']);
      assert.equal(await library.count(), 4);
      assert.equal(await library.count({ pages: { gt: 60 } }), 3);
      assert.deepEqual(await library.countBy('shelf'), { null: 1, x: 2, y: 1 });
    }),
  );
}

function documents(withModels: WithModels): void {
  test(
    'documents, positions and checkpoints of a commit are seen at once, and after opening again [arch:4]',
    withModels(async (models, { open }) => {
      const build = await filled(models);
      const checkpoint = { origin: 'school', epoch: 'e1', mappingVersion: 2, position: 41 };
      await build.commit({
        ...nothing,
        documents: [put('books', { ...shelf[0]!, pages: 301 }), { collection: 'books', id: 'b', document: undefined, positions: {} }],
        checkpoints: [checkpoint],
      });
      assert.equal((await models.collection('library', books).get('a'))?.pages, 301);
      await models.close();
      const again = await open(sealer);
      try {
        const reopened = await again.openBuild('library', '1.1', [books, cards, blobs]);
        assert.deepEqual(await reopened.checkpoints(), [checkpoint]);
        assert.deepEqual(
          [...(await reopened.load('books', ['a', 'b']))],
          [['a', { document: { ...shelf[0], pages: 301 }, positions: { 'library/3': 7 } }]],
        );
        assert.equal(await again.collection('library', books).count(), 3);
      } finally {
        await again.close();
      }
    }),
  );
  test(
    'a commit that fails leaves nothing behind and does not hinder the next [arch:4]',
    withModels(async (models) => {
      const build = await filled(models);
      const wrong = { ...put('books', { ...shelf[0]!, id: 'q' }), positions: {} };
      const failing = build.commit({
        ...nothing,
        documents: [wrong, { ...wrong, id: null as unknown as string, document: { ...shelf[0], title: Symbol('x') } }],
        checkpoints: [{ origin: 's', epoch: 'e', mappingVersion: 1, position: 1 }],
      });
      const following = build.commit({ ...nothing, documents: [put('books', { ...shelf[0]!, id: 'r' })] });
      await assert.rejects(failing);
      await following;
      assert.deepEqual(await build.checkpoints(), []);
      assert.deepEqual([...(await models.collection('library', books).getMany(['q', 'r'])).keys()], ['r']);
    }),
  );
  test(
    'documents of bytes come back as bytes, found by what their columns say',
    withModels(async (models) => {
      const build = await filled(models);
      await build.commit({
        ...nothing,
        documents: [{ collection: 'blobs', id: 'one', document: Uint8Array.of(9, 0, 255), positions: {} }],
      });
      assert.deepEqual(await models.collection('library', blobs).find({ where: { first: 9 } }), [Uint8Array.of(9, 0, 255)]);
      assert.deepEqual((await build.load('blobs', ['one'])).get('one')?.document, Uint8Array.of(9, 0, 255));
    }),
  );
  test(
    'personal fields are stored sealed and read open [arch:4]',
    withModels(async (models, { open }) => {
      const build = await filled(models);
      const card = { id: 'k', person: 'p1', name: 'Ada Rossi', since: '2026-01-01' };
      await build.commit({ ...nothing, documents: [put('cards', card), put('cards', { ...card, id: 'l', name: null })] });
      assert.deepEqual(await models.collection('library', cards).find({ where: { since: '2026-01-01' } }), [
        card,
        { ...card, id: 'l', name: null },
      ]);
      const blind = await open({ ...sealer, open: () => '[erased]' });
      try {
        assert.equal((await blind.collection('library', cards).get('k'))?.name, '[erased]');
      } finally {
        await blind.close();
      }
    }),
  );
  test(
    'what is set aside is kept in order, and skipping it keeps the reason [arch:4]',
    withModels(async (models) => {
      const build = await filled(models);
      const aside = (sequence: number) => ({
        sequence,
        key: 'k',
        origin: 'o',
        position: sequence * 10,
        stream: 's',
        why: 'poison' as const,
        reason: 'broken',
        awaits: undefined,
        event: '{}',
      });
      await build.commit({ ...nothing, aside: [aside(2), aside(1), aside(3)] });
      await build.commit({ ...nothing, released: [1], skipped: [{ sequence: 2, reason: 'a test', at: '2026-01-01T00:00:00.000Z' }] });
      assert.deepEqual(await build.aside(), [aside(3)]);
      assert.deepEqual(await build.skipped(), [{ event: aside(2), reason: 'a test', at: '2026-01-01T00:00:00.000Z' }]);
    }),
  );
}

function builds(withModels: WithModels): void {
  test(
    'queries read the old build until the switch; then the old one is gone [arch:4]',
    withModels(async (models) => {
      await filled(models);
      const next = await models.openBuild('library', '2.1', [books]);
      await next.commit({ ...nothing, documents: [put('books', shelf[2]!)] });
      const library = models.collection('library', books);
      assert.equal(await library.count(), 4);
      assert.deepEqual(await models.builds('library'), { live: '1.1', all: ['1.1', '2.1'] });
      await models.switchTo('library', '2.1');
      assert.equal(await library.count(), 1);
      assert.deepEqual(await models.builds('library'), { live: '2.1', all: ['2.1'] });
    }),
  );
  test(
    'before the first build a collection is empty',
    withModels(async (models) => {
      assert.deepEqual(await models.collection('nowhere', books).find({}), []);
      assert.equal(await models.collection('nowhere', books).count(), 0);
    }),
  );
}
