import { hash } from 'node:crypto';
import KeycloakConnect from 'keycloak-connect';

const KEPT_TOKENS = 10_000;
const KEPT_MS = 60_000;
/** A withdrawn key is trusted no longer than this. */
const KEYS_AGE_MS = 300_000;
const KEYS_TIMEOUT_MS = 5_000;

type Jwk = { readonly kid?: string };
type Keys = { readonly keys: readonly Jwk[] };
type Claims = { readonly sub?: string; readonly azp?: string; readonly exp?: number; readonly preferred_username?: string };
type Rotation = { jwks: readonly Jwk[]; lastTimeRequesTime: number; retrieveJWKs: () => Promise<Keys> };
type GrantManager = { rotation: Rotation; createGrant(grant: { access_token: string }): Promise<{ access_token: { content: Claims } }> };

/** Who a verified token speaks for. `username`: how a realm of its own names the person. */
export type TokenSubject = { readonly subject: string; readonly username: string | undefined };
type Kept = TokenSubject & { readonly until: number };

export type AccessTokensOptions = {
  /** `<server>/realms/<realm>` */
  readonly issuer: string;
  readonly audience: string;
  /** Keys of a realm in this process; a realm elsewhere is asked over HTTP. */
  readonly ownKeys?: () => Keys;
  readonly now?: () => number;
  readonly most?: number;
};

/** Verifies access tokens with keycloak-connect and keeps what it verified under the hash of the whole token. */
export class AccessTokens {
  readonly #grants: GrantManager;
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;
  readonly #most: number;
  #keysSince = 0;
  #knownKeys = '';

  constructor({ issuer, audience, ownKeys, now = Date.now, most = KEPT_TOKENS }: AccessTokensOptions) {
    this.#most = most;
    const [, server, realm] = /^(.+)\/realms\/([^/]+)$/.exec(issuer) ?? [];
    if (!server || !realm)
      throw new Error(`OIDC_ISSUER holds "${issuer}": it may hold «embedded» or the address of a realm, <server>/realms/<realm>`);
    const settings = {
      realm,
      'auth-server-url': server,
      resource: audience,
      'bearer-only': true,
      'ssl-required': 'none',
      'confidential-port': 0,
      'verify-token-audience': true,
    };
    this.#grants = new KeycloakConnect({}, settings).grantManager as unknown as GrantManager;
    this.#now = now;
    const { rotation } = this.#grants;
    const fetchKeys = rotation.retrieveJWKs.bind(rotation);
    // keycloak-connect waits for its key fetch for ever
    rotation.retrieveJWKs = ownKeys ? async () => ownKeys() : () => withTimeout(fetchKeys());
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Undefined where the token is not valid here: signature, issuer, expiry, type or audience. */
  async verify(token: string): Promise<TokenSubject | undefined> {
    const key = hash('sha256', token, 'base64');
    const at = this.#now();
    const kept = this.#kept.get(key);
    if (kept && kept.until > at) return kept;
    if (kept) this.#kept.delete(key);
    await this.#refreshKeys(at);
    const claims = await this.#claims(token);
    if (!claims?.sub || claims.exp === undefined) return undefined;
    this.#watchKeys();
    return this.#keep(key, claims, at);
  }

  async #claims(token: string): Promise<Claims | undefined> {
    try {
      return (await this.#grants.createGrant({ access_token: token })).access_token.content;
    } catch {
      return undefined;
    }
  }

  #keep(key: string, { sub, azp, exp, preferred_username: username }: Claims, at: number): TokenSubject {
    const account = azp !== undefined && username === `service-account-${azp}`;
    const kept = {
      subject: account ? azp : (sub as string),
      username: account ? undefined : username,
      until: Math.min(at + KEPT_MS, (exp as number) * 1000),
    };
    if (this.#kept.size >= this.#most) this.#kept.delete(this.#kept.keys().next().value as string);
    this.#kept.set(key, kept);
    return kept;
  }

  async #refreshKeys(at: number): Promise<void> {
    if (at - this.#keysSince < KEYS_AGE_MS) return;
    const known = this.#keysSince !== 0;
    this.#keysSince = at;
    try {
      this.#grants.rotation.jwks = (await this.#grants.rotation.retrieveJWKs()).keys;
    } catch {
      // a realm that is down keeps the keys that are known; without any, the next token asks again
      if (!known) this.#keysSince = 0;
    }
    this.#watchKeys();
  }

  #watchKeys(): void {
    const keys = this.#grants.rotation.jwks.map(({ kid }) => kid).join(' ');
    if (keys !== this.#knownKeys) this.#kept.clear();
    this.#knownKeys = keys;
  }
}

const withTimeout = async (keys: Promise<Keys>): Promise<Keys> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>(
    (_resolve, reject) => (timer = setTimeout(() => reject(new Error('the realm did not answer with its keys')), KEYS_TIMEOUT_MS)),
  );
  return Promise.race([keys, late]).finally(() => clearTimeout(timer));
};
