import type { AsideEvent, Commit, DocumentWrite } from '../src/index.js';

/** A title so long makes batches that do not fit into the head of their unit. */
const book = (id: string, pages: number, titleLength: number): DocumentWrite => ({
  collection: 'books',
  id,
  document: { id, title: id.padEnd(titleLength, '.'), shelf: null, pages },
  positions: { 'library/1': pages },
});
const checkpoint = (position: number) => ({ origin: 'library', epoch: 'e', mappingVersion: 1, position });
const removed = (id: string): DocumentWrite => ({ collection: 'books', id, document: undefined, positions: {} });
export const waiting: AsideEvent = {
  sequence: 1,
  key: 'k',
  origin: 'library',
  position: 2,
  stream: 's',
  why: 'poison',
  reason: 'broken',
  awaits: undefined,
  event: '{}',
};
const nothing = { aside: [], released: [] };

/** After it: a1 b1. */
export const first = (length: number): Commit => ({
  ...nothing,
  documents: [book('a', 1, length), book('b', 1, length)],
  checkpoints: [checkpoint(1)],
});
/** After it: a2 c2, and one event waits. */
export const second = (length: number): Commit => ({
  documents: [book('a', 2, length), removed('b'), book('c', 2, length)],
  checkpoints: [checkpoint(2)],
  aside: [waiting],
  released: [],
});
/** After it: a3 b3, and d3 where c was. */
export const third = (length: number): Commit => ({
  documents: [book('a', 3, length), book('b', 3, length), removed('c'), book('d', 3, length)],
  checkpoints: [checkpoint(3)],
  aside: [],
  released: [1],
});
