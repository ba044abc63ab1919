import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';

export type Certificate = { readonly caFile: string; readonly certFile: string; readonly keyFile: string };

const DAYS = '825';
const CA_DAYS = '3650';
const NO_AUTHORITY = 'basicConstraints=critical,CA:FALSE';
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
/** openssl's own defaults would make every certificate an authority. */
const CONFIGURATION = '[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = Ateneo\n';

/** Why no certificates can be made here, or undefined where they can. */
export function opensslMissing(): string | undefined {
  const { status, stdout } = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  return status === 0 && /^OpenSSL [3-9]/.test(stdout) ? undefined : 'openssl 3 is not installed';
}

/** Where the certificate of a name stands in the folder. */
export const certificateOf = (folder: string, name: string): Certificate => ({
  caFile: join(folder, 'ca.pem'),
  certFile: join(folder, `${name}.cert.pem`),
  keyFile: join(folder, `${name}.tls-key.pem`),
});

const openssl = (args: readonly string[]): void => void execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });

type Wanted = { readonly servers: readonly string[]; readonly clients: readonly string[]; readonly hosts: readonly string[] };

/**
 * An authority of one's own in `ca.pem`, and a certificate for each name that has none: of servers, which answer to their name and to `hosts`, and
 * of processes, good as a client alone.
 */
export function makeCertificates(folder: string, { servers, clients, hosts }: Wanted): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const configuration = join(folder, 'openssl.cnf');
  writeFileSync(configuration, CONFIGURATION);
  const caFile = join(folder, 'ca.pem');
  const caKey = join(folder, 'ca.tls-key.pem');
  const make = (name: string, days: string, certFile: string, more: readonly string[]) => {
    const keyFile = join(folder, `${name}.tls-key.pem`);
    const named = ['-subj', `/CN=${name}`, '-keyout', keyFile, '-out', certFile];
    openssl(['req', '-x509', '-config', configuration, ...NEW_KEY, '-days', days, ...named, ...more]);
    chmodSync(keyFile, 0o600);
  };
  const sign = (name: string, ...extensions: readonly string[]) => {
    const { certFile } = certificateOf(folder, name);
    if (!existsSync(certFile)) make(name, DAYS, certFile, ['-CA', caFile, '-CAkey', caKey, ...added(NO_AUTHORITY, ...extensions)]);
  };
  try {
    if (!existsSync(caFile))
      make('ca', CA_DAYS, caFile, added('basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign,cRLSign'));
    for (const name of servers) sign(name, `subjectAltName=${answersTo([name, ...hosts])}`, 'extendedKeyUsage=serverAuth,clientAuth');
    for (const name of clients) sign(name, `subjectAltName=${answersTo([name])}`, 'extendedKeyUsage=clientAuth');
  } finally {
    rmSync(configuration);
  }
}

const answersTo = (hosts: readonly string[]): string => hosts.map((host) => `${isIP(host) ? 'IP' : 'DNS'}:${host}`).join(',');
const added = (...extensions: readonly string[]): readonly string[] => extensions.flatMap((text) => ['-addext', text]);
