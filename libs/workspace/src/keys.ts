// npm run keys: a signing key for each process, the file of public keys that all read, and on demand certificates.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeCertificates, opensslMissing } from './keys/certificates.js';
import { makeSigningKeys, retireSigningKeys, TRUST_FILE } from './keys/signing-keys.js';
import { GATEWAY, SERVICES, STAFF_TOOL } from './nats-permissions.js';

const HELP = `npm run keys -- --out FOLDER [--rotate] [--retire] [--tls [--host NAME,ADDRESS…]] [process…]

Makes what is missing for the processes named, else for all: <process>.key.pem (SIGNING_KEY) and ${TRUST_FILE} (TRUSTED_KEYS).
  --rotate   new keys for the processes named; the old ones stay trusted until
  --retire   leaves one key a process in ${TRUST_FILE}: the one in its file
  --tls      an authority and certificates of servers and processes in FOLDER/tls; --host: names and addresses that the servers answer to beside their own`;

const SERVERS = ['nats', 'mongodb', 'kurrentdb', 'keycloak', 's3'];
const HOSTS = 'localhost,127.0.0.1';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    rotate: { type: 'boolean', default: false },
    retire: { type: 'boolean', default: false },
    tls: { type: 'boolean', default: false },
    host: { type: 'string', default: HOSTS },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string) => void process.stdout.write(`${line}\n`);

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}

function main(out: string): void {
  const all = [...SERVICES, GATEWAY];
  const unknown = positionals.find((name) => !all.includes(name));
  if (unknown !== undefined) return fail(`no process ${unknown}: there are ${all.join(', ')}`);
  if (values.rotate && positionals.length === 0) return fail('--rotate wants the processes that get new keys');
  const because = values.tls ? opensslMissing() : undefined;
  if (because) return fail(`no certificates: ${because}`);
  const folder = resolve(out);
  if (values.retire) retireSigningKeys(folder);
  const made = makeSigningKeys(folder, positionals.length > 0 ? positionals : all, { renew: values.rotate });
  say(made.length > 0 ? `signing keys made for ${made.join(', ')}` : 'no signing key was missing');
  say(`${values.retire ? 'one key a process' : 'what is trusted'} stands in ${join(folder, TRUST_FILE)}`);
  if (!values.tls) return;
  makeCertificates(join(folder, 'tls'), { servers: SERVERS, clients: [...all, STAFF_TOOL], hosts: values.host.split(',') });
  say(`certificates are in ${join(folder, 'tls')}`);
}

if (values.help || values.out === undefined) {
  say(HELP);
  if (!values.help) process.exitCode = 2;
} else main(values.out);
