import type { RealmAccess } from '../identity.config.js';
import type { RealmUser } from './realm-user.rules.js';

const CLIENT = 'ateneo-identity';
const TIMEOUT_MS = 10_000;
const PAGE = 100;
/** A token is used no longer than this before its end. */
const MARGIN_MS = 10_000;

/** The realm will not have it so, whenever it is asked: a field is not valid, or another account has the name or the address. */
export class RealmRefusedError extends Error {
  override readonly name = 'RealmRefusedError';
}

/** The accounts of a Keycloak realm through its administration. Rejects where it does not answer within 10 s; messages hold no personal data. */
export class RealmUsers {
  #token: { readonly value: string; readonly until: number } | undefined;

  constructor(private readonly access: RealmAccess) {}

  /** All accounts of people, 100 at a time. */
  async *pages(): AsyncGenerator<readonly RealmUser[]> {
    for (let first = 0; ; first += PAGE) {
      const page = await this.#find({ first: String(first), max: String(PAGE) });
      yield page;
      if (page.length < PAGE) return;
    }
  }

  async ofPerson(personId: string): Promise<RealmUser | undefined> {
    return (await this.#find({ q: `personId:${personId}` }))[0];
  }

  async named(username: string): Promise<RealmUser | undefined> {
    return (await this.#find({ username, exact: 'true' }))[0];
  }

  async create(user: object): Promise<void> {
    await this.#call('POST', '/users', user);
  }

  async update(id: string, user: object): Promise<void> {
    await this.#call('PUT', `/users/${id}`, user);
  }

  async endSessions(id: string): Promise<void> {
    await this.#call('POST', `/users/${id}/logout`);
  }

  /** Its sessions end with it. */
  async remove(id: string): Promise<void> {
    await this.#call('DELETE', `/users/${id}`);
  }

  async #find(query: Readonly<Record<string, string>>): Promise<readonly RealmUser[]> {
    const response = await this.#call('GET', `/users?${new URLSearchParams({ briefRepresentation: 'false', ...query })}`);
    return (await response.json()) as RealmUser[];
  }

  async #call(method: string, path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${await this.#authorize()}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${this.access.url}${path}`, { method, headers, signal, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (response.ok) return response;
    await response.body?.cancel();
    if (response.status === 401) this.#token = undefined;
    const said = `Keycloak answered ${response.status} to ${method} ${path.split('?')[0]}`;
    throw response.status === 400 || response.status === 409 ? new RealmRefusedError(said) : new Error(said);
  }

  async #authorize(): Promise<string> {
    if (this.#token && this.#token.until > Date.now()) return this.#token.value;
    const { url, secret } = this.access;
    const response = await fetch(`${url.replace('/admin/realms/', '/realms/')}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: CLIENT, client_secret: secret }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`Keycloak answered ${response.status} to the client ${CLIENT}`);
    const { access_token: value, expires_in: seconds } = (await response.json()) as { access_token: string; expires_in: number };
    this.#token = { value, until: Date.now() + seconds * 1000 - MARGIN_MS };
    return value;
  }
}
