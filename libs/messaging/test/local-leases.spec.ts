import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leasesConformance } from '../conformance/leases.conformance.js';
import { createLocalLeases } from '../src/leases.js';

leasesConformance(
  'one process alone',
  async () => ({ join: async (instance) => createLocalLeases(instance), close: async () => undefined }),
  {
    alone: true,
  },
);

test('what cannot begin in one process alone is told each time, and begun again [rev:arch-5]', async () => {
  const told: string[] = [];
  const begun = Promise.withResolvers<void>();
  const leases = createLocalLeases('local', (problem, error) => void told.push(`${problem}: ${(error as Error).message}`));
  let failures = 2;
  const shared = await leases.share({
    group: 'career.publisher',
    units: ['all'],
    gained: async () => {
      if (failures-- > 0) throw new Error('no disk');
      begun.resolve();
    },
    lost: async () => undefined,
  });
  await begun.promise;
  assert.deepEqual(told, Array(2).fill('career.publisher: all could not begin: no disk'));
  await shared.leave();
});
