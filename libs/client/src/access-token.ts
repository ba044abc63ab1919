/** A service account's client credentials, as `identity.create-service-account` gave them. */
export type Credentials = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** realm address; default: the embedded realm of the platform */ readonly issuer?: string;
};

/** The realm refused the credentials, or does not answer. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

const EARLY_MS = 20_000;

/** Tokens of a service account, asked for when needed and again shortly before they expire. */
export class AccessToken {
  #token: { readonly text: string; readonly until: number } | undefined;
  #asking: Promise<string> | undefined;

  constructor(
    private readonly baseUrl: string,
    private readonly credentials: Credentials,
  ) {}

  /** Throws SignInError. */
  current(): Promise<string> {
    if (this.#token && this.#token.until > Date.now()) return Promise.resolve(this.#token.text);
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<string> {
    const { clientId, clientSecret, issuer = `${this.baseUrl}/realms/ateneo` } = this.credentials;
    const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const answer = (await response.json().catch(() => ({}))) as {
      access_token?: string;
      expires_in?: number;
      error_description?: string;
      error?: string;
    };
    if (!response.ok || !answer.access_token)
      throw new SignInError(answer.error_description ?? answer.error ?? `the realm answered ${response.status}`);
    this.#token = { text: answer.access_token, until: Date.now() + (answer.expires_in ?? 60) * 1000 - EARLY_MS };
    return answer.access_token;
  }
}
