import assert from 'node:assert/strict';
import { reject, type Decider } from './decider.js';
import { isUuid, partitionOf, uuidv7, uuidv8 } from './ids.js';
import { specification, storedExamples } from './specification.js';

type Event = { type: 'DoorOpened'; schoolId: string; by: string } | { type: 'DoorMoved'; schoolId: string };
type Command = { type: 'OpenDoor'; by: string } | { type: 'MoveDoor' };
type Door = { readonly open: boolean; readonly schoolId?: string };

const door: Decider<Door, Command, Event> = {
  category: 'door',
  initial: { open: false },
  scope: ({ schoolId }) => ({ schoolId }),
  decide: (command, state) => {
    if (command.type === 'MoveDoor') return [{ type: 'DoorMoved', schoolId: 's2' }];
    if (command.by === '') return reject('nobody', { by: '' });
    return state.open ? [] : [{ type: 'DoorOpened', schoolId: 's1', by: command.by }];
  },
  evolve: (_state, event) => ({ open: true, schoolId: event.schoolId }),
  versions: { DoorOpened: 3 },
  upcasters: [
    { type: 'DoorOpened', from: 2, up: ({ who, ...rest }) => ({ ...rest, by: who }) },
    { type: 'DoorOpened', from: 1, up: ({ school, ...rest }) => ({ ...rest, schoolId: school }) },
  ],
};

const opened: Event = { type: 'DoorOpened', schoolId: 's1', by: 'a' };

describe('specification', () => {
  const { given } = specification(door);

  test('states what follows, that nothing follows, and what is refused', () => {
    const outcome = given().when({ type: 'OpenDoor', by: 'a' });
    outcome.then(opened);
    outcome.thenState((state) => assert.equal(state.open, true));
    given(opened).when({ type: 'OpenDoor', by: 'b' }).thenNothing();
    given().when({ type: 'OpenDoor', by: '' }).thenRejected('nobody', { by: '' });
  });

  test('fails where the sentence is not true', () => {
    assert.throws(() => given().when({ type: 'OpenDoor', by: 'a' }).thenNothing(), assert.AssertionError);
    assert.throws(() => given().when({ type: 'OpenDoor', by: 'a' }).thenRejected('nobody'), assert.AssertionError);
    assert.throws(() => given().when({ type: 'OpenDoor', by: '' }).thenRejected('other'), assert.AssertionError);
    assert.throws(() => given().when({ type: 'OpenDoor', by: '' }).then(opened), assert.AssertionError);
  });

  test('fails where a key of the scope changes [arch:4]', () => {
    assert.throws(() => given(opened).when({ type: 'MoveDoor' }), /may not change its schoolId/);
  });

  test('stored examples of every version fold through their upcasters [arch:4]', () => {
    const examples = [
      { school: 's1', who: 'a' },
      { schoolId: 's1', who: 'a' },
      { schoolId: 's1', by: 'a' },
    ];
    examples.forEach((data, i) =>
      assert.deepEqual(storedExamples(door, [{ type: 'DoorOpened', version: i + 1, data }]), { open: true, schoolId: 's1' }),
    );
    assert.throws(() => storedExamples(door, [{ type: 'DoorOpened', version: 4, data: {} }]), /version 4; this release reads version 3/);
  });
});

describe('ids', () => {
  test('uuid v7 begins with its moment, uuid v8 comes from its parts alone', () => {
    const id = uuidv7(0x0123456789ab);
    assert.match(id, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(id, uuidv7(0x0123456789ab));
    assert.match(uuidv8('a', 1), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(uuidv8('a', 1), uuidv8('a', 1));
    assert.notEqual(uuidv8('ab', 'c'), uuidv8('a', 'bc'));
    assert.deepEqual([isUuid(id), isUuid(`${id}0`), isUuid('')], [true, false, false]);
  });

  test('the partition is FNV-1a-32 of the lower-case text modulo 64 [arch:4]', () => {
    assert.deepEqual(['', 'a', 'foobar'].map(partitionOf), [0x811c9dc5 % 64, 0xe40c292c % 64, 0xbf9cf968 % 64]);
    assert.equal(partitionOf('FOOBAR'), partitionOf('foobar'));
  });
});

describe('what an event says in clear', () => {
  type Said = { type: 'Said'; by: string; words: string; list: readonly { readonly of: string }[] };
  const speech = (declared: Pick<Decider<object, { type: 'Say' } & Omit<Said, 'type'>, Said>, 'personal' | 'office'>) =>
    specification<object, { type: 'Say' } & Omit<Said, 'type'>, Said, undefined>({
      category: 'speech',
      initial: {},
      scope: () => ({}),
      decide: (command) => [{ ...command, type: 'Said' }],
      evolve: (state) => state,
      ...declared,
    }).given();
  const said = { type: 'Say', by: 'p-1', words: 'Mario Rossi è qui', list: [{ of: 'a-1' }] } as const;

  test('words in a field that the decider does not declare are named with event and field [rev:sec-4]', () => {
    assert.throws(() => speech({}).when(said), /Said\.words holds free text in clear/);
    assert.throws(
      () => speech({ office: { Said: ['words'] } }).when({ ...said, list: [{ of: 'due parole' }] }),
      /Said\.list\[\]\.of holds/,
    );
    assert.throws(() => speech({ personal: { Said: { person: 'by', fields: ['list'] } } }).when(said), /Said\.words holds/);
  });

  test('declared as personal or as an office’s they may stand; ids, days, instants and codes always [rev:sec-4]', () => {
    speech({ office: { Said: ['words'] } }).when(said);
    speech({ personal: { Said: { person: 'by', fields: ['words'] } } }).when(said);
    speech({}).when({
      ...said,
      words: '2026-03-05',
      list: [{ of: '2026-03-05T09:00:00.000Z' }, { of: 'CARD-402-12/angioplasty' }, { of: '' }],
    });
  });
});
