import { z } from 'zod';
import { ConfigurationError, parseEnvironment } from '@ateneo/service-kit';

const identityEnvironment = z.object({
  KEYCLOAK_ADMIN_URL: z
    .url({ protocol: /^https?$/, error: "it may hold the address of a realm's administration, <server>/admin/realms/<realm>" })
    .regex(/\/admin\/realms\/[^/]+$/, "it may hold the address of a realm's administration, <server>/admin/realms/<realm>")
    .optional(),
  KEYCLOAK_ADMIN_SECRET: z.string().min(1, 'it may hold the secret of the client ateneo-identity').optional(),
  /** Address of the first administrator: whom an installation registers that nobody administers. */
  FIRST_ADMINISTRATOR: z.email('it may hold an e-mail address').optional(),
  FIRST_ADMINISTRATOR_SECRET: z
    .string()
    .regex(/^[\w-]{20,200}$/, 'it may hold 20 to 200 letters, digits, _ and -')
    .optional(),
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

/** `secret`: good once, for the first sign-in. */
export type FirstAccess = { readonly email: string | undefined; readonly secret: string | undefined };
export const FIRST_ACCESS = Symbol('FIRST_ACCESS');

/** Throws ConfigurationError. */
export function readFirstAccess(environment: Readonly<Record<string, string | undefined>> = process.env): FirstAccess {
  const { FIRST_ADMINISTRATOR: email, FIRST_ADMINISTRATOR_SECRET: secret } = parseEnvironment(identityEnvironment, environment);
  return { email, secret };
}
