import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { connectNats, createNatsBus, createNatsEventBus, createNatsLeases, type NatsLink } from '@ateneo/messaging/nats';
import type { Leases } from '@ateneo/messaging';
import type { Network } from '../../messaging/conformance/depot.js';
import { eventBusConformance } from '../../messaging/conformance/event-bus.conformance.js';
import { leasesConformance } from '../../messaging/conformance/leases.conformance.js';
import { natsMissing, type RunningNats, startNats } from '../src/nats.mjs';
import { natsPermissions } from '../src/nats-permissions.js';

const skip = natsMissing() ?? false;

/** The services that the suites speak of, each with what it is permitted as one that the contracts name. */
describe('the adapters with the permissions of a service', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-permitted-'));
  const config = join(folder, 'nats.conf');
  before(() =>
    writeFileSync(
      config,
      natsPermissions((user) => `"word-of-${user}"`, { depot: [], reader: ['depot'] }),
    ),
  );
  const refused: string[] = [];
  after(() => {
    rmSync(folder, { recursive: true });
    assert.deepEqual(refused, [], 'nothing that an adapter does is refused');
  });

  const log = (message: string) => void (/permission/i.test(message) && refused.push(message));
  const connectAs = ({ url }: RunningNats, name: string): Promise<NatsLink> =>
    connectNats({ url: url.replace('//', `//${name}:word-of-${name}@`), name, timeoutMs: 5_000, log });

  eventBusConformance('NATS, permitted', async (): Promise<Network> => {
    const server = await startNats({ config });
    return {
      async join(name) {
        const link = await connectAs(server, name);
        const bus = createNatsBus(link);
        const eventBus = createNatsEventBus({ connection: link, bus });
        return {
          bus,
          eventBus,
          async close() {
            await eventBus.close();
            await bus.close();
            await link.close();
          },
        };
      },
      close: () => server.stop(),
    };
  });

  leasesConformance(
    'NATS, permitted',
    async () => {
      const server = await startNats({ config });
      const all = new Map<string, { link: NatsLink; leases: Leases }>();
      return {
        async join(instance) {
          const link = await connectAs(server, 'depot');
          const leases = await createNatsLeases(link.raw, { instance, service: 'depot', sessionMs: 3_000 });
          all.set(instance, { link, leases });
          return leases;
        },
        async vanish(instance) {
          await all.get(instance)?.link.raw.close();
          all.delete(instance);
        },
        async close() {
          await Promise.all([...all.values()].map(({ leases }) => leases.close()));
          await Promise.all([...all.values()].map(({ link }) => link.close()));
          await server.stop();
        },
      };
    },
    { skip },
  );
});
