import type { IncomingMessage, ServerResponse } from 'node:http';
import { StoreUnavailableError } from '@ateneo/event-sourcing';
import { Provider, type AllClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { FoundClient } from '../guard/identity.client.js';
import type { KeysFile } from './keys-file.client.js';
import { errorPage, logoutPage } from './sign-in-pages.rules.js';
import { accountFinder, accountIdOf, claimsOf, policy, type SignInsOf } from './provider-accounts.client.js';
import { ProviderArtefacts } from './provider-artefacts.client.js';
import { secret } from './sealed-text.rules.js';

export const REALM_PATH = '/realms/ateneo';
export const AUDIENCE = 'ateneo-api';
export const PORTAL_CLIENT = 'ateneo-portal';
const OPENID_CONNECT = '/protocol/openid-connect';
const ACCESS_TOKEN_SECONDS = 300;
const RESOURCE = 'urn:ateneo:api';
const SCOPES = 'openid';
const STORAGE = 'storage-unavailable';
const RETRY = { 'retry-after': '5' };

export type ProviderOptions = {
  readonly publicUrl: string;
  readonly file: KeysFile;
  readonly findClient: (clientId: string) => Promise<FoundClient | undefined>;
  readonly signInsOf: SignInsOf;
  readonly onError: (error: Error) => void;
};
/** A sign-in that waits for the person. */
export type PendingSignIn = { readonly uid: string; readonly loginHint: string | undefined; readonly locale: string | undefined };

/** The embedded OpenID provider, laid out like a Keycloak realm; signs with keys that survive restarts. */
export class IdentityProvider {
  readonly #provider: Provider;
  readonly #publicUrl: URL;
  readonly #signInsOf: SignInsOf;
  readonly #onError: (error: Error) => void;
  readonly jwks: { keys: object[] };

  constructor({ publicUrl, file, findClient, signInsOf, onError }: ProviderOptions) {
    this.#publicUrl = new URL(publicUrl);
    this.#signInsOf = signInsOf;
    const keys = file.signingKeys();
    this.jwks = { keys: keys.map(({ kid, kty, n, e }) => ({ kid, kty, n, e, alg: 'RS256', use: 'sig' })) };
    this.#provider = new Provider(`${publicUrl}${REALM_PATH}`, {
      ...settings(publicUrl, signInsOf),
      adapter: (model: string) => (model === 'Client' ? clientsOf(findClient) : new ProviderArtefacts(file, model)) as ProviderArtefacts,
      jwks: { keys } as Configuration['jwks'],
      cookies: {
        keys: [file.cookieSecret()],
        names: { session: 'ateneo_idp', interaction: 'ateneo_idp_sign_in', resume: 'ateneo_idp_resume' },
      },
    });
    this.#provider.proxy = true;
    compareSecretsElsewhere(this.#provider, findClient);
    this.#onError = onError;
    this.#provider.on('server_error', (context, error) => {
      onError(error);
      if (error instanceof StoreUnavailableError) answerAway(context);
    });
  }

  /** Serves a request under `/realms/ateneo`; host and protocol come from PUBLIC_URL alone. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#fix(request);
    const original = request.url ?? '/';
    (request as IncomingMessage & { originalUrl?: string }).originalUrl = original;
    request.url = original.slice(REALM_PATH.length) || '/';
    await this.#provider.callback()(request, response);
  }

  /** The sign-in that this browser is in, or undefined where it is over. */
  async pending(request: IncomingMessage, response: ServerResponse): Promise<PendingSignIn | undefined> {
    this.#fix(request);
    try {
      const { uid, params } = await this.#provider.interactionDetails(request, response);
      return { uid, loginHint: params.login_hint as string | undefined, locale: params.ui_locales as string | undefined };
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      return undefined;
    }
  }

  /** The person is known: sends the browser on. An older sign-in of another person in this browser ends. */
  async finish(request: IncomingMessage, response: ServerResponse, personId: string): Promise<void> {
    try {
      const accountId = accountIdOf(personId, (await this.#signInsOf(personId)) ?? 0);
      await this.#replaceOther(await this.#provider.interactionDetails(request, response), accountId);
      await this.#provider.interactionFinished(request, response, { login: { accountId } }, { mergeWithLastSubmission: false });
    } catch (error) {
      this.#onError(error as Error);
      const context = this.#provider.createContext(request, response);
      const away = error instanceof StoreUnavailableError;
      const html = page(context, (nonce) => errorPage(localeOf(context), nonce, away ? STORAGE : 'server_error'));
      response.writeHead(away ? 503 : 500, { 'content-type': 'text/html; charset=utf-8', ...(away ? RETRY : {}) }).end(html);
    }
  }

  async #replaceOther(details: Awaited<ReturnType<Provider['interactionDetails']>>, accountId: string): Promise<void> {
    const { session } = details;
    if (!session?.uid || session.accountId === accountId) return;
    await (await this.#provider.Session.findByUid(session.uid))?.destroy();
    delete (details.session as { uid?: string }).uid;
    await details.save(details.exp - Math.floor(Date.now() / 1000));
  }

  /** Ends a session of the provider: the browser that holds it has to sign in again. */
  async endSession(uid: string): Promise<void> {
    await (await this.#provider.Session.findByUid(uid))?.destroy();
  }

  #fix(request: IncomingMessage): void {
    request.headers.host = this.#publicUrl.host;
    request.headers['x-forwarded-proto'] = this.#publicUrl.protocol.slice(0, -1);
    delete request.headers['x-forwarded-host'];
    delete request.headers[':authority'];
  }
}

function settings(publicUrl: string, signInsOf: SignInsOf): Configuration {
  return {
    clients: [
      {
        client_id: PORTAL_CLIENT,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [`${publicUrl}/auth/callback`],
        post_logout_redirect_uris: [`${publicUrl}/`],
      },
    ],
    pkce: { required: () => true },
    routes: {
      authorization: `${OPENID_CONNECT}/auth`,
      token: `${OPENID_CONNECT}/token`,
      jwks: `${OPENID_CONNECT}/certs`,
      userinfo: `${OPENID_CONNECT}/userinfo`,
      revocation: `${OPENID_CONNECT}/revoke`,
      end_session: `${OPENID_CONNECT}/logout`,
    },
    scopes: ['openid'],
    claims: { openid: ['sub'] },
    findAccount: accountFinder(signInsOf),
    interactions: { policy: policy(), url: (_context, { uid }) => `${REALM_PATH}/sign-in/${uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource: (context) => context.redirect('/') },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES,
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    // the claims by which Keycloak tells a service account
    extraTokenClaims: (_context, token) =>
      token.kind === 'ClientCredentials' ? { preferred_username: `service-account-${token.clientId}` } : undefined,
    formats: {
      customizers: {
        jwt: (_context, token, parts) => {
          Object.assign(parts.payload as object, { typ: 'Bearer', azp: token.clientId, ...('accountId' in token ? claimsOf(token) : {}) });
        },
      },
    },
    loadExistingGrant: consent,
    renderError: (context, out, error) => {
      const code = error instanceof StoreUnavailableError ? STORAGE : String(out.error);
      context.type = 'html';
      context.body = page(context, (nonce) => errorPage(localeOf(context), nonce, code));
    },
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      IdToken: 86_400,
      Session: 86_400,
      Interaction: 600,
      Grant: 86_400,
    },
  };
}

/** What cannot be kept now may be tried again: for programs in the words of OAuth. */
function answerAway(context: KoaContextWithOIDC): void {
  context.status = 503;
  context.set(RETRY);
  if (context.body && typeof context.body === 'object') context.body = { error: 'temporarily_unavailable', error_description: STORAGE };
}

/** The portal is the university's own: nobody is asked whether it may know who they are. */
async function consent(context: KoaContextWithOIDC) {
  const { client, provider, session } = context.oidc;
  const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
  grant.addOIDCScope(SCOPES);
  grant.addResourceScope(RESOURCE, SCOPES);
  await grant.save();
  return grant;
}

const localeOf = (context: Page): 'it' | 'en' => (context.acceptsLanguages('it', 'en') === 'en' ? 'en' : 'it');

type Page = Pick<KoaContextWithOIDC, 'set' | 'acceptsLanguages'>;

function page(context: Page, render: (nonce: string) => string): string {
  const nonce = secret(16);
  context.set(
    'content-security-policy',
    `default-src 'none'; font-src 'self'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  );
  return render(nonce);
}

function logoutSource(context: KoaContextWithOIDC, form: string): void {
  context.body = page(context, (nonce) => logoutPage(localeOf(context), nonce, form));
}

/** Service accounts live in identity; the provider asks for one when it comes. */
function clientsOf(findClient: ProviderOptions['findClient']) {
  const find = async (id: string): Promise<AllClientMetadata | undefined> => {
    const client = await findClient(id);
    // the secret itself is nowhere: identity compares what is given with its hash
    return (
      client && {
        client_id: id,
        client_secret: 'kept-as-a-hash',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_basic',
      }
    );
  };
  return { find, findByUid: find, findByUserCode: find, upsert: unused, consume: unused, destroy: unused, revokeByGrantId: unused };
}
const unused = async (): Promise<void> => undefined;

function compareSecretsElsewhere(provider: Provider, find: ProviderOptions['findClient']): void {
  provider.Client.prototype.compareClientSecret = async function (this: { clientId: string }, given: string) {
    return (await find(this.clientId))?.checkSecret(given) ?? false;
  };
}
