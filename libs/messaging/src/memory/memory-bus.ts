import {
  type BroadcastListener,
  type Bus,
  type BusHandler,
  DEFAULT_TIMEOUT_MS,
  deserialise,
  errorReply,
  matches,
  NoResponderError,
  remoteError,
  serialise,
  type Stop,
  TimeoutError,
} from '../bus.js';

type Group = { readonly handlers: BusHandler[]; turn: number };
type Pending = {
  readonly subject: string;
  readonly timeoutMs: number;
  readonly deadline: number;
  readonly resolve: (reply: string) => void;
  readonly reject: (error: Error) => void;
};

/** How coarse time-outs are: one timer looks at all waiting requests. */
const SWEEP_MS = 25;

/** The bus of one process; behaves like a server in between: serialised messages, queues, time-outs, no shared objects. */
export function createMemoryBus(): Bus {
  return new MemoryBus();
}

class MemoryBus implements Bus {
  readonly #subjects = new Map<string, Map<string, Group>>();
  readonly #listeners = new Map<string, Set<BroadcastListener>>();
  readonly #patterns = new Set<string>();
  readonly #pending = new Set<Pending>();
  #sweeper: NodeJS.Timeout | undefined;
  #closed = false;

  async request(subject: string, message: unknown, options?: { readonly timeoutMs?: number }): Promise<unknown> {
    return deserialise(await this.requestText(subject, message, options));
  }

  requestText(subject: string, message: unknown, options?: { readonly timeoutMs?: number }): Promise<string> {
    return new Promise((resolve, reject) => {
      const groups = this.#subjects.get(subject);
      if (groups === undefined || this.#closed) throw new NoResponderError(subject);
      const text = serialise(subject, message);
      const timeoutMs = options?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      const pending: Pending = { subject, timeoutMs, deadline: performance.now() + timeoutMs, resolve, reject };
      this.#pending.add(pending);
      this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
      for (const group of groups.values()) void this.#deliver(pending, group.handlers[group.turn++ % group.handlers.length]!, text);
    });
  }

  serve(subject: string, queue: string, handler: BusHandler): Stop {
    let groups = this.#subjects.get(subject);
    if (groups === undefined) this.#subjects.set(subject, (groups = new Map()));
    const group = groups.get(queue) ?? { handlers: [], turn: 0 };
    groups.set(queue, group);
    group.handlers.push(handler);
    let serving = true;
    return () => {
      if (!serving) return;
      serving = false;
      group.handlers.splice(group.handlers.indexOf(handler), 1);
      if (group.handlers.length === 0) groups.delete(queue);
      if (groups.size === 0) this.#subjects.delete(subject);
    };
  }

  broadcast(subject: string, message: unknown): void {
    const text = serialise(subject, message);
    if (this.#closed) return;
    this.#announce(this.#listeners.get(subject), subject, text);
    for (const pattern of this.#patterns) if (matches(pattern, subject)) this.#announce(this.#listeners.get(pattern), subject, text);
  }

  onBroadcast(subject: string, listener: BroadcastListener): Stop {
    const entry: BroadcastListener = (message, on) => listener(message, on);
    const listeners = this.#listeners.get(subject) ?? new Set();
    this.#listeners.set(subject, listeners.add(entry));
    if (/(^|\.)[*>](\.|$)/.test(subject)) this.#patterns.add(subject);
    return () => {
      listeners.delete(entry);
      if (listeners.size > 0 || this.#listeners.get(subject) !== listeners) return;
      this.#listeners.delete(subject);
      this.#patterns.delete(subject);
    };
  }

  /** Nothing is ever lost. */
  onReconnect(): Stop {
    return () => undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    for (const pending of this.#pending) pending.reject(new NoResponderError(pending.subject));
    this.#pending.clear();
    this.#subjects.clear();
    this.#listeners.clear();
    this.#patterns.clear();
  }

  /** The handler runs after the caller has its promise, as it would behind a wire. */
  async #deliver(pending: Pending, handler: BusHandler, text: string): Promise<void> {
    await undefined;
    try {
      const reply = serialise(pending.subject, await handler(deserialise(text), pending.subject));
      if (this.#pending.delete(pending)) pending.resolve(reply);
    } catch (thrown) {
      const reply = errorReply(pending.subject, thrown);
      if (this.#pending.delete(pending)) pending.reject(remoteError(pending.subject, reply));
    }
  }

  #announce(listeners: ReadonlySet<BroadcastListener> | undefined, subject: string, text: string): void {
    for (const listener of listeners ?? []) {
      queueMicrotask(() => {
        if (this.#closed || !listeners?.has(listener)) return;
        try {
          listener(deserialise(text), subject);
        } catch (thrown) {
          process.emitWarning(`a listener of ${subject} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
      });
    }
  }

  #sweep(): void {
    const now = performance.now();
    for (const pending of this.#pending) {
      if (pending.deadline > now) continue;
      this.#pending.delete(pending);
      pending.reject(new TimeoutError(pending.subject, pending.timeoutMs));
    }
    if (this.#pending.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}
