import assert from 'node:assert/strict';
import { parkedOf, problemsOf, projectionsOf, reactionsOf, sharedOf, versionsOf } from './status-view.js';
import type { Status } from './system-api.js';

type Instance = Status['instances'][number];
const at = '2026-11-21T10:00:00.000Z';
const instance = (name: string, more: Partial<Instance>): Instance => ({
  service: 'reporting',
  instance: name,
  version: '0.0.0',
  startedAt: at,
  toldAt: at,
  ready: true,
  waitingFor: [],
  memoryBytes: 1,
  projections: [],
  parked: [],
  parkedReactions: [],
  problems: [],
  publisher: null,
  answers: true,
  ...more,
});
const status = (...instances: Instance[]): Status => ({
  at,
  instances,
  absent: [],
  eventTypes: ['logbook.entry-recorded.v1', 'logbook.entry-sent.v2'],
});
const holds = (units: { unit: string; events: number; seconds: number }[], events: number) => ({
  projections: [{ projection: 'counters', origins: [{ origin: 'logbook', events, seconds: 3 }], units, parked: 1 }],
});
const waiting = {
  projection: 'counters',
  key: 't1',
  waiting: 2,
  origin: 'logbook',
  position: 7,
  why: 'poison' as const,
  reason: 'x',
  at: null,
};

describe('the view of the platform', () => {
  const one = instance(
    'r1',
    holds(
      [
        { unit: 'p00', events: 0, seconds: 0 },
        { unit: 'p63', events: 5, seconds: 3 },
      ],
      5,
    ),
  );
  const two = instance('r2', holds([{ unit: 'p07', events: 2, seconds: 1 }], 2));

  test('each partition has the instance that folds it, or nobody [issue4:5]', () => {
    const [shared] = sharedOf(status(one, two));
    assert.equal(shared?.cells.length, 64);
    assert.deepEqual(
      [0, 7, 8, 63].map((partition) => [shared?.cells[partition]?.owner?.letter, shared?.cells[partition]?.events]),
      [
        ['A', 0],
        ['B', 2],
        [undefined, 0],
        ['A', 5],
      ],
    );
    assert.deepEqual(
      shared?.owners.map(({ instance: name, units, events }) => [name, units, events]),
      [
        ['r1', 2, 5],
        ['r2', 1, 2],
      ],
    );
  });
  test('an instance that does not answer folds nothing [issue4:5]', () => {
    const [shared] = sharedOf(status(one, { ...two, answers: false }));
    assert.equal(shared?.cells[7]?.owner, undefined);
  });
  test('what one instance folds alone is not parted [issue4:5]', () =>
    assert.deepEqual(sharedOf(status(instance('r1', holds([{ unit: 'all', events: 0, seconds: 0 }], 0)))), []));
  test('the lag of a projection is that of all its instances [arch:6]', () =>
    assert.deepEqual(projectionsOf(status(one, two)), [
      { service: 'reporting', projection: 'counters', events: 7, seconds: 3, parked: 2 },
    ]));
  test('a key that several instances tell of is one [issue4:5]', () =>
    assert.equal(parkedOf(status({ ...one, parked: [waiting] }, { ...two, parked: [waiting] })).length, 1));
  test('a fact that was not acted on is one, whoever tells of it [rev:arch-4]', () => {
    const fact = { reaction: 'when-a-then-b', origin: 'own', position: 7, eventId: 'e', reason: 'x' };
    assert.equal(reactionsOf(status({ ...one, parkedReactions: [fact] }, { ...two, parkedReactions: [fact] })).length, 1);
    assert.deepEqual(reactionsOf(status({ ...one, parkedReactions: [fact], answers: false })), []);
  });
  test('what goes on stands first, the longest before; then what was, the last before [rev:arch-5]', () => {
    const problem = (what: string, goesOn: boolean, hour: number) => {
      const time = `2026-11-21T0${hour}:00:00.000Z`;
      return { part: 'relay', what, goesOn, since: time, last: time, times: 1, reason: 'x' };
    };
    const rows = problemsOf(
      status(
        { ...one, problems: [problem('d', false, 1), problem('b', true, 4)] },
        { ...two, problems: [problem('c', false, 5), problem('a', true, 2)] },
      ),
    );
    assert.deepEqual(
      rows.map(({ what }) => what),
      ['a', 'b', 'c', 'd'],
    );
  });
  test('events are told by name and version [issue4:5]', () =>
    assert.deepEqual(versionsOf(status()), [
      {
        service: 'logbook',
        events: [
          { name: 'entry-recorded', version: 'v1' },
          { name: 'entry-sent', version: 'v2' },
        ],
      },
    ]));
});
