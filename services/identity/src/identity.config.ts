import { z } from 'zod';
import { ConfigurationError, parseEnvironment } from '@ateneo/service-kit';

const identityEnvironment = z.object({
  KEYCLOAK_ADMIN_URL: z
    .url({ protocol: /^https?$/, error: "it may hold the address of a realm's administration, <server>/admin/realms/<realm>" })
    .regex(/\/admin\/realms\/[^/]+$/, "it may hold the address of a realm's administration, <server>/admin/realms/<realm>")
    .optional(),
  KEYCLOAK_ADMIN_SECRET: z.string().min(1, 'it may hold the secret of the client ateneo-identity').optional(),
});

/** Where the accounts of a Keycloak are kept. `url`: `<server>/admin/realms/<realm>`; `secret`: of the client `ateneo-identity`. */
export type RealmAccess = { readonly url: string; readonly secret: string };
export const REALM_ACCESS = Symbol('REALM_ACCESS');

/** Undefined where identity keeps no realm in step. Throws ConfigurationError. */
export function readRealmAccess(environment: Readonly<Record<string, string | undefined>> = process.env): RealmAccess | undefined {
  const { KEYCLOAK_ADMIN_URL: url, KEYCLOAK_ADMIN_SECRET: secret } = parseEnvironment(identityEnvironment, environment);
  if (url === undefined) return undefined;
  if (secret === undefined)
    throw new ConfigurationError('KEYCLOAK_ADMIN_SECRET is not set: it may hold the secret of the client ateneo-identity');
  return { url, secret };
}
