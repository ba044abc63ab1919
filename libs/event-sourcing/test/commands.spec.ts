import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { ConcurrencyError, Commands } from '../src/commands.js';
import { reject, type Decider } from '../src/decider.js';
import type { AppendItem, AppendResult, EventStore } from '../src/event-store.js';
import { uuidv7 } from '../src/ids.js';
import { ERASED, type PersonKeys } from '../src/keys.js';
import { openSqliteEventStore, type SqliteEventStore } from '../src/sqlite/sqlite-event-store.js';
import { openSqlitePersonKeys } from '../src/sqlite/sqlite-person-keys.js';
import { temporaryFolder } from './temporary-folder.js';

type LoanCommand =
  { type: 'BorrowBook'; readerId: string; wish?: string } | { type: 'ReturnBook' } | { type: 'MoveBook'; readerId: string };
type LoanEvent =
  { type: 'BookBorrowed'; readerId: string; wish?: string } | { type: 'BookReturned' } | { type: 'BookMoved'; readerId: string };
type Loan = { is: 'absent' } | { is: 'out' | 'back'; readerId: string; wish?: string; times: number; since: string };
type Limit = { most: number } | undefined;

const loan: Decider<Loan, LoanCommand, LoanEvent, Limit> = {
  category: 'loan',
  initial: { is: 'absent' },
  scope: (state) => (state.is === 'absent' ? {} : { traineeId: state.readerId }),
  personal: { BookBorrowed: { person: 'readerId', fields: ['wish'] } },
  decide(command, state, context) {
    switch (command.type) {
      case 'BorrowBook':
        if (context && state.is !== 'absent' && state.times >= context.most) return reject('too-often');
        return state.is === 'out' ? reject('already-out') : [{ ...command, type: 'BookBorrowed' }];
      case 'ReturnBook':
        return state.is === 'out' ? [{ type: 'BookReturned' }] : [];
      case 'MoveBook':
        return [{ type: 'BookMoved', readerId: command.readerId }];
    }
  },
  evolve(state, event, { at }) {
    const times = state.is === 'absent' ? 0 : state.times;
    if (event.type === 'BookBorrowed') return { is: 'out', readerId: event.readerId, wish: event.wish, times: times + 1, since: at };
    const known = state as Exclude<Loan, { is: 'absent' }>;
    return event.type === 'BookMoved' ? { ...known, readerId: event.readerId } : { ...known, is: 'back' };
  },
};

type Library = {
  readonly commands: Commands;
  readonly store: SqliteEventStore;
  readonly keys: PersonKeys;
  reopen(): Promise<Library>;
  close(): Promise<void>;
};

const hashKey = randomBytes(32);
const masterKey = randomBytes(32);

async function library(folder: string): Promise<Library> {
  const store = await openSqliteEventStore({ file: `${folder}/library.events.sqlite`, hashKey, now: Date.now });
  const keys = openSqlitePersonKeys({ file: `${folder}/library.keys.sqlite`, masterKey });
  const close = async () => {
    await store.close();
    await keys.close();
  };
  return { commands: new Commands({ store, keys, hashKey }), store, keys, close, reopen: () => close().then(() => library(folder)) };
}

const reader = uuidv7(Date.now());
const envelope = () => ({ actor: { id: reader, kind: 'person' as const }, correlationId: randomUUID() });
const borrow = (readerId = reader): LoanCommand => ({ type: 'BorrowBook', readerId, wish: 'a quiet place' });

function inLibrary(work: (library: Library) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = temporaryFolder();
    const opened = await library(folder.path);
    try {
      await work(opened);
    } finally {
      await opened.close();
      folder.remove();
    }
  };
}

describe('carrying out a command', () => {
  test(
    'stores what was decided with actor, scope, command and correlation, and answers the new state [arch:4]',
    inLibrary(async ({ commands, store }) => {
      const id = randomUUID();
      const sent = { ...envelope(), commandId: randomUUID(), causationId: randomUUID() };
      const handled = await commands.handle(loan, id, borrow(), sent);
      assert.ok(handled.ok);
      const [stored] = await store.readStream(`loan-${id}`);
      assert.ok(stored);
      const { at, commandHash, ...metadata } = stored.metadata;
      assert.deepEqual(metadata, { ...sent, scope: { traineeId: reader } });
      assert.equal(typeof commandHash, 'string');
      assert.deepEqual(handled.state, { is: 'out', readerId: reader, wish: 'a quiet place', times: 1, since: at });
      assert.deepEqual([handled.revision, handled.position, handled.repeated], [0, 1, false]);
      assert.deepEqual(JSON.parse(JSON.stringify(handled.lastEvents)), [stored]);
    }),
  );

  test(
    'events stand where the store says, also where places do not follow one another [arch:4]',
    inLibrary(async ({ keys, store }) => {
      const sparse: EventStore = Object.assign(Object.create(store) as EventStore, {
        readStream: (stream: string) => store.readStream(stream),
        append: async (item: AppendItem): Promise<AppendResult> => {
          const result = await store.append(item);
          return result.ok ? { ...result, position: 900, positions: [700, 900] } : result;
        },
      });
      const twice = { ...loan, decide: () => [{ type: 'BookBorrowed', readerId: reader } as const, { type: 'BookReturned' } as const] };
      const handled = await new Commands({ store: sparse, keys, hashKey }).handle(twice, randomUUID(), borrow(), envelope());
      assert.ok(handled.ok);
      assert.deepEqual(
        handled.lastEvents.map(({ position }) => position),
        [700, 900],
      );
    }),
  );

  test(
    'a refusal is a typed answer and stores nothing',
    inLibrary(async ({ commands, store }) => {
      const id = randomUUID();
      await commands.handle(loan, id, borrow(), envelope());
      const handled = await commands.handle(loan, id, borrow(), envelope());
      assert.ok(!handled.ok);
      assert.equal(handled.refusal.code, 'already-out');
      assert.equal(await store.head(), 1);
    }),
  );

  test(
    'nothing to do is answered with the position of the stream as it stands',
    inLibrary(async ({ commands }) => {
      const id = randomUUID();
      const nothing = await commands.handle(loan, id, { type: 'ReturnBook' }, envelope());
      assert.ok(nothing.ok && nothing.position === 0 && nothing.revision === -1);
      await commands.handle(loan, id, borrow(), envelope());
      await commands.handle(loan, id, { type: 'ReturnBook' }, envelope());
      const again = await commands.handle(loan, id, { type: 'ReturnBook' }, envelope());
      assert.ok(again.ok && again.events.length === 0);
      assert.deepEqual([again.position, again.revision], [2, 1]);
    }),
  );

  test(
    'the context may be a function of the folded state [arch:4]',
    inLibrary(async ({ commands }) => {
      const id = randomUUID();
      await commands.handle(loan, id, borrow(), envelope());
      await commands.handle(loan, id, { type: 'ReturnBook' }, envelope());
      const handled = await commands.handle(loan, id, borrow(), {
        ...envelope(),
        context: async (state) => ({ most: state.is === 'absent' ? 9 : state.times }),
      });
      assert.ok(!handled.ok && handled.refusal.code === 'too-often');
    }),
  );

  test(
    'a scope key that was set cannot change [arch:4]',
    inLibrary(async ({ commands }) => {
      const id = randomUUID();
      await commands.handle(loan, id, borrow(), envelope());
      await assert.rejects(
        commands.handle(loan, id, { type: 'MoveBook', readerId: randomUUID() }, envelope()),
        /may not change its traineeId/,
      );
    }),
  );

  test(
    'twenty who race to do the same thing: one does it, the others see it done [arch:4]',
    inLibrary(async ({ commands, store }) => {
      const id = randomUUID();
      await commands.handle(loan, id, borrow(), envelope());
      const handled = await Promise.all(Array.from({ length: 20 }, () => commands.handle(loan, id, { type: 'ReturnBook' }, envelope())));
      assert.equal(handled.filter((one) => one.ok && one.events.length === 1).length, 1);
      assert.equal((await store.readStream(`loan-${id}`)).length, 2);
    }),
  );

  test(
    'conflicts are retried up to a bound [arch:4]',
    inLibrary(async ({ keys, store }) => {
      let appends = 0;
      const elsewhere = new Commands({ store, keys, hashKey });
      const id = randomUUID();
      const pestered: EventStore = Object.assign(Object.create(store) as EventStore, {
        readStream: (stream: string) => store.readStream(stream),
        append: async (item: AppendItem): Promise<AppendResult> => {
          appends += 1;
          await elsewhere.handle(loan, id, appends % 2 === 1 ? borrow() : { type: 'ReturnBook' }, envelope());
          return store.append(item);
        },
      });
      const commands = new Commands({ store: pestered, keys, hashKey });
      await assert.rejects(commands.handle(loan, id, { type: 'MoveBook', readerId: reader }, envelope()), ConcurrencyError);
      assert.equal(appends, 10);
    }),
  );
});

describe('a command sent again', () => {
  test('gets the first answer, also after later events and after a restart [arch:4]', async () => {
    const folder = temporaryFolder();
    let opened = await library(folder.path);
    const id = randomUUID();
    const sent = { ...envelope(), commandId: randomUUID() };
    const first = await opened.commands.handle(loan, id, borrow(), sent);
    await opened.commands.handle(loan, id, { type: 'ReturnBook' }, envelope());
    opened = await opened.reopen();
    const again = await opened.commands.handle(loan, id, borrow(), sent);
    assert.ok(first.ok && again.ok && again.repeated);
    assert.deepEqual(
      [again.events, again.state, again.revision, again.position],
      [first.events, first.state, first.revision, first.position],
    );
    assert.equal(await opened.store.head(), 2);
    await opened.close();
    folder.remove();
  });

  test(
    'with other content is refused, and so is the key of another person [arch:4]',
    inLibrary(async ({ commands }) => {
      const id = randomUUID();
      const sent = { ...envelope(), commandId: randomUUID() };
      await commands.handle(loan, id, borrow(), sent);
      const other = await commands.handle(loan, id, { type: 'ReturnBook' }, sent);
      const stranger = await commands.handle(loan, id, borrow(), { ...sent, actor: { id: randomUUID(), kind: 'person' } });
      assert.deepEqual(
        [other, stranger].map((one) => one.ok || one.refusal.code),
        ['idempotency-key-reused', 'idempotency-key-reused'],
      );
    }),
  );

  test(
    'at the same moment is carried out once',
    inLibrary(async ({ commands, store }) => {
      const id = randomUUID();
      const sent = { ...envelope(), commandId: randomUUID() };
      const other: LoanCommand = { type: 'BorrowBook', readerId: reader, wish: 'something else' };
      const handled = await Promise.all([borrow(), borrow(), other].map((command) => commands.handle(loan, id, command, sent)));
      assert.equal(await store.head(), 1);
      assert.deepEqual(
        handled.map((one) => (one.ok ? one.repeated : one.refusal.code)),
        [false, true, 'idempotency-key-reused'],
      );
    }),
  );
});

describe('many commands at once', () => {
  test(
    'are answered one by one and share one commit [arch:4]',
    inLibrary(async ({ commands, store }) => {
      const ids = Array.from({ length: 50 }, () => randomUUID());
      await commands.handle(loan, ids[7] as string, borrow(), envelope());
      const before = (await store.inspect()).commits;
      const commandId = randomUUID();
      const items = ids.map((id) => ({ id, command: borrow() }));
      const handled = await commands.handleMany(loan, items, { ...envelope(), commandId });
      assert.equal((await store.inspect()).commits, before + 1);
      assert.deepEqual(
        handled.map((one) => one.ok),
        ids.map((_, i) => i !== 7),
      );
      const again = await commands.handleMany(loan, items, { ...envelope(), commandId });
      assert.ok(again.every((one, i) => (i === 7 ? !one.ok : one.ok && one.repeated)));
      assert.equal(await store.head(), 50);
    }),
  );

  test(
    'a stream named twice takes its commands one after the other',
    inLibrary(async ({ commands }) => {
      const id = randomUUID();
      const [out, back] = await commands.handleMany(
        loan,
        [
          { id, command: borrow() },
          { id, command: { type: 'ReturnBook' } },
        ],
        envelope(),
      );
      assert.ok(out?.ok && back?.ok);
      assert.deepEqual([out.revision, back.revision], [0, 1]);
    }),
  );
});

describe('personal fields', () => {
  test(
    'are ciphertext in the store and plain to the decider [arch:4]',
    inLibrary(async ({ commands, store }) => {
      const id = randomUUID();
      await commands.handle(loan, id, borrow(), envelope());
      const [stored] = await store.readStream(`loan-${id}`);
      assert.match(JSON.stringify(stored?.data), new RegExp(`"\\$sealed":"${reader}\\.`));
      assert.doesNotMatch(JSON.stringify(stored), /quiet/);
      const handled = await commands.handle(loan, id, { type: 'ReturnBook' }, envelope());
      assert.ok(handled.ok && handled.state.is === 'back' && handled.state.wish === 'a quiet place');
    }),
  );

  test(
    'of an erased person stay unreadable while the stream goes on [arch:4]',
    inLibrary(async ({ commands, keys }) => {
      const id = randomUUID();
      const gone = randomUUID();
      await commands.handle(loan, id, borrow(gone), envelope());
      await keys.destroy(gone);
      const handled = await commands.handle(loan, id, { type: 'ReturnBook' }, envelope());
      assert.ok(handled.ok && handled.state.is === 'back' && handled.state.wish === ERASED);
      const anew = await commands.handle(loan, id, borrow(gone), envelope());
      assert.ok(anew.ok);
      assert.equal((anew.lastEvents[0]?.data as { wish: string }).wish, ERASED);
    }),
  );
});
