import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { startNats } from '../../workspace/src/nats.mjs';
import type { Member, Network } from '../conformance/depot.js';
import {
  connectNats,
  createNatsBus,
  createNatsEventBus,
  type NatsEventBus,
  type NatsLink,
  type StreamSettings,
} from '../src/nats/index.js';

export type RunningServer = {
  readonly url: string;
  connect(name: string): Promise<NatsLink>;
  /** Kills the server and starts it again on what it had stored. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** A real nats-server for one spec; `args` as nats-server takes them. */
export async function runServer(args: string[] = []): Promise<RunningServer> {
  const store = mkdtempSync(join(tmpdir(), 'ateneo-nats-spec-'));
  let server = await startNats({ store, args });
  const { url, port } = server;
  return {
    url,
    connect: (name) => connectNats({ url, name, timeoutMs: 5_000 }),
    async restart() {
      await server.stop('SIGKILL');
      server = await startNats({ store, port, args });
    },
    async stop() {
      await server.stop();
      rmSync(store, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

export type NatsMember = Member & { readonly eventBus: NatsEventBus; readonly link: NatsLink };

/** One process's part: a connection of its own with both buses. */
export async function joinOn(server: RunningServer, name: string, streams?: StreamSettings): Promise<NatsMember> {
  const link = await server.connect(name);
  const bus = createNatsBus(link);
  const eventBus = createNatsEventBus({ connection: link, bus, streams });
  return {
    link,
    bus,
    eventBus,
    async close() {
      await eventBus.close();
      await bus.close();
      await link.close();
    },
  };
}

/** A network that begins without streams. */
export async function networkOn(server: RunningServer): Promise<Network> {
  const keeper = await server.connect('keeper');
  const { streams } = await jetstreamManager(keeper.raw);
  for (const name of await streams.names().next()) await streams.delete(name);
  return { join: (name) => joinOn(server, name), close: () => keeper.close() };
}
