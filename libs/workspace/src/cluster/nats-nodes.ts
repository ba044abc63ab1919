import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, type RunningNats, startNats } from '../nats.mjs';

const root = resolve(import.meta.dirname, '../../../..');

/**
 * Throws RangeError where the folder's streams were made by another number of nodes: nodes of a cluster do not see those of a server that was alone,
 * and whoever reads from where it was waits for ever.
 */
export function checkNatsNodes(home: string, count: number): void {
  const made = existsSync(home) ? readdirSync(home).filter((name) => /^nats-\d$/.test(name)).length : 0;
  if (made === 0 || made === count) return;
  throw new RangeError(
    `--nats-nodes holds "${count}", but the streams in ${home} were made by ${made}: it may hold ${made}; ` +
      `or remove the folders nats-* there, and what they hold is published anew`,
  );
}

/** One server of NATS, or several that are a cluster, each with a store in the folder that outlives it. */
export class NatsNodes {
  readonly servers: RunningNats[] = [];

  private constructor(
    private readonly home: string,
    private readonly passwords: Readonly<Record<string, string>>,
    private readonly ports: readonly number[],
    private readonly routePorts: readonly number[],
  ) {}

  static async open(count: number, home: string, passwords: Readonly<Record<string, string>>): Promise<NatsNodes> {
    const ports: number[] = [];
    for (let i = 0; i < (count > 1 ? 2 * count : 1); i++) ports.push(await freePort());
    const nodes = new NatsNodes(home, passwords, ports.slice(0, count), ports.slice(count));
    await Promise.all(nodes.ports.map((_port, node) => nodes.start(node)));
    return nodes;
  }

  get addresses(): readonly string[] {
    return this.ports.map((port) => `127.0.0.1:${port}`);
  }

  /** On its store and port, also after it was killed. */
  async start(node: number): Promise<void> {
    this.servers[node] = await startNats({
      args: this.#cluster(node),
      port: this.ports[node],
      store: join(this.home, `nats-${node + 1}`),
      config: join(root, 'infra/nats/permissions.conf'),
      env: this.passwords,
    });
  }

  async kill(node: number): Promise<void> {
    await this.servers[node]?.stop('SIGKILL');
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  #cluster(node: number): string[] {
    const routes = this.routePorts.filter((_port, other) => other !== node).map((port) => `nats-route://127.0.0.1:${port}`);
    if (routes.length === 0) return [];
    const own = `nats://127.0.0.1:${this.routePorts[node]}`;
    const name = ['-n', `node-${node + 1}`, '--cluster_name', 'ateneo'];
    return [...name, '--cluster', own, '--routes', routes.join(','), '--no_advertise'];
  }
}
