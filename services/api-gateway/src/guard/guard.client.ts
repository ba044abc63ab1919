import type { IncomingHttpHeaders } from 'node:http';
import type { ProblemCode } from '@ateneo/contracts';
import type { Sessions } from '../sign-in/sessions.client.js';
import type { AccessTokens, TokenSubject } from './access-tokens.client.js';
import type { ActorCaller, Actors, Standing } from './actors.client.js';
import { cookieOf } from '../http/cookies.rules.js';

export const SESSION_COOKIE = 'ateneo_session';
/** Who asks: nobody signed in, an actor, or somebody to be turned away. */
export type Authenticated =
  { readonly is: 'anyone' } | ActorCaller | { readonly is: 'refused'; readonly status: 401 | 403; readonly code: ProblemCode };

const ANYONE: Authenticated = { is: 'anyone' };
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Tells who asks, from a bearer token or from the session's cookie. */
export class Guard {
  readonly #origin: string;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly sessions: Sessions,
    private readonly actors: Actors,
    publicUrl: string,
    private readonly realmIsElsewhere: boolean,
  ) {
    this.#origin = new URL(publicUrl).origin;
  }

  async authenticate(method: string, headers: IncomingHttpHeaders): Promise<Authenticated> {
    if (headers.authorization !== undefined) return this.#bearer(headers.authorization);
    const cookie = cookieOf(headers.cookie, SESSION_COOKIE);
    const session = cookie ? await this.sessions.find(cookie) : undefined;
    if (!session) return ANYONE;
    if (!SAFE.has(method) && !this.sameOrigin(headers)) return { is: 'refused', status: 403, code: 'cross-site-request' };
    const standing = await this.#now(session.subject, session.signIns);
    if (!standing && cookie) await this.sessions.close(cookie);
    return standing?.caller ?? ANYONE;
  }

  /** Whether a browser sent the request from a page of this address. */
  sameOrigin(headers: IncomingHttpHeaders): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin';
    return headers.origin === this.#origin;
  }

  /** Who the token speaks for, as identity knows them; undefined where nobody, or nobody any longer. */
  async standingOf({ subject, username, signIns }: TokenSubject): Promise<Standing | undefined> {
    const standing = await this.#now(subject, signIns);
    // a realm of its own may know people by its own ids: user names are the university's in both
    return standing ?? (this.realmIsElsewhere && username ? this.actors.find(username) : undefined);
  }

  /** Undefined where the person is not known, or has changed the password since that sign-in. */
  async #now(subject: string, signIns: number | undefined): Promise<Standing | undefined> {
    const known = await this.actors.find(subject);
    if (!known || signIns === undefined || signIns === known.signIns) return known;
    // what is known may be older than the sign-in
    const asked = signIns > known.signIns ? await this.actors.ask(subject) : known;
    return asked?.signIns === signIns ? asked : undefined;
  }

  async #bearer(authorization: string): Promise<Authenticated> {
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    const verified = token ? await this.tokens.verify(token) : undefined;
    if (!verified) return { is: 'refused', status: 401, code: 'token-not-valid' };
    return (await this.standingOf(verified))?.caller ?? { is: 'refused', status: 401, code: 'account-not-known' };
  }
}
