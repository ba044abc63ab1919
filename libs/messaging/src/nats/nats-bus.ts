import { unheard } from '@ateneo/event-sourcing';
import { errors, headers, type Msg, type Subscription } from '@nats-io/transport-node';
import {
  type BroadcastListener,
  type Bus,
  type BusHandler,
  ConnectionLostError,
  DEFAULT_TIMEOUT_MS,
  deserialise,
  errorReply,
  NoResponderError,
  NotPermittedError,
  remoteError,
  serialise,
  type Stop,
  TimeoutError,
} from '../bus.js';
import type { NatsLink } from './connection.js';

/** Marks a reply written by `errorReply`. */
const ERROR_HEADER = 'Ateneo-Error';

/** Requests through queue groups, broadcasts to every listener, on the connection's server or cluster; `close` leaves the connection open. */
export const createNatsBus = (link: NatsLink): Bus => new NatsBus(link);

class NatsBus implements Bus {
  readonly #link: NatsLink;
  readonly #subscriptions = new Set<Subscription>();
  readonly #answering = new Set<Promise<void>>();
  #closed = false;

  constructor(link: NatsLink) {
    this.#link = link;
  }

  async request(subject: string, message: unknown, options?: { readonly timeoutMs?: number }): Promise<unknown> {
    return deserialise(await this.requestText(subject, message, options));
  }

  async requestText(subject: string, message: unknown, options?: { readonly timeoutMs?: number }): Promise<string> {
    const text = serialise(subject, message);
    if (this.#closed) throw new NoResponderError(subject);
    const timeout = options?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const reply = await this.#reply(subject, text, timeout);
    if (reply.headers?.has(ERROR_HEADER)) throw remoteError(subject, reply.string());
    return reply.string();
  }

  /** A request sent on a connection that then broke gets no reply: its inbox is gone. Messages sent while disconnected leave on the next connection. */
  #reply(subject: string, text: string, timeout: number): Promise<Msg> {
    const { raw, isConnected } = this.#link;
    return new Promise((resolve, reject) => {
      const unlisten = this.#link.onStatus((connected) => {
        if (!connected && isConnected) reject(new ConnectionLostError(subject));
      });
      raw
        .request(subject, text, { timeout })
        .then(resolve, (error: unknown) => reject(told(error, subject, timeout)))
        .finally(unlisten);
    });
  }

  serve(subject: string, queue: string, handler: BusHandler): Stop {
    return this.#subscribe(subject, queue, (request) => {
      // the caller names it, and could name what this service alone may speak on
      if (!request.reply?.startsWith('_INBOX.')) return;
      const answering = this.#answer(request, handler).finally(() => this.#answering.delete(answering));
      this.#answering.add(answering);
    });
  }

  broadcast(subject: string, message: unknown): void {
    const text = serialise(subject, message);
    if (!this.#closed && !this.#link.raw.isClosed()) this.#link.raw.publish(subject, text);
  }

  onReconnect(listener: () => void): Stop {
    return this.#link.onStatus((connected) => connected && listener());
  }

  onBroadcast(subject: string, listener: BroadcastListener): Stop {
    return this.#subscribe(subject, undefined, (message) => {
      try {
        listener(deserialise(message.string()), message.subject);
      } catch (thrown) {
        process.emitWarning(`a listener of ${subject} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      }
    });
  }

  /** Lets handlers in progress finish, for at most a caller's default timeout. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = [...this.#subscriptions];
    this.#subscriptions.clear();
    if (this.#link.isConnected) await Promise.allSettled(running.map((subscription) => subscription.drain()));
    else for (const subscription of running) subscription.unsubscribe();
    await Promise.race([Promise.allSettled(this.#answering), new Promise((resolve) => setTimeout(resolve, DEFAULT_TIMEOUT_MS).unref())]);
  }

  /** Messages received before the stop are still handled. */
  #subscribe(subject: string, queue: string | undefined, handle: (message: Msg) => void): Stop {
    const subscription = this.#link.raw.subscribe(subject, {
      queue,
      callback: (error, message) => {
        if (error) process.emitWarning(`NATS refuses to deliver ${subject}: ${error.message}`);
        else handle(message);
      },
    });
    this.#subscriptions.add(subscription);
    return () => {
      if (this.#subscriptions.delete(subscription))
        void subscription.drain().catch(unheard('a connection that is lost has nothing to drain'));
    };
  }

  async #answer(request: Msg, handler: BusHandler): Promise<void> {
    const { subject } = request;
    try {
      const reply = serialise(subject, await handler(deserialise(request.string()), subject));
      this.#respond(request, reply);
    } catch (thrown) {
      const failed = headers();
      failed.set(ERROR_HEADER, '1');
      this.#respond(request, errorReply(subject, thrown), failed);
    }
  }

  /** A connection that ends has nobody to tell. */
  #respond(request: Msg, text: string, head?: ReturnType<typeof headers>): void {
    const { raw } = this.#link;
    if (!raw.isClosed() && !raw.isDraining()) request.respond(text, head && { headers: head });
  }
}

function told(error: unknown, subject: string, timeoutMs: number): Error {
  const cause = error instanceof errors.RequestError ? (error.cause ?? error) : error;
  if (cause instanceof errors.NoRespondersError) return new NoResponderError(subject);
  if (cause instanceof errors.PermissionViolationError) return new NotPermittedError(subject);
  if (cause instanceof errors.ClosedConnectionError || cause instanceof errors.DrainingConnectionError)
    return new NoResponderError(subject);
  return new TimeoutError(subject, timeoutMs);
}
