import { type SealedText, secret, sha256 } from './sealed-text.rules.js';
import type { SessionTable } from './session-table.client.js';

export const IDLE_MS = 8 * 3_600_000;
export const ABSOLUTE_MS = 24 * 3_600_000;
/** A sign-in that was begun may be finished for ten minutes. */
const ATTEMPT_SECONDS = 600;
const TOUCH_MS = 60_000;

export type Session = {
  readonly subject: string;
  /** for the provider's logout */ readonly idToken: string;
  /** how many times the password had changed at the sign-in */ readonly signIns: number;
  /** the provider's own session */ readonly providerSession?: string;
};
type Sealed = Omit<Session, 'subject'>;
export type Attempt = { readonly browser: string; readonly verifier: string; readonly nonce: string; readonly returnTo: string };

/** Server-side sessions: the cookie holds a random secret, the table its hash. */
export class Sessions {
  constructor(
    private readonly table: SessionTable,
    private readonly sealed: SealedText,
    private readonly now: () => number = Date.now,
  ) {}

  /** A new session; the cookie's value, never used before. */
  async open({ subject, ...rest }: Session): Promise<string> {
    const cookie = secret();
    const hash = sha256(cookie);
    const at = this.now();
    await this.table.put({
      hash,
      subject,
      created: at,
      seen: at,
      sealed: this.sealed.seal(JSON.stringify(rest), belongsTo(hash, subject)),
    });
    return cookie;
  }

  /** Undefined, too, where somebody else than a gateway wrote it. */
  async find(cookie: string): Promise<Session | undefined> {
    const hash = sha256(cookie);
    const stored = await this.table.find(hash);
    const text = stored && this.#open(stored.sealed, belongsTo(hash, stored.subject));
    if (!stored || text === undefined) return undefined;
    const at = this.now();
    if (at - stored.seen > IDLE_MS || at - stored.created > ABSOLUTE_MS) {
      await this.table.remove(hash);
      return undefined;
    }
    if (at - stored.seen > TOUCH_MS) await this.table.touch(hash, at);
    return { subject: stored.subject, ...sealedIn(text) };
  }

  async close(cookie: string): Promise<void> {
    await this.table.remove(sha256(cookie));
  }

  /** Remembers a sign-in on its way; answers its `state`. */
  async begin(attempt: Attempt): Promise<string> {
    const state = secret(24);
    await this.table.putAttempt(
      sha256(state),
      Math.floor(this.now() / 1000) + ATTEMPT_SECONDS,
      this.sealed.seal(JSON.stringify(attempt), sha256(state)),
    );
    return state;
  }

  /** Gives an attempt back once. */
  async finish(state: string): Promise<Attempt | undefined> {
    const taken = await this.table.takeAttempt(sha256(state), Math.floor(this.now() / 1000));
    const text = taken && this.#open(taken, sha256(state));
    return text === undefined ? undefined : (JSON.parse(text) as Attempt);
  }

  async sweep(): Promise<void> {
    const at = this.now();
    await this.table.sweep(Math.floor(at / 1000), at - IDLE_MS, at - ABSOLUTE_MS);
  }

  #open(sealed: Uint8Array, place: string): string | undefined {
    try {
      return this.sealed.open(sealed, place);
    } catch {
      return undefined;
    }
  }
}

/** A session of before passwords were counted holds the id token alone. */
const sealedIn = (text: string): Sealed => (text.startsWith('{') ? (JSON.parse(text) as Sealed) : { idToken: text, signIns: 0 });
const belongsTo = (hash: string, subject: string): string => `${hash} ${subject}`;
