import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { onMongo } from '../conformance/on-mongo.conformance.js';

type DriverConnection = { readonly socket: Socket; command(ns: { db: string }, command: object, options: object): Promise<unknown> };
type Topology = {
  readonly s: { readonly servers: ReadonlyMap<string, { readonly monitor: { readonly connection: DriverConnection | null } }> };
};

const LONG_MS = 3_000;

onMongo('a connection of the driver', (server) => {
  test('a command on a socket that is gone and has not said so fails, and does not stand still for ever [issue8:4]', async () => {
    const { topology } = server().connection.getClient() as unknown as { topology: Topology };
    const [monitored] = [...topology.s.servers.values()].flatMap(({ monitor }) => monitor.connection ?? []);
    assert.ok(monitored);
    monitored.socket.destroy();
    const asked = monitored.command({ db: 'admin' }, { hello: 1 }, {}).then(
      () => 'answered',
      ({ name }: Error) => name,
    );
    assert.equal(await Promise.race([asked, pause(LONG_MS, 'stands still')]), 'MongoNetworkError');
  });
});
