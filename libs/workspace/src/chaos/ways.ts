import { type Proxy, type RunningToxiproxy, startToxiproxy } from '../toxiproxy.mjs';

export type Server = 'nats' | 'mongo';

/** The network between processes and servers: a proxy for each way, so that one process can be cut off alone. */
export class Ways {
  readonly #ways = new Map<string, { readonly member: string; readonly server: Server; readonly proxy: Proxy }>();

  private constructor(private readonly toxiproxy: RunningToxiproxy) {}

  static async open(): Promise<Ways> {
    return new Ways(await startToxiproxy());
  }

  /** The address by which a process reaches a server; asked again, the same. */
  readonly way = async (member: string, server: Server, address: string): Promise<string> => {
    const key = `${member} ${address}`;
    const way = this.#ways.get(key) ?? { member, server, proxy: await this.toxiproxy.proxy(address) };
    this.#ways.set(key, way);
    return way.proxy.address;
  };

  /** Ways to a kind of server, of one process or of all. */
  to(server: Server, member?: string): Proxy[] {
    return [...this.#ways.values()]
      .filter((way) => way.server === server && (member === undefined || way.member === member))
      .map(({ proxy }) => proxy);
  }

  close(): Promise<void> {
    return this.toxiproxy.stop();
  }
}
