export type Toxic = 'latency' | 'bandwidth' | 'slow_close' | 'timeout' | 'reset_peer' | 'slicer' | 'limit_data';

export type Proxy = {
  readonly port: number;
  /** 127.0.0.1:port, to be used instead of the upstream. */
  readonly address: string;
  /** Refuses new connections and ends those that are open. */
  disable(): Promise<unknown>;
  enable(): Promise<unknown>;
  /**
   * Makes the way bad until what it answers is called. In ms: `latency` { latency, jitter }; `timeout` { timeout }: nothing passes, the connection ends
   * after the time, with 0 never (half-open); `reset_peer` { timeout }: reset after the time; `bandwidth` { rate } in KB/s. `downstream` is what comes from the server.
   */
  add(type: Toxic, attributes?: Readonly<Record<string, number>>, stream?: 'upstream' | 'downstream'): Promise<() => Promise<unknown>>;
  remove(): Promise<unknown>;
};

export type RunningToxiproxy = {
  readonly pid: number;
  /** `upstream`: host:port; `port`: default a free one. */
  proxy(upstream: string, port?: number): Promise<Proxy>;
  stop(): Promise<void>;
};
export function toxiproxyMissing(): string | undefined;
export function prepareToxiproxy(withinMs?: number): { readonly available: boolean; readonly because?: string };
export function startToxiproxy(): Promise<RunningToxiproxy>;
