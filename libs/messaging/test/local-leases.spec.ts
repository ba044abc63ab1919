import { leasesConformance } from '../conformance/leases.conformance.js';
import { createLocalLeases } from '../src/leases.js';

leasesConformance(
  'one process alone',
  async () => ({ join: async (instance) => createLocalLeases(instance), close: async () => undefined }),
  {
    alone: true,
  },
);
