import { join } from 'node:path';
import { Trouble } from '@ateneo/event-sourcing';
import { type Files, openFiles } from '@ateneo/files';
import type { OperationClient, Platform } from '@ateneo/service-kit';
import { AccessTokens } from './guard/access-tokens.client.js';
import { Actors } from './guard/actors.client.js';
import { Guard } from './guard/guard.client.js';
import { Identity, onIdentityChange } from './guard/identity.client.js';
import { RateLimit } from './http/rate-limit.rules.js';
import { AUDIENCE, IdentityProvider, REALM_PATH } from './sign-in/identity-provider.client.js';
import { KeysFile } from './sign-in/keys-file.client.js';
import { PasswordTries } from './sign-in/password-tries.rules.js';
import { RelyingParty } from './sign-in/relying-party.client.js';
import { SealedText } from './sign-in/sealed-text.rules.js';
import type { SessionTable } from './sign-in/session-table.client.js';
import { Sessions } from './sign-in/sessions.client.js';
import { SqliteSessionTable } from './sign-in/sqlite-session-table.client.js';
import type { WebhookTable } from './webhooks/webhook-table.client.js';
import { openWebhookTable } from './webhooks/webhook-tables.client.js';

const SWEEP_MS = 300_000;
const SESSION_ENDED = 'session-ended';

/** What the gateway's routes share. */
export type GatewayParts = {
  readonly publicUrl: string;
  /** The realm's address; embedded: its own under PUBLIC_URL. */
  readonly issuer: string;
  readonly operations: OperationClient;
  readonly identity: Identity;
  readonly files: Files;
  readonly guard: Guard;
  readonly tokens: AccessTokens;
  readonly actors: Actors;
  readonly sessions: Sessions;
  readonly relyingParty: RelyingParty;
  readonly sealed: SealedText;
  /** Says to every gateway that a session of this account has ended. */
  readonly tellEnded: (subject: string) => void;
  readonly limits: Readonly<Record<'verification' | 'signIn' | 'password' | 'token', RateLimit>>;
  readonly passwordTries: PasswordTries;
};
export const PARTS = Symbol('GATEWAY_PARTS');
export type OpenedParts = {
  readonly parts: GatewayParts;
  readonly provider: IdentityProvider | undefined;
  readonly webhooks: WebhookTable;
  close(): Promise<void>;
};

/** Opens keys, sessions, webhooks and the realm; `port` answers where this process listens, once it does. Throws where MongoDB cannot be used. */
export async function openParts(platform: Platform, port: () => number): Promise<OpenedParts> {
  const { publicUrl, client: operations, config, bus } = platform;
  const file = new KeysFile(join(platform.folder, 'api-gateway.keys.sqlite'), platform.masterKey);
  const sealed = new SealedText(platform.masterKey);
  const table = await openSessionTable(config.KEYS_URL, file, sealed);
  const webhooks = await openWebhookTable(platform);
  platform.health.watch('sessions', () => table.trouble());
  const sessions = new Sessions(table, sealed);
  const identity = new Identity(operations);
  const actors = new Actors(identity);
  const embedded = config.OIDC_ISSUER === 'embedded';
  const issuer = embedded ? `${publicUrl}${REALM_PATH}` : config.OIDC_ISSUER.replace(/\/$/, '');
  const provider = embedded
    ? new IdentityProvider({
        publicUrl,
        file,
        findClient: (clientId) => identity.findClient(clientId),
        signInsOf: async (personId) => (await actors.ask(personId))?.signIns,
        onError: (error) => platform.onProblem({ is: 'happened', part: 'sign-in', what: 'the identity provider', error }),
      })
    : undefined;
  const tokens = new AccessTokens({
    issuer,
    audience: AUDIENCE,
    onProblem: platform.onProblem,
    ...(provider ? { ownKeys: () => provider.jwks as never, holds: (grant) => file.hasGrant(grant) } : {}),
  });
  const relyingParty = new RelyingParty({
    issuer,
    publicUrl,
    elsewhere: !embedded,
    ...(provider ? { endSession: (session) => provider.endSession(session) } : {}),
    reach: () => (embedded ? `http://127.0.0.1:${port()}${REALM_PATH}` : issuer),
  });
  const limits = {
    verification: new RateLimit({ burst: 30, perSecond: 1 }),
    signIn: new RateLimit({ burst: 120, perSecond: 2 }),
    password: new RateLimit({ burst: 10, perSecond: 0.2 }),
    token: new RateLimit({ burst: 300, perSecond: 10 }),
  };
  const stops = [
    onIdentityChange(bus, (ids) => actors.forget(ids)),
    bus.onReconnect(() => actors.forget()),
    bus.onBroadcast(SESSION_ENDED, (message) => actors.rouse(new Set([String((message as { subject: unknown }).subject)]))),
  ];
  const sweeping = new Trouble(platform.onProblem, { part: 'sign-in', what: 'what is over is swept away' });
  const sweepAll = async () => {
    file.sweep(Math.floor(Date.now() / 1000));
    await sessions.sweep();
  };
  const sweep = setInterval(() => void sweeping.heard(sweepAll()), SWEEP_MS).unref();
  const parts = {
    publicUrl,
    issuer,
    operations,
    identity,
    files: openFiles(config.FILES_URL, platform.folder),
    guard: new Guard(tokens, sessions, actors, publicUrl, !embedded),
    tokens,
    actors,
    sessions,
    relyingParty,
    sealed,
    tellEnded: (subject: string) => bus.broadcast(SESSION_ENDED, { subject }),
    limits,
    passwordTries: new PasswordTries(platform.derive('api-gateway password tries')),
  };
  const close = async () => {
    for (const stop of stops) stop();
    clearInterval(sweep);
    await webhooks.close();
    await table.close();
    file.close();
  };
  return { parts, provider, webhooks, close };
}

async function openSessionTable(url: string, file: KeysFile, sealed: SealedText): Promise<SessionTable> {
  if (url.startsWith('sqlite:')) return new SqliteSessionTable(file);
  const { openMongoSessionTable } = await import('./sign-in/mongo-session-table.client.js');
  return openMongoSessionTable(url, sealed);
}
