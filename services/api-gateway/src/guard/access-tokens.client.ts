import { hash } from 'node:crypto';
import type { OnProblem } from '@ateneo/event-sourcing';
import { type CryptoKey, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { fetchKeys, type Jwk, RealmKeys } from './realm-keys.client.js';

const KEPT_TOKENS = 10_000;
const KEPT_MS = 60_000;
/** What a realm may sign with: asymmetric alone, so that a public key is never taken for a secret; a token chooses among them, never beside them. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** `ateneo_person`: the university's id of a person, where the realm has ids of its own. */
type Claims = JWTPayload & {
  readonly typ?: string;
  readonly azp?: string;
  readonly preferred_username?: string;
  readonly ateneo_person?: string;
  readonly sid?: string;
  /** of the embedded realm alone: see IdentityProvider */
  readonly ateneo_sign_ins?: number;
  readonly ateneo_grant?: string;
};

/** Who a verified token speaks for. */
export type TokenSubject = {
  readonly subject: string;
  /** how a realm of its own names the person */ readonly username: string | undefined;
  /** the session at the realm that it came from */ readonly session: string | undefined;
  /** how many times the password had changed at the sign-in */ readonly signIns: number | undefined;
};
type Kept = TokenSubject & { readonly grant: string | undefined; readonly until: number };

export type AccessTokensOptions = {
  /** `<server>/realms/<realm>` */
  readonly issuer: string;
  readonly audience: string;
  /** Keys of a realm in this process; a realm elsewhere is asked over HTTP. */
  readonly ownKeys?: () => { readonly keys: readonly Jwk[] };
  /** Whether a grant of a realm in this process still holds. */
  readonly holds?: (grant: string) => boolean;
  readonly now?: () => number;
  readonly most?: number;
  readonly onProblem?: OnProblem;
};

/** Verifies access tokens (signature, algorithm, issuer, audience, expiry, type) and keeps what it verified under the hash of the whole token. */
export class AccessTokens {
  readonly #issuer: string;
  readonly #audience: string;
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;
  readonly #most: number;
  readonly #keys: RealmKeys;
  readonly #holds: (grant: string) => boolean;
  #knownKeys = '';

  constructor({ issuer, audience, ownKeys, holds = () => true, now = Date.now, most = KEPT_TOKENS, onProblem }: AccessTokensOptions) {
    this.#most = most;
    this.#holds = holds;
    if (!/^.+\/realms\/[^/]+$/.test(issuer))
      throw new Error(`OIDC_ISSUER holds "${issuer}": it may hold «embedded» or the address of a realm, <server>/realms/<realm>`);
    this.#issuer = issuer;
    this.#audience = audience;
    this.#now = now;
    this.#keys = new RealmKeys(ownKeys ? async () => ownKeys().keys : () => fetchKeys(issuer), now, onProblem);
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Undefined where the token is not valid here: form, signature, issuer, expiry, type, audience or grant. Throws ServerAwayError where the realm's keys cannot be had. */
  async verify(token: string): Promise<TokenSubject | undefined> {
    const kept = await this.#verified(token);
    return kept && (kept.grant === undefined || this.#holds(kept.grant)) ? kept : undefined;
  }

  async #verified(token: string): Promise<Kept | undefined> {
    const key = hash('sha256', token, 'base64');
    const at = this.#now();
    const kept = this.#kept.get(key);
    if (kept && kept.until > at) return kept;
    if (kept) this.#kept.delete(key);
    const kid = kidOf(token);
    const keys = kid === undefined ? undefined : await this.#keys.having(kid);
    if (!keys) return undefined;
    this.#use(keys);
    const claims = await this.#claims(token, keys);
    if (!claims) return undefined;
    return this.#keep(key, claims, at);
  }

  /** An access token says so of itself: the realm signs identity and refresh tokens with the same keys. */
  async #claims(token: string, keys: readonly Jwk[]): Promise<Claims | undefined> {
    try {
      const { payload } = await jwtVerify<Claims>(token, ({ kid, alg }) => keyOf(keys, kid, alg), {
        issuer: this.#issuer,
        audience: this.#audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(this.#now()),
      });
      return payload.typ === 'Bearer' ? payload : undefined;
    } catch {
      return undefined;
    }
  }

  #keep(key: string, claims: Claims, at: number): Kept {
    const { sub, azp, exp, preferred_username: username, ateneo_person: person } = claims;
    const account = azp !== undefined && username === `service-account-${azp}`;
    const kept = {
      subject: account ? azp : (person ?? (sub as string)),
      username: account ? undefined : username,
      session: claims.sid,
      signIns: claims.ateneo_sign_ins,
      grant: claims.ateneo_grant,
      until: Math.min(at + KEPT_MS, (exp as number) * 1000),
    };
    if (this.#kept.size >= this.#most) this.#kept.delete(this.#kept.keys().next().value as string);
    this.#kept.set(key, kept);
    return kept;
  }

  /** What was verified by other keys is verified anew. */
  #use(keys: readonly Jwk[]): void {
    const names = keys.map(({ kid }) => kid).join(' ');
    if (names !== this.#knownKeys) this.#kept.clear();
    this.#knownKeys = names;
  }
}

/** A key of the realm is used with its own algorithm, or with one that its kind allows. Throws where the token asks for another. */
async function keyOf(keys: readonly Jwk[], kid: string | undefined, alg: string): Promise<CryptoKey | Uint8Array> {
  const key = keys.find((one) => one.kid === kid) as JWK | undefined;
  if (!key || (key.alg ?? alg) !== alg || (key.use ?? 'sig') !== 'sig') throw new Error(`no key ${kid} for ${alg}`);
  return importJWK(key, alg);
}

function kidOf(token: string): string | undefined {
  try {
    const { kid } = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString()) as { kid?: unknown };
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}
