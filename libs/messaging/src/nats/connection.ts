import { unheard } from '@ateneo/event-sourcing';
import { connect, type NatsConnection } from '@nats-io/transport-node';

export type NatsOptions = {
  /** `nats://user:password@host:port[,host:port…]`; `tls://` asks for TLS with the authorities of the system. */
  readonly url: string;
  /** Of the service: its connections and inboxes (`_INBOX.<name>.…`) bear it. */
  readonly name: string;
  readonly tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string };
  /** How long to wait for a server; no limit if absent. */
  readonly timeoutMs?: number;
  /** Receives connection events as text. */
  readonly log?: (message: string) => void;
};

/** No server answered in time. */
export class NoServerError extends Error {
  override readonly name = 'NoServerError';
}

/** The process's single NATS connection; it reconnects for as long as the process lives. */
export interface NatsLink {
  readonly raw: NatsConnection;
  readonly name: string;
  readonly isConnected: boolean;
  /** `false` when the connection is lost, `true` when it is back. Answers how to stop listening. */
  onStatus(listener: (connected: boolean) => void): () => void;
  /** Flushes, then closes; idempotent. */
  close(): Promise<void>;
}

const RECONNECT_MS = 250;
const DIAL_MS = 5_000;
const PING_MS = 5_000;
const LONGEST_FAREWELL_MS = 2_000;

/** Throws NoServerError after `timeoutMs`, and at once if a server rejects the credentials. */
export async function connectNats(options: NatsOptions): Promise<NatsLink> {
  const { name, timeoutMs } = options;
  const { servers, user, pass, secure } = readAddress(options.url);
  const until = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
  let [waited, found] = [false, false];
  const raw = await connect({
    servers,
    user,
    pass,
    name,
    tls: options.tls ?? (secure ? {} : undefined),
    inboxPrefix: `_INBOX.${name}`,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    timeout: Math.min(DIAL_MS, timeoutMs ?? DIAL_MS),
    pingInterval: PING_MS,
    noAsyncTraces: true,
    reconnectToServer: () => {
      if (found) return null;
      if (Date.now() > until) throw new NoServerError(`no NATS server at ${servers.join(', ')} within ${timeoutMs} ms`);
      if (waited && until === Infinity) options.log?.(`no NATS server at ${servers.join(', ')} yet`);
      waited = true;
      return null;
    },
  }).catch((error: unknown) => {
    throw (error as { cause?: unknown }).cause instanceof NoServerError ? (error as { cause: NoServerError }).cause : error;
  });
  found = true;
  return new Link(raw, name, options.log ?? (() => undefined));
}

/** Throws TypeError for an address of another form. */
function readAddress(url: string) {
  const [, scheme, credentials, hosts] = /^(nats|tls):\/\/(?:([^@]*)@)?([^@/]+)\/?$/.exec(url) ?? [];
  if (scheme === undefined || hosts === undefined) throw new TypeError('an address of NATS is nats://user:password@host:port[,host:port]');
  const [user, pass] = (credentials ?? '').split(':').map(decodeURIComponent);
  return { servers: hosts.split(','), user: user || undefined, pass, secure: scheme === 'tls' };
}

class Link implements NatsLink {
  readonly #listeners = new Set<(connected: boolean) => void>();
  #connected = true;
  #closing: Promise<void> | undefined;

  constructor(
    readonly raw: NatsConnection,
    readonly name: string,
    readonly log: (message: string) => void,
  ) {
    void this.#watch();
  }

  get isConnected(): boolean {
    return this.#connected;
  }

  onStatus(listener: (connected: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #watch(): Promise<void> {
    for await (const status of this.raw.status()) {
      if (status.type === 'disconnect') this.#tell(false, 'the NATS server is lost');
      else if (status.type === 'reconnect') this.#tell(true, `connected again to ${status.server}`);
      else if (status.type === 'error') this.log(`NATS: ${status.error.message}`);
    }
    this.#tell(false, 'the connection to NATS has ended');
  }

  #tell(connected: boolean, message: string): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    // an end that was asked for is no news
    if (!this.#closing) this.log(message);
    for (const listener of this.#listeners) listener(connected);
  }

  /** Draining needs a server; without one the connection is just closed. */
  async #close(): Promise<void> {
    if (this.#connected) {
      const late = new Promise((resolve) => setTimeout(resolve, LONGEST_FAREWELL_MS).unref());
      await Promise.race([this.raw.drain().catch(unheard('a connection that is lost has nothing to drain')), late]);
    }
    await this.raw.close();
  }
}
