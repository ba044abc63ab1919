import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Keys and passwords of one installation on this machine, as `secrets.mjs` makes them. */
export type ClusterSecrets = {
  readonly masterKey: string;
  /** PKCS8 in base64, by process. */
  readonly signing: Readonly<Record<string, string>>;
  /** Passwords by user of NATS: processes and staff tools. */
  readonly nats: Readonly<Record<string, string>>;
  /** File of public keys that every process trusts. */
  readonly trustedKeys: string;
};

const script = resolve(import.meta.dirname, '../secrets.mjs');

/** Makes what is missing in `folder`; the master key is the one that the data was sealed with. */
export function clusterSecrets(folder: string, masterKey: string): ClusterSecrets {
  const file = join(folder, 'secrets.json');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ masterKey }), { mode: 0o600 });
  execFileSync(process.execPath, [script, '--out', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const made = JSON.parse(readFileSync(file, 'utf8')) as Omit<ClusterSecrets, 'trustedKeys'>;
  return { ...made, trustedKeys: join(folder, 'identity', 'trusted-keys.json') };
}

/** The variables by which infra/nats/permissions.conf takes the passwords. */
export const natsPasswords = ({ nats }: ClusterSecrets): Record<string, string> =>
  Object.fromEntries(
    Object.entries(nats).map(([user, password]) => [`NATS_${user.replaceAll('-', '_').toUpperCase()}_PASSWORD`, password]),
  );
