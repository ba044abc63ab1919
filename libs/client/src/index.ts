import { randomUUID } from 'node:crypto';
import { type Context, contextOf, type Operation, type Output, type RawInput, TOKEN_SEPARATOR } from '@ateneo/contracts';
import { AccessToken, type Credentials } from './access-token.js';
import { feedAddress, type FeedFilter, type FeedPage } from './event-feed.js';

export { SignInError, type Credentials } from './access-token.js';
export type { FeedEvent, FeedFilter, FeedPage } from './event-feed.js';

/** The platform answered with an RFC 9457 problem: `code` names the rule, `errors` the fields. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem: {
      readonly title?: string;
      readonly detail?: string;
      readonly errors?: readonly { readonly pointer: string; readonly code: string }[];
    },
  ) {
    super(`${status} ${code}${problem.detail ? `: ${problem.detail}` : ''}`);
  }
}

export type ClientOptions =
  | { /** `http://localhost:3000` */ readonly baseUrl: string; readonly credentials: Credentials }
  | { readonly baseUrl: string; /** a bearer token, or how to get one */ readonly token: string | (() => string | Promise<string>) };
export type CallOptions = {
  /** names the intent: the same key with the same content is carried out once; default: a new one */ readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

/** Calls operations of the contracts over HTTP, in a staff tool or a script. */
export class AteneoClient {
  readonly #baseUrl: string;
  readonly #token: () => string | Promise<string>;
  /** by context: the newest token of its commands, which later queries wait for */ readonly #positions = new Map<Context, string>();

  constructor(options: ClientOptions) {
    this.#baseUrl = options.baseUrl.replace(/\/$/, '');
    if ('credentials' in options) {
      const token = new AccessToken(this.#baseUrl, options.credentials);
      this.#token = () => token.current();
    } else {
      const { token } = options;
      this.#token = typeof token === 'string' ? () => token : token;
    }
  }

  /**
   * Queries show what earlier commands of this client did, or say `stale`.
   * Throws ProblemError for what the platform refuses; network errors pass through.
   */
  async call<Op extends Operation>(operation: Op, input: RawInput<Op>, options: CallOptions = {}): Promise<Output<Op>> {
    const waited = (operation.readsAfter ?? []).flatMap((context) => this.#positions.get(context) ?? []);
    const after = waited.length > 0 ? { after: waited.join(TOKEN_SEPARATOR) } : {};
    const answer = await this.#send(operation, { ...after, ...(input as object) }, options);
    if (operation.kind === 'command' && answer.token !== undefined) this.#positions.set(contextOf(operation.name), answer.token);
    return answer as Output<Op>;
  }

  async #send(
    operation: Operation,
    input: Readonly<Record<string, unknown>>,
    { idempotencyKey, signal }: CallOptions,
  ): Promise<{ readonly token?: string }> {
    if (!operation.http) throw new TypeError(`${operation.name} is not offered over HTTP`);
    const { method, path } = operation.http;
    const rest: Record<string, unknown> = { ...input };
    const address = path.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
      const value = String(rest[field]);
      delete rest[field];
      return encodeURIComponent(value);
    });
    const inQuery = method === 'GET' || method === 'DELETE';
    const query = new URLSearchParams();
    if (inQuery)
      for (const [name, value] of Object.entries(rest)) if (value !== undefined && value !== null) query.set(name, String(value));
    const headers: Record<string, string> = operation.kind === 'command' ? { 'idempotency-key': idempotencyKey ?? randomUUID() } : {};
    return (await this.#fetch(`/api${address}${query.size > 0 ? `?${query}` : ''}`, {
      method,
      signal,
      headers,
      ...(inQuery ? {} : { body: JSON.stringify(rest), headers: { ...headers, 'content-type': 'application/json' } }),
    })) as { readonly token?: string };
  }

  /** One page of public events after a cursor; an empty page means: nothing new yet. */
  async events(filter: FeedFilter = {}): Promise<FeedPage> {
    return (await this.#fetch(feedAddress(filter), { method: 'GET', headers: {} })) as FeedPage;
  }

  /** All public events after a cursor, page by page, until there is nothing new. */
  async *eventsSince(filter: FeedFilter = {}): AsyncGenerator<FeedPage> {
    for (let cursor = filter.cursor; ;) {
      const page = await this.events({ ...filter, cursor });
      if (page.events.length === 0 && page.next === cursor) return;
      yield page;
      cursor = page.next;
    }
  }

  async #fetch(path: string, { headers, ...init }: RequestInit & { headers: Record<string, string> }): Promise<unknown> {
    const response = await fetch(`${this.#baseUrl}${path}`, {
      ...init,
      headers: { accept: 'application/json', authorization: `Bearer ${await this.#token()}`, ...headers },
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const problem = answer as { code?: string; title?: string; detail?: string; errors?: { pointer: string; code: string }[] };
    throw new ProblemError(response.status, problem.code ?? 'unknown', problem);
  }
}
