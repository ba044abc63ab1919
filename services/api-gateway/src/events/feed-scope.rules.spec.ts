import assert from 'node:assert/strict';
import type { PublicEvent } from '@ateneo/messaging';
import type { Actor } from '@ateneo/service-kit';
import { readCursor, writeCursor } from './feed-cursor.rules.js';
import { visibleTo } from './feed-scope.rules.js';

type Role = Actor['profiles'][number]['role'];
const actor = (...held: [Role, string | null][]): Actor => ({
  id: 'me',
  kind: 'person',
  locale: 'it',
  profiles: held.map(([role, schoolId], i) => ({ profileId: String(i), role, schoolId, from: '2020-01-01', to: null })),
});
const event = (service: string, at: { schoolid?: string; traineeid?: string } = {}) =>
  ({ service, type: `${service}.fact-happened.v1`, ...at }) as PublicEvent;
const EVENTS = {
  mine: event('logbook', { schoolid: 's1', traineeid: 'me' }),
  ofMySchool: event('logbook', { schoolid: 's1', traineeid: 'other' }),
  ofAnotherSchool: event('logbook', { schoolid: 's2', traineeid: 'other' }),
  reference: event('school-network'),
  identity: event('identity'),
};
const seen = (one: Actor) => Object.entries(EVENTS).flatMap(([name, candidate]) => (visibleTo(one)?.(candidate) ? [name] : []));

describe('the event feed shows', () => {
  for (const role of ['administrator', 'university-secretariat', 'integration'] as const) {
    test(`everything to ${role} of the whole university`, () => assert.deepEqual(seen(actor([role, null])), Object.keys(EVENTS)));
  }
  for (const role of ['director', 'school-secretariat', 'integration'] as const) {
    test(`only the own school and reference data to ${role} of a school [res:E2.9]`, () =>
      assert.deepEqual(seen(actor([role, 's1'])), ['mine', 'ofMySchool', 'reference']));
  }
  test('a trainee only what is their own', () => assert.deepEqual(seen(actor(['trainee', 's1'])), ['mine']));
  test('a tutor reference data only', () => assert.deepEqual(seen(actor(['tutor', 's1'])), ['reference']));
  test('nothing to who has no profile', () => assert.equal(visibleTo(actor()), undefined));
  test('a school of one role does not widen another', () =>
    assert.deepEqual(seen(actor(['tutor', 's1'], ['director', 's2'])), ['ofAnotherSchool', 'reference']));
});

describe('of a draft the event feed tells', () => {
  const draft = ['recorded', 'amended', 'discarded'].map((what) => ({
    ...event('logbook', { schoolid: 's1', traineeid: 'other' }),
    type: `logbook.entry-${what}.v1`,
  }));
  const sees = (one: Actor) => draft.filter((candidate) => visibleTo(one)?.(candidate)).length;
  test('nothing to people other than its author [rev:sec-9] [res:C]', () => {
    for (const held of [
      ['director', 's1'],
      ['school-secretariat', 's1'],
      ['university-secretariat', null],
      ['administrator', null],
    ] as const)
      assert.equal(sees(actor([held[0], held[1]])), 0, held[0]);
    assert.equal(sees({ ...actor(['trainee', 's1']), id: 'other' }), 3);
  });
  test('its facts, without note, to a tool of the university, which could not count otherwise [rev:sec-9]', () => {
    assert.equal(sees({ ...actor(['integration', null]), kind: 'service-account' }), 3);
    assert.equal(sees({ ...actor(['integration', 's1']), kind: 'service-account' }), 3);
  });
});

describe('a cursor', () => {
  test('comes back as it was written', () => {
    const cursor = new Map([
      ['logbook', { epoch: 'e1', position: 7 }],
      ['identity', { epoch: 'e2', position: 0 }],
    ]);
    assert.deepEqual(readCursor(writeCursor(cursor)), cursor);
  });
  for (const made of [
    '',
    '%',
    'e30',
    Buffer.from('[["logbook","e",-1]]').toString('base64url'),
    Buffer.from('[["../x","e",1]]').toString('base64url'),
    'A'.repeat(3_000),
    Buffer.from('[[1,2,3]]').toString('base64url'),
  ]) {
    test(`made up by a client is none: ${made.slice(0, 30)}`, () => assert.equal(readCursor(made), undefined));
  }
});
