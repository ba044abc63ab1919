import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { StoreUnavailableError } from '@ateneo/event-sourcing';
import { natsMissing } from '../../workspace/src/nats.mjs';
import { eventStoreConformance } from '../../event-sourcing/conformance/event-store.conformance.js';
import { createNatsBus } from '../src/nats/index.js';
import { openRemoteEventStore } from '../src/remote-event-store.js';
import { event, holder, store as storeIn, stream } from './lent-store.js';
import { type RunningServer, runServer } from './nats-server.js';

/** A holder and another instance, each with a connection of its own. */
async function pair(server: RunningServer, service = `sample-${randomUUID()}`) {
  const links = [await server.connect('holder'), await server.connect('instance')] as const;
  const [there, here] = [createNatsBus(links[0]), createNatsBus(links[1])];
  const lent = await holder(there, service);
  const remove = async () => {
    await lent.remove();
    for (const bus of [here, there]) await bus.close();
    for (const link of links) await link.close();
  };
  return { lent, here, service, remove };
}

describe('the event store of another instance over NATS', { skip: natsMissing() ?? false }, () => {
  let server: RunningServer;
  before(async () => (server = await runServer()));
  after(() => server.stop());

  eventStoreConformance('lent over NATS', async () => {
    const { here, service, remove } = await pair(server);
    return { open: (options) => openRemoteEventStore(here, service, options), remove };
  });

  test(
    'goes on after the server was killed; an append sent again counts once, what was stored meanwhile is noticed [issue:4]',
    { timeout: 60_000 },
    async () => {
      const own = await runServer();
      const { lent, here, service, remove } = await pair(own);
      const store = await openRemoteEventStore(here, service, { timeoutMs: 2_000, pollMs: 100 });
      await storeIn(store);
      const heads: number[] = [];
      store.onCommit((head) => heads.push(head));
      const restarted = own.restart();
      const item = { stream: stream(), expectedRevision: -1, events: [event()] };
      const asked = Promise.allSettled([store.append(item)]);
      const position = await storeIn(lent.held);
      await restarted;
      const [first] = await asked;
      assert.ok(first.status === 'fulfilled' || first.reason instanceof StoreUnavailableError);
      for (let turn = 0; turn < 200 && (heads.at(-1) ?? 0) < position; turn += 1) await new Promise((resolve) => setTimeout(resolve, 50));
      assert.ok((heads.at(-1) ?? 0) >= position);
      assert.ok((await store.append(item)).ok);
      assert.equal((await lent.held.readStream(item.stream)).length, 1);
      await store.close();
      await remove();
      await own.stop();
    },
  );
});
