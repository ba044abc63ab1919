import assert from 'node:assert/strict';
import type { Platform, ServiceRuntime } from '@ateneo/service-kit';
import type { DirectoryEntry } from './directory.projection.js';
import { NamesInMemory } from './names-in-memory.lookup.js';

const entry = (personId: string, familyName: string, erased = false) =>
  ({
    personId,
    givenName: 'Anna',
    familyName,
    email: 'a@ateneo.example',
    staffNumber: null,
    profiles: [],
    erased,
  }) as unknown as DirectoryEntry;

/** A read model whose words of change the test gives, or loses. */
async function directory() {
  const stored = new Map([['a', entry('a', 'Alfa')]]);
  const told: string[] = [];
  const state = { away: false, listen: (_changes: { projection: string; key: string }[]): void => undefined };
  const answer = <T>(value: () => T) => (state.away ? Promise.reject(new Error('away')) : Promise.resolve(value()));
  const runtime = {
    onChange: (listener: typeof state.listen) => ((state.listen = listener), () => undefined),
    collection: () => ({
      find: () => answer(() => [...stored.values()]),
      getMany: (ids: string[]) => answer(() => new Map(ids.flatMap((id) => (stored.has(id) ? [[id, stored.get(id)]] : [])))),
    }),
  };
  const names = new NamesInMemory(
    runtime as unknown as ServiceRuntime,
    { onProblem: ({ is }: { is: string }) => void told.push(is) } as unknown as Platform,
  );
  await names.start();
  const shown = async () => (await names.find({})).map(({ familyName }) => familyName);
  return { stored, state, told, shown };
}

test('after a lost connection the directory is read whole, so that an erasure that was missed is known [rev:arch-14]', async () => {
  const { stored, state, shown } = await directory();
  stored.set('a', entry('a', '', true));
  assert.deepEqual(await shown(), ['Alfa']);
  state.listen([]);
  assert.deepEqual(await shown(), ['']);
});

test('a change that could not be read is told, nothing is said meanwhile, and all is right afterwards [rev:arch-14]', async () => {
  const { stored, state, told, shown } = await directory();
  state.away = true;
  stored.set('a', entry('a', '', true));
  state.listen([{ projection: 'directory', key: 'a' }]);
  await assert.rejects(shown(), { name: 'AwayError' });
  state.away = false;
  assert.deepEqual(await shown(), ['']);
  assert.deepEqual([told[0], told.at(-1)], ['goes-on', 'over']);
});
