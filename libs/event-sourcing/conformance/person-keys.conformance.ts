import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { ERASED, isSealed, open, openFields, type PersonKeys, seal, sealFields, type Sealed } from '../src/keys.js';

/** Opens the same keys again and again; `forget` removes them. */
export type KeysOpener = { readonly open: (masterKey: Uint8Array) => Promise<PersonKeys>; readonly forget: () => Promise<void> };

/** Every adapter of the keys of people passes it. `processes`: how many processes may have them open at a time. */
export function personKeysConformance(adapter: string, processes: 'one' | 'many', opener: () => Promise<KeysOpener>): void {
  const withKeys = (body: (reopen: () => Promise<PersonKeys>, keys: PersonKeys, opener: KeysOpener) => Promise<void>) => async () => {
    const by = await opener();
    const masterKey = randomBytes(32);
    const opened: PersonKeys[] = [];
    const again = async () => {
      const keys = await by.open(masterKey);
      opened.push(keys);
      return keys;
    };
    try {
      await body(again, await again(), by);
    } finally {
      for (const keys of opened) await keys.close();
      await by.forget();
    }
  };

  describe(`keys of people: ${adapter}`, () => {
    test(
      'seal any JSON value and open it again, also after a restart [arch:4]',
      withKeys(async (reopen, keys) => {
        await Promise.all([keys.ensure(['p1', 'p2']), keys.ensure(['p2', 'p3'])]);
        const values = ['Rossi', 7, ['a', null], { street: 'Via Roma 1' }, ''];
        const sealed = values.map((value) => seal(keys, 'p2', value));
        assert.ok(sealed.every((one) => isSealed(one) && one.$sealed.startsWith('p2.')));
        assert.notDeepEqual(seal(keys, 'p2', 'Rossi'), sealed[0]);
        await keys.close();
        const again = await reopen();
        await again.fetch(['p2']);
        assert.deepEqual(
          sealed.map((one) => open(again, one as Sealed)),
          values,
        );
      }),
    );

    test(
      'a changed ciphertext does not open, nor under the name of another',
      withKeys(async (_reopen, keys) => {
        await keys.ensure(['p1', 'p2']);
        const { $sealed } = seal(keys, 'p1', 'Rossi') as Sealed;
        const turned = $sealed.slice(0, -3) + ($sealed.at(-3) === 'A' ? 'B' : 'A') + $sealed.slice(-2);
        assert.throws(() => open(keys, { $sealed: turned }));
        assert.throws(() => open(keys, { $sealed: $sealed.replace('p1.', 'p2.') }));
      }),
    );

    test(
      'the master key that wrapped them is needed',
      withKeys(async (_reopen, keys, by) => {
        await keys.ensure(['p1']);
        await keys.close();
        await assert.rejects(by.open(randomBytes(32)), { message: /^MASTER_KEY does not open the keys in / });
      }),
    );

    test(
      'an erased person is read as erased and never gets a key again [arch:4]',
      withKeys(async (reopen, keys) => {
        await keys.ensure(['p1']);
        const sealed = seal(keys, 'p1', 'Rossi') as Sealed;
        await keys.destroy('p1');
        await keys.destroy('p9');
        await keys.ensure(['p1', 'p9']);
        assert.deepEqual([keys.keyOf('p1'), open(keys, sealed), seal(keys, 'p1', 'Rossi')], [undefined, ERASED, ERASED]);
        await keys.close();
        const again = await reopen();
        await again.ensure(['p1']);
        assert.deepEqual([again.keyOf('p1'), again.erased()], [undefined, ['p1', 'p9']]);
      }),
    );

    test(
      'a key asked for and destroyed at the same moment is not served afterwards [arch:4]',
      withKeys(async (_reopen, keys) => {
        const people = Array.from({ length: 20 }, () => randomUUID());
        await Promise.all(people.flatMap((person) => [keys.ensure([person]), keys.destroy(person), keys.ensure([person])]));
        await keys.ensure(people);
        assert.deepEqual(
          people.filter((person) => keys.keyOf(person) !== undefined),
          [],
        );
        assert.deepEqual(keys.erased(), people.toSorted());
      }),
    );

    test(
      'close the declared fields of an event and leave the others alone',
      withKeys(async (_reopen, keys) => {
        await keys.ensure(['p1', 't1']);
        const personal = { PersonRegistered: { person: 'personId', fields: ['name', 'phone'] }, NoteAdded: { fields: ['text'] } };
        const registered = { type: 'PersonRegistered', personId: 'p1', name: 'Ada', role: 'tutor' };
        const data = sealFields(keys, personal, registered, { personId: 'p1', name: 'Ada', role: 'tutor' }, {});
        assert.deepEqual([isSealed(data['name']), data['role'], 'phone' in data], [true, 'tutor', false]);
        assert.deepEqual(openFields(keys, personal, 'PersonRegistered', data), { personId: 'p1', name: 'Ada', role: 'tutor' });
        const note = sealFields(keys, personal, { type: 'NoteAdded' }, { text: 'x' }, { traineeId: 't1' });
        assert.match((note['text'] as Sealed).$sealed, /^t1\./);
        assert.throws(() => sealFields(keys, personal, { type: 'NoteAdded' }, { text: 'x' }, {}), /names no person/);
      }),
    );

    if (processes === 'many') manyProcesses(withKeys);
  });
}

type WithKeys = (body: (reopen: () => Promise<PersonKeys>, keys: PersonKeys) => Promise<void>) => () => Promise<void>;

function manyProcesses(withKeys: WithKeys): void {
  test(
    'what one process seals another opens, once it has fetched the key [arch:4]',
    withKeys(async (reopen, keys) => {
      const there = await reopen();
      await keys.ensure(['p1']);
      const sealed = seal(keys, 'p1', 'Rossi') as Sealed;
      await there.fetch(['p1', 'unheard-of']);
      assert.equal(open(there, sealed), 'Rossi');
    }),
  );

  test(
    'several that need the key of a person at the same moment make one [arch:4]',
    withKeys(async (reopen, keys) => {
      const all = [keys, await reopen(), await reopen()];
      const people = Array.from({ length: 50 }, () => randomUUID());
      await Promise.all(all.map((each) => each.ensure(people)));
      for (const person of people) {
        const sealed = seal(keys, person, person) as Sealed;
        assert.deepEqual(
          all.map((each) => open(each, sealed)),
          [person, person, person],
        );
      }
    }),
  );

  test(
    'a key destroyed elsewhere is served no more within five seconds, asked for or not [arch:4]',
    withKeys(async (reopen, keys) => {
      const there = await reopen();
      await keys.ensure(['p1', 'p2']);
      await there.ensure(['p1', 'p2']);
      await keys.destroy('p1');
      const until = performance.now() + 5_000;
      while (there.keyOf('p1') && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(there.keyOf('p1'), undefined);
      await there.ensure(['p1']);
      await there.fetch(['p1']);
      assert.deepEqual([there.keyOf('p1'), there.erased()], [undefined, ['p1']]);
      assert.ok(there.keyOf('p2'));
    }),
  );
}
