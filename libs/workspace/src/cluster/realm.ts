import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { startKeycloak } from '../keycloak.mjs';

/** As that of the people in infra/keycloak: no secret. */
export const DEMO_PASSWORD = 'development-only';
const KEEPER = 'ateneo-identity';
const WITHIN_MS = 120_000;

/** A Keycloak beside the cluster, whose accounts identity keeps. */
export type ClusterRealm = {
  readonly url: string;
  /** What its members read; the others nothing. */
  envOf(member: string): Readonly<Record<string, string>>;
  /** Gives the demo's people of the front page a password; answers how many have one. `home`: the cluster's folder. */
  letDemoPeopleIn(home: string): Promise<number>;
  stop(): Promise<void>;
};

/** Takes some 30 s. `publicUrl`: the gateway's address. */
export async function startRealm(publicUrl: string): Promise<ClusterRealm> {
  const { url, issuer, administer, stop } = await startKeycloak({ publicUrl });
  const [keeper] = (await administer('GET', `/clients?clientId=${KEEPER}`)) as { id: string }[];
  const { value: secret } = (await administer('POST', `/clients/${keeper?.id}/client-secret`)) as { value: string };
  const ofMember: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'api-gateway': { OIDC_ISSUER: issuer },
    identity: { KEYCLOAK_ADMIN_URL: `${url}/admin/realms/ateneo`, KEYCLOAK_ADMIN_SECRET: secret },
  };
  return {
    url,
    envOf: (member) => ofMember[member] ?? {},
    async letDemoPeopleIn(home) {
      const until = performance.now() + WITHIN_MS;
      let count = 0;
      for (const personId of demoPeople(home)) {
        const id = await accountOf(administer, personId, until);
        if (id === undefined) return count;
        await administer('PUT', `/users/${id}/reset-password`, { type: 'password', value: DEMO_PASSWORD, temporary: false });
        count++;
      }
      return count;
    },
    stop,
  };
}

/** Waits until identity has made it. */
async function accountOf(administer: Administer, personId: string, until: number): Promise<string | undefined> {
  for (; performance.now() < until; await pause(250)) {
    const [found] = (await administer('GET', `/users?q=personId:${personId}`)) as { id: string }[];
    if (found) return found.id;
  }
  return undefined;
}
type Administer = (method: string, path: string, body?: unknown) => Promise<unknown>;

function demoPeople(home: string): string[] {
  const database = new DatabaseSync(join(home, 'services/identity/identity.keys.sqlite'), { readOnly: true });
  try {
    return database
      .prepare('SELECT person FROM demo_person ORDER BY place')
      .all()
      .map(({ person }) => String(person));
  } finally {
    database.close();
  }
}
