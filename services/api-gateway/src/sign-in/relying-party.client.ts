import { createHash } from 'node:crypto';
import { ServerAwayError } from '../http/server-away.rules.js';
import { PORTAL_CLIENT } from './identity-provider.client.js';
import { secret } from './sealed-text.rules.js';

const TIMEOUT_MS = 10_000;
const PROBE_TIMEOUT_MS = 3_000;
const PROBED_MS = 2_000;
export type Tokens = { readonly accessToken: string; readonly idToken: string; readonly nonce: string | undefined };
type TokenAnswer = { readonly access_token?: string; readonly id_token?: string };
export type RelyingPartyOptions = {
  /** The realm as browsers know it. */
  readonly issuer: string;
  /** The realm as this process reaches it. */
  readonly reach: () => string;
  readonly publicUrl: string;
  /** The realm is a process of its own and may be away while this one runs. */
  readonly elsewhere?: boolean;
  /** Ends a session of a realm in this process. */
  readonly endSession?: (session: string) => Promise<void>;
};

/** The portal's side of authorization code + PKCE, the same for the embedded realm and a Keycloak elsewhere. */
export class RelyingParty {
  #probe: { readonly at: number; readonly isAway: Promise<boolean> } | undefined;

  constructor(private readonly options: RelyingPartyOptions) {}

  /** Whether a browser sent to the realm now would find nobody there; told within 3 s. */
  async isAway(): Promise<boolean> {
    if (!this.options.elsewhere) return false;
    const at = performance.now();
    if (!this.#probe || at - this.#probe.at > PROBED_MS) this.#probe = { at, isAway: this.#isSilent() };
    return this.#probe.isAway;
  }

  get redirectUri(): string {
    return `${this.options.publicUrl}/auth/callback`;
  }

  newVerifier = (): string => secret(48);

  authorizationUrl({
    state,
    nonce,
    verifier,
    loginHint,
    locale,
  }: {
    state: string;
    nonce: string;
    verifier: string;
    loginHint?: string;
    locale?: string;
  }): string {
    const url = new URL(`${this.options.issuer}/protocol/openid-connect/auth`);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const parameters = {
      client_id: PORTAL_CLIENT,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: this.redirectUri,
      state,
      nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    if (locale) url.searchParams.set('ui_locales', locale);
    if (loginHint) {
      url.searchParams.set('login_hint', loginHint);
      url.searchParams.set('prompt', 'login');
    }
    return url.href;
  }

  /** Undefined where the realm does not give tokens for the code. Throws ServerAwayError where it does not answer. */
  async redeem(code: string, verifier: string): Promise<Tokens | undefined> {
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: PORTAL_CLIENT,
      code,
      code_verifier: verifier,
      redirect_uri: this.redirectUri,
    });
    const answer = await this.#askForTokens(body);
    if (!answer) return undefined;
    const { access_token: accessToken, id_token: idToken } = answer;
    if (!accessToken || !idToken) return undefined;
    return { accessToken, idToken, nonce: nonceOf(idToken) };
  }

  async #askForTokens(body: URLSearchParams): Promise<TokenAnswer | undefined> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(`${this.options.reach()}/protocol/openid-connect/token`, { method: 'POST', body, signal });
      if (response.status >= 500) throw new Error(`the realm answered ${response.status}`);
      return response.ok ? ((await response.json()) as TokenAnswer) : undefined;
    } catch (error) {
      throw new ServerAwayError('identity-provider-away', error);
    }
  }

  #isSilent(): Promise<boolean> {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    return fetch(`${this.options.reach()}/.well-known/openid-configuration`, { signal }).then(
      async (response) => {
        await response.body?.cancel();
        return !response.ok;
      },
      () => true,
    );
  }

  /** Ends the realm's session from here, and answers where the browser goes then. */
  async leave({ idToken, providerSession }: { readonly idToken: string; readonly providerSession?: string }): Promise<string> {
    const { endSession } = this.options;
    if (!endSession || providerSession === undefined) return this.logoutUrl(idToken);
    await endSession(providerSession);
    return '/';
  }

  logoutUrl(idToken: string): string {
    const url = new URL(`${this.options.issuer}/protocol/openid-connect/logout`);
    url.searchParams.set('client_id', PORTAL_CLIENT);
    url.searchParams.set('id_token_hint', idToken);
    url.searchParams.set('post_logout_redirect_uri', `${this.options.publicUrl}/`);
    return url.href;
  }
}

/** The id token came straight from the realm, so that its own signature adds nothing (OpenID Connect Core 3.1.3.7). */
function nonceOf(idToken: string): string | undefined {
  const payload = idToken.split('.')[1];
  return payload ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { nonce?: string }).nonce : undefined;
}
