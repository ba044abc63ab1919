import { createHash } from 'node:crypto';
import { PORTAL_CLIENT } from './identity-provider.client.js';
import { secret } from './sealed-text.rules.js';

const TIMEOUT_MS = 10_000;
export type Tokens = { readonly accessToken: string; readonly idToken: string; readonly nonce: string | undefined };
export type RelyingPartyOptions = {
  /** The realm as browsers know it. */
  readonly issuer: string;
  /** The realm as this process reaches it. */
  readonly reach: () => string;
  readonly publicUrl: string;
};

/** The portal's side of authorization code + PKCE, the same for the embedded realm and a Keycloak elsewhere. */
export class RelyingParty {
  constructor(private readonly options: RelyingPartyOptions) {}

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

  /** Undefined where the realm does not give tokens for the code. */
  async redeem(code: string, verifier: string): Promise<Tokens | undefined> {
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: PORTAL_CLIENT,
      code,
      code_verifier: verifier,
      redirect_uri: this.redirectUri,
    });
    const response = await fetch(`${this.options.reach()}/protocol/openid-connect/token`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return undefined;
    const { access_token: accessToken, id_token: idToken } = (await response.json()) as { access_token?: string; id_token?: string };
    if (!accessToken || !idToken) return undefined;
    return { accessToken, idToken, nonce: nonceOf(idToken) };
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
