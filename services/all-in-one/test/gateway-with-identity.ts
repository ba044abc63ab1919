import 'reflect-metadata';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '@ateneo/api-gateway';
import { identity, type Operation, type Output, type RawInput, type Role } from '@ateneo/contracts';
import { uuidv7 } from '@ateneo/event-sourcing';
import { introduceDemoPeople, startIdentity } from '@ateneo/identity';
import { type Caller, openPlatform, type Platform, readPlatformConfig } from '@ateneo/service-kit';

export const newId = (): string => uuidv7(Date.now());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export type Registered = { readonly personId: string; readonly username: string };
export type Running = {
  readonly url: string;
  readonly platform: Platform;
  done<Op extends Operation>(operation: Op, input: RawInput<Op>, caller?: Caller): Promise<Output<Op>>;
  register(role: Role, schoolId: string | null): Promise<Registered>;
  restart(): Promise<void>;
  close(): Promise<void>;
};

export const administrator: Caller = {
  is: 'actor',
  actor: {
    id: newId(),
    kind: 'person',
    profiles: [{ profileId: newId(), role: 'administrator', schoolId: null, from: '2020-01-01', to: null }],
    locale: 'it',
  },
};

/** Gateway and identity in one process, on a folder of their own. */
export async function startGatewayWithIdentity({
  seed = 'demo',
  environment = {},
  webhooksAllowPrivate = false,
  trustedProxies,
}: {
  readonly seed?: 'demo' | 'empty';
  readonly environment?: Record<string, string>;
  readonly webhooksAllowPrivate?: boolean;
  readonly trustedProxies?: string[];
} = {}): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'ateneo-gateway-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const config = readPlatformConfig({
    DATA_DIR: folder,
    SEED: seed,
    PORT: String(port),
    LOG_LEVEL: 'error',
    ...(seed === 'empty' ? { MASTER_KEY: 'cd'.repeat(32) } : {}),
    ...environment,
  });
  const start = async () => {
    const platform = await openPlatform(config);
    if (platform.demo) platform.markSeeded(platform.clock.today());
    const service = await startIdentity(platform);
    const gateway = await startGateway(platform, {
      port,
      portalFolder: join(folder, 'no-portal'),
      config: { REQUEST_TIMEOUT_MS: 2_000, TRUSTED_PROXIES: trustedProxies, WEBHOOKS_ALLOW_PRIVATE: webhooksAllowPrivate },
    });
    const stop = async () => {
      await gateway.close();
      await service.close();
      await platform.close();
    };
    return { platform, service, stop };
  };
  let running = await start();
  let count = 0;
  const done: Running['done'] = async (operation, input, caller = administrator) => {
    const reply = await running.platform.client.call(operation, input, caller);
    assert.ok(reply.ok, JSON.stringify(reply));
    return reply.output;
  };
  return {
    url,
    get platform() {
      return running.platform;
    },
    done,
    async register(role, schoolId) {
      const [personId, username] = [newId(), `${role}.${++count}`];
      await done(identity.registerPerson, {
        personId,
        username,
        givenName: 'Nome',
        familyName: `Cognome ${count}`,
        email: `${username}@ateneo.example`,
      });
      await done(identity.grantProfile, { personId, profileId: newId(), role, schoolId, from: '2020-01-01' });
      if (seed === 'demo') await introduceDemoPeople(running.service, [{ personId, role, note: { it: 'nota', en: 'note' } }]);
      return { personId, username };
    },
    async restart() {
      await running.stop();
      running = await start();
    },
    async close() {
      await running.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** A browser as far as cookies and redirects go. */
export class Browser {
  readonly cookies = new Map<string, { value: string; path: string; attributes: string }>();
  constructor(readonly url: string) {}

  async go(address: string, init: RequestInit & { readonly form?: Record<string, string> } = {}): Promise<Response> {
    const target = new URL(address, this.url);
    const headers = new Headers(init.headers);
    const cookie = [...this.cookies]
      .filter(([, { path }]) => target.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    if (cookie) headers.set('cookie', cookie);
    if (init.form) headers.set('sec-fetch-site', 'same-origin');
    const response = await fetch(target, {
      ...init,
      ...(init.form ? { method: 'POST', body: new URLSearchParams(init.form) } : {}),
      headers,
      redirect: 'manual',
    });
    for (const set of response.headers.getSetCookie()) this.#keep(set);
    return response;
  }

  /** Follows redirects until a page. */
  async open(
    address: string,
    init: RequestInit & { readonly form?: Record<string, string> } = {},
  ): Promise<{ response: Response; at: URL; visited: string[] }> {
    const visited: string[] = [];
    let [at, response] = [new URL(address, this.url), await this.go(address, init)];
    for (let hops = 0; hops < 15 && response.headers.has('location'); hops++) {
      at = new URL(response.headers.get('location') as string, at);
      visited.push(at.href);
      if (at.origin !== new URL(this.url).origin) break;
      response = await this.go(at.href);
    }
    return { response, at, visited };
  }

  #keep(set: string): void {
    const [pair, ...attributes] = set.split(/;\s*/) as [string, ...string[]];
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
    const gone = attributes.some(
      (one) => /^max-age=0$/i.test(one) || (/^expires=/i.test(one) && new Date(one.slice(8)).getTime() < Date.now()),
    );
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, { value, path, attributes: attributes.join('; ') });
  }
}
