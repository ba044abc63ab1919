import { setTimeout as pause } from 'node:timers/promises';
import { type OnProblem, Trouble } from '@ateneo/event-sourcing';
import { ServerAwayError } from '../http/server-away.rules.js';

/** A withdrawn key is trusted no longer than this by a gateway that reaches the realm… */
const AGE_MS = 300_000;
/** …and by one that does not. */
const TRUSTED_MS = 3_600_000;
const AGAIN_MS = 30_000;
/** Tokens that name a key nobody knows make the realm be asked no oftener. */
const APART_MS = 1_000;
const TIMEOUT_MS = 5_000;

export type Jwk = { readonly kid?: string };

/** The public keys of a realm: kept, asked for at once when a token names another one, trusted for an hour while the realm is away. */
export class RealmKeys {
  #keys: readonly Jwk[] = [];
  #since = -Infinity;
  #refreshAt = -Infinity;
  #askedAt = -Infinity;
  #failure: unknown;
  #asking: Promise<void> | undefined;
  readonly #trouble: Trouble;

  constructor(
    private readonly ask: () => Promise<readonly Jwk[]>,
    private readonly now: () => number,
    onProblem?: OnProblem,
  ) {
    this.#trouble = new Trouble(onProblem, { part: 'sign-in', what: 'keys of the realm are read' });
  }

  /** All keys, where one of them is called `kid`. Throws ServerAwayError where a realm that does not answer may have it. */
  async having(kid: string): Promise<readonly Jwk[] | undefined> {
    const at = this.now();
    if (at >= this.#refreshAt) {
      // only the first waits: the others go on with what is known
      this.#refreshAt = at + AGAIN_MS;
      await this.#refresh();
    } else if (!this.#trusts(kid)) await this.#refresh();
    if (this.#trusts(kid)) return this.#keys;
    if (this.#failure !== undefined) throw new ServerAwayError('identity-provider-away', this.#failure);
    return undefined;
  }

  #trusts(kid: string): boolean {
    return this.now() - this.#since <= TRUSTED_MS && this.#keys.some((key) => key.kid === kid);
  }

  #refresh(): Promise<void> {
    return (this.#asking ??= this.#ask().finally(() => (this.#asking = undefined)));
  }

  async #ask(): Promise<void> {
    const tooSoon = this.#askedAt + APART_MS - performance.now();
    if (tooSoon > 0) await pause(tooSoon);
    this.#askedAt = performance.now();
    try {
      this.#keys = await this.ask();
      this.#failure = undefined;
      this.#trouble.over();
      this.#since = this.now();
      this.#refreshAt = this.#since + AGE_MS;
    } catch (error) {
      this.#failure = error;
      this.#trouble.fails(error);
    }
  }
}

/** Asks a realm elsewhere. Rejects where it does not answer within 5 s. */
export async function fetchKeys(issuer: string): Promise<readonly Jwk[]> {
  const response = await fetch(`${issuer}/protocol/openid-connect/certs`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the realm answered ${response.status} when asked for its keys`);
  return ((await response.json()) as { readonly keys: readonly Jwk[] }).keys;
}
