import type { NatsConnection } from '@nats-io/transport-node';
import { connect } from '@nats-io/transport-node';
import { natsMissing, startNats } from '../../workspace/src/nats.mjs';
import { leasesConformance } from '../conformance/leases.conformance.js';
import type { Leases } from '../src/leases.js';
import { createNatsLeases } from '../src/nats/nats-leases.js';

const skip = natsMissing() ?? false;
/** Long enough for a busy machine. */
const sessionMs = 3_000;

leasesConformance(
  'NATS',
  async () => {
    const server = await startNats();
    const all = new Map<string, { connection: NatsConnection; leases: Leases }>();
    return {
      async join(instance) {
        const connection = await connect({ servers: server.url });
        const onProblem = process.env['LEASES_LOG'] ? console.log : undefined;
        const leases = await createNatsLeases(connection, { instance, service: 'depot', sessionMs, onProblem });
        all.set(instance, { connection, leases });
        return leases;
      },
      async vanish(instance) {
        await all.get(instance)!.connection.close();
        all.delete(instance);
      },
      async close() {
        await Promise.all([...all.values()].map(({ leases }) => leases.close()));
        await Promise.all([...all.values()].map(({ connection }) => connection.close()));
        await server.stop();
      },
    };
  },
  { skip },
);
