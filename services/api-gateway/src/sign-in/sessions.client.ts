import type { KeysFile } from './keys-file.client.js';
import { secret, sha256 } from './sealed-text.rules.js';

export const IDLE_MS = 8 * 3_600_000;
export const ABSOLUTE_MS = 24 * 3_600_000;
/** A sign-in that was begun may be finished for ten minutes. */
const ATTEMPT_SECONDS = 600;
const TOUCH_MS = 60_000;

export type Session = { readonly subject: string; /** for the provider's logout */ readonly idToken: string };
export type Attempt = { readonly browser: string; readonly verifier: string; readonly nonce: string; readonly returnTo: string };

/** Server-side sessions: the cookie holds a random secret, the file its hash. */
export class Sessions {
  constructor(
    private readonly file: KeysFile,
    private readonly now: () => number = Date.now,
  ) {}

  /** A new session; the cookie's value, never used before. */
  open(session: Session): string {
    const cookie = secret();
    const at = this.now();
    this.file.database
      .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?)')
      .run(sha256(cookie), session.subject, at, at, this.file.sealed.seal(session.idToken));
    return cookie;
  }

  find(cookie: string): Session | undefined {
    const hash = sha256(cookie);
    const row = this.file.database.prepare('SELECT subject, created, seen, sealed FROM session WHERE hash = ?').get(hash) as
      { subject: string; created: number; seen: number; sealed: Uint8Array } | undefined;
    if (!row) return undefined;
    const at = this.now();
    if (at - row.seen > IDLE_MS || at - row.created > ABSOLUTE_MS) {
      this.close(cookie);
      return undefined;
    }
    if (at - row.seen > TOUCH_MS) this.file.database.prepare('UPDATE session SET seen = ? WHERE hash = ?').run(at, hash);
    const { sealed } = this.file;
    return {
      subject: row.subject,
      get idToken() {
        return sealed.open(row.sealed);
      },
    };
  }

  close(cookie: string): void {
    this.file.database.prepare('DELETE FROM session WHERE hash = ?').run(sha256(cookie));
  }

  closeAllOf(subject: string): void {
    this.file.database.prepare('DELETE FROM session WHERE subject = ?').run(subject);
  }

  /** Remembers a sign-in on its way; answers its `state`. */
  begin(attempt: Attempt): string {
    const state = secret(24);
    this.file.database
      .prepare('INSERT INTO attempt VALUES (?, ?, ?)')
      .run(sha256(state), Math.floor(this.now() / 1000) + ATTEMPT_SECONDS, this.file.sealed.seal(JSON.stringify(attempt)));
    return state;
  }

  /** Gives an attempt back once. */
  finish(state: string): Attempt | undefined {
    const row = this.file.database
      .prepare('DELETE FROM attempt WHERE state = ? AND expires >= ? RETURNING sealed')
      .get(sha256(state), Math.floor(this.now() / 1000)) as { sealed: Uint8Array } | undefined;
    return row && (JSON.parse(this.file.sealed.open(row.sealed)) as Attempt);
  }

  sweep(): void {
    const at = this.now();
    this.file.sweep(Math.floor(at / 1000), at - IDLE_MS, at - ABSOLUTE_MS);
  }
}
