import { setTimeout as pause } from 'node:timers/promises';

/** The platform that is running just now, or comes again in a moment. */
export type Target = {
  readonly url: string;
  /** set when it will not come again */ readonly gone: boolean;
  token(username: string): Promise<string>;
};
/** How long a person had to wait for an answer that did not come at once; ms of `performance.now()`. */
export type Wait = { readonly from: number; readonly to: number };
export type Answer = {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** of a download */ readonly bytes?: Buffer;
};
/** As text: a CSV. */
type Body = object | string;

const TOKEN_MS = 200_000;
const TIMEOUT_MS = 10_000;
const NOTICED_MS = 250;
/** With a new token each time. */
const MOST_REFUSED = 20;
/** Worth another try with the same key: not there, too busy, or not yet told of a fact. */
const isPassing = ({ status, body }: Answer): boolean =>
  [429, 500, 502, 503, 504].includes(status) || body['code'] === 'changed-meanwhile' || String(body['code']).includes('not-known-yet');

/** One person or tool who goes on asking until there is an answer, whatever becomes of the platform in between. */
export class Client {
  #token: { readonly text: string; readonly at: number } | undefined;
  /** Commands that had to be sent again because no answer came. */
  repeated = 0;
  readonly waits: Wait[] = [];

  constructor(
    private readonly target: Target,
    private readonly signIn: () => Promise<string>,
  ) {}

  get(path: string): Promise<Answer> {
    return this.ask('GET', path);
  }

  async ask(method: string, path: string, body?: Body, key?: string): Promise<Answer> {
    const from = performance.now();
    let refused = 0;
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#once(method, path, body, key);
      if (answer && !isPassing(answer) && answer.status !== 401) {
        const to = performance.now();
        if (to - from > NOTICED_MS) this.waits.push({ from, to });
        return answer;
      }
      refused = answer?.status === 401 ? refused + 1 : 0;
      if (this.target.gone || attempt > 600 || refused > MOST_REFUSED)
        throw new Error(`${method} ${path} was never answered: ${JSON.stringify(answer)}`);
      if (answer?.status === 401) this.#token = undefined;
      if (key !== undefined && !answer) this.repeated += 1;
      await pause(Math.min(50 + attempt * 10, 500));
    }
  }

  /** Undefined where nothing came back: it may have been done or not. */
  async #once(method: string, path: string, body?: Body, key?: string): Promise<Answer | undefined> {
    try {
      const headers = {
        authorization: `Bearer ${await this.#bearer()}`,
        ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
        ...(key ? { 'idempotency-key': key } : {}),
      };
      const response = await fetch(`${this.target.url}/api${path}`, {
        method,
        headers,
        body: typeof body === 'string' ? body : body && JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.headers.get('content-type') === 'application/pdf')
        return { status: response.status, body: {}, bytes: Buffer.from(await response.arrayBuffer()) };
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    } catch {
      return undefined;
    }
  }

  async #bearer(): Promise<string> {
    if (!this.#token || Date.now() - this.#token.at > TOKEN_MS) this.#token = { text: await this.signIn(), at: Date.now() };
    return this.#token.text;
  }
}
