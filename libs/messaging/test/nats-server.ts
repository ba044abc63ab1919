import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '../../workspace/src/nats.mjs';
import { connectNats, type NatsLink } from '../src/nats/index.js';

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
