import assert from 'node:assert/strict';
import { againstImports } from './imports.js';
import type { Acknowledged } from './journal.js';
import { againstPromises } from './verdict.js';

const [RECORDED, SUBMITTED] = ['logbook.entry-recorded.v1', 'logbook.entry-submitted.v1'];
const event = (type: string, data: Readonly<Record<string, unknown>>, position = 1) => ({
  id: `${type}-${JSON.stringify(data)}-${position}`,
  type,
  data,
  time: '2026-01-01T00:00:00.000Z',
  service: 'logbook',
  position,
});
const confirmed: Acknowledged = {
  is: 'import',
  importId: 'i',
  rows: [
    { entryId: 'a', events: [RECORDED, SUBMITTED] },
    { entryId: 'b', events: [RECORDED] },
  ],
  refused: 1,
  alreadyThere: 2,
};
const ended: Acknowledged = { is: 'import-ended', importId: 'i', how: 'done' };
const finished = (imported = 2, position = 9) =>
  event('logbook.import-finished.v1', { importId: 'i', rows: 5, imported, alreadyThere: 2, refused: 1 }, position);
const landed = [event(RECORDED, { entryId: 'a' }), event(SUBMITTED, { entryId: 'a' }, 2), event(RECORDED, { entryId: 'b' })];

describe('what imports did against what was told of them [issue8:4]', () => {
  test('is nothing where each row of the file is there once', () => {
    assert.deepEqual(againstImports([...landed, finished()], [confirmed, ended]), []);
    assert.deepEqual(againstPromises(landed, new Set(), [confirmed, ended]), []);
  });
  for (const [how, events, acknowledged] of [
    ['one that never ended', [...landed, finished()], [confirmed]],
    ['one that was given up', landed, [confirmed, { ...ended, how: 'import-interrupted' }]],
    ['one whose end is not in the log', landed, [confirmed, ended]],
    ['one that finished twice', [...landed, finished(), finished(2, 10)], [confirmed, ended]],
    ['one that finished with other counts', [...landed, finished(3)], [confirmed, ended]],
  ] as const)
    test(`names ${how}`, () => assert.equal(againstImports(events, acknowledged).length, 1));
  for (const [how, events] of [
    ['a row that was lost', landed.slice(0, 2)],
    ['a row that landed half', landed.filter(({ type }) => type !== SUBMITTED)],
    ['a row that landed twice', [...landed, event(RECORDED, { entryId: 'b' }, 7)]],
    ['a row of no import', [...landed, event(RECORDED, { entryId: 'c' }, 7)]],
  ] as const)
    test(`names ${how}`, () => assert.equal(againstPromises(events, new Set(), [confirmed, ended]).length, 1));
});
