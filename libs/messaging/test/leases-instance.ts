// One instance in a process of its own, for tests that kill and pause it: node leases-instance.ts <url> <instance> <units> <sessionMs>.
// It writes a line of JSON for each thing that happens to it.
import { connect } from '@nats-io/transport-node';
import { createNatsLeases } from '../src/nats/nats-leases.js';
import { unitsOf } from '../conformance/leases.conformance.js';

const [url, instance, count, sessionMs] = process.argv.slice(2);
const say = (what: object) => void process.stdout.write(`${JSON.stringify({ ...what, at: Date.now() })}\n`);

const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 100, pingInterval: 1_000 });
const leases = await createNatsLeases(connection, { instance: instance!, service: 'depot', sessionMs: Number(sessionMs) });
const shared = await leases.share({
  group: 'boxes',
  units: unitsOf(Number(count)),
  gained: async (unit, fence) => say({ did: 'gained', unit, fence }),
  lost: async (unit) => say({ did: 'lost', unit }),
});
// The work of a real instance: due long ago when a paused one wakes.
setInterval(() => say({ did: 'work', held: shared.held().size }), 50);
say({ did: 'joined' });
