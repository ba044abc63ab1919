import { createHash, randomBytes } from 'node:crypto';

const CLIENT = 'ateneo-portal';

/** A browser as far as redirects and cookies of one site go. */
class Visit {
  readonly #cookies = new Map<string, string>();

  async get(address: string): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    await response.body?.cancel();
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (name && value !== undefined) this.#cookies.set(name, value);
    }
    return response;
  }
}

/** An access token of a demo person by the realm's own code flow with PKCE, as the portal gets it; undefined where nobody of that user name is offered. */
export async function demoAccessToken(address: string, username: string): Promise<string | undefined> {
  const realm = `${address}/realms/ateneo/protocol/openid-connect`;
  const verifier = randomBytes(32).toString('base64url');
  const redirect = `${address}/auth/callback`;
  const question = new URLSearchParams({
    client_id: CLIENT,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirect,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: username,
    state: randomBytes(8).toString('hex'),
    nonce: randomBytes(8).toString('hex'),
  });
  const code = await followToCode(`${realm}/auth?${question}`, redirect);
  if (!code) return undefined;
  const answer = await fetch(`${realm}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: CLIENT,
      code,
      redirect_uri: redirect,
      code_verifier: verifier,
    }),
  });
  return ((await answer.json()) as { access_token?: string }).access_token;
}

async function followToCode(from: string, redirect: string): Promise<string | undefined> {
  const visit = new Visit();
  let at = from;
  for (let hop = 0; hop < 10; hop++) {
    const location = (await visit.get(at)).headers.get('location');
    if (location === null) return undefined;
    at = new URL(location, at).href;
    if (at.startsWith(`${redirect}?`)) return new URL(at).searchParams.get('code') ?? undefined;
  }
  return undefined;
}
