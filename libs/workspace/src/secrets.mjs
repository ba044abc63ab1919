// Makes what must be secret in an installation, once, and the files in which each process and server reads its own part:
// node libs/workspace/src/secrets.mjs --out <folder>
// Made secrets stay in <folder>/secrets.json; running it again adds what is missing (a new service) and writes the files anew.
import { createPrivateKey, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newSigningKey, spkiOf } from './keys/key-pair.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const TOOLS = ['staff-tool'];
const BUCKET = 'ateneo';
const KEEPER = 'ateneo-identity';

/** Every service that runs as a process of its own. */
export const deployedServices = () =>
  readdirSync(join(root, 'services')).filter((name) => name !== 'all-in-one' && existsSync(join(root, 'services', name, 'src/main.ts')));

// nats-server reads the value of a variable as its own syntax: a dash or a digit in front would not be a text
const password = () => `p${randomBytes(24).toString('base64url')}`;
const signingKey = () => newSigningKey().export({ format: 'der', type: 'pkcs8' }).toString('base64');
const publicKeyOf = (pkcs8) => spkiOf(createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' }));

/** What was made before, and what is missing made now. */
function complete(made, services) {
  const each = (names, known = {}, make) => Object.fromEntries(names.map((name) => [name, known[name] ?? make()]));
  return {
    masterKey: made.masterKey ?? randomBytes(32).toString('hex'),
    signing: each(services, made.signing, signingKey),
    /** Public keys still trusted beside the one in use. */
    former: made.former ?? {},
    nats: each([...services, ...TOOLS], made.nats, password),
    mongodb: {
      ...each(['root', ...services], made.mongodb, password),
      keyfile: made.mongodb?.keyfile ?? randomBytes(96).toString('base64'),
    },
    keycloak: made.keycloak ?? password(),
    /** Of the client by which identity keeps the accounts of the realm. */
    realmKeeper: made.realmKeeper ?? password(),
    /** Lets the first administrator in, once. */
    firstAdministrator: made.firstAdministrator ?? password(),
    grafana: made.grafana ?? password(),
    s3: made.s3 ?? { key: randomBytes(10).toString('hex'), secret: password() },
  };
}

/** New signing keys for `services`; the old ones stay trusted until they are retired. */
function rotate({ signing, former, ...secrets }, services) {
  const changed = (of) => Object.fromEntries(services.map((service) => [service, of(service)]));
  return {
    ...secrets,
    signing: { ...signing, ...changed(signingKey) },
    former: { ...former, ...changed((service) => [...(former[service] ?? []), publicKeyOf(signing[service])]) },
  };
}

const variables = (values) =>
  `${Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;

const mongoUrl = (user, secret) => `mongodb://${user}:${secret}@mongodb:27017/?authSource=admin&replicaSet=rs0`;

/** What one service reads at start, by `node --env-file`. Names of hosts are those of docker-compose.yml and infra/kubernetes. */
function environmentOf(service, secrets) {
  const mongo = mongoUrl(service, secrets.mongodb[service]);
  return {
    MASTER_KEY: secrets.masterKey,
    SIGNING_KEY: secrets.signing[service],
    EVENT_STORE_URL: 'kurrentdb://kurrentdb:2113?tls=false',
    BUS_URL: `nats://${service}:${secrets.nats[service]}@nats:4222`,
    READ_MODELS_URL: mongo,
    KEYS_URL: mongo,
    FILES_URL: `s3://${secrets.s3.key}:${secrets.s3.secret}@s3:7070/${BUCKET}?tls=false`,
    ...(service === 'identity'
      ? { KEYCLOAK_ADMIN_SECRET: secrets.realmKeeper, FIRST_ADMINISTRATOR_SECRET: secrets.firstAdministrator }
      : {}),
  };
}

/** As infra/nats/permissions.conf names them. */
const natsPasswords = ({ nats }) =>
  Object.fromEntries(Object.entries(nats).map(([user, value]) => [`NATS_${user.replaceAll('-', '_').toUpperCase()}_PASSWORD`, value]));

/** Users of MongoDB: each service reads and writes the databases of its own name and no other. */
const mongoUsers = (services, secrets) =>
  JSON.stringify(
    services.map((service) => ({
      user: service,
      pwd: secrets.mongodb[service],
      databases: [`ateneo_${service}`, `ateneo_${service}_keys`],
    })),
  );

/** The realm with the portal's address and identity's secret; outside the demo without people and clients whose passwords stand in the repository. */
export function realmFor({ publicUrl, demo, realmKeeper = undefined }) {
  const read = JSON.parse(
    readFileSync(join(root, 'infra/keycloak/ateneo-realm.json'), 'utf8').replaceAll('http://localhost:3000', publicUrl),
  );
  const realm = demo
    ? read
    : { ...read, users: read.users.filter(({ credentials }) => !credentials), clients: read.clients.filter(({ secret }) => !secret) };
  const clients = realm.clients.map((client) => (client.clientId === KEEPER ? { ...client, secret: realmKeeper } : client));
  // the demo's mail catcher: what Keycloak sends can be looked at
  const smtpServer = { host: 'mail', port: '1025', from: 'keycloak@localhost.invalid', fromDisplayName: 'Ateneo' };
  return { ...realm, clients, ...(demo ? { smtpServer } : {}) };
}

function writeAll(out, services, secrets, options) {
  const write = (folder, name, text) => {
    mkdirSync(join(out, folder), { recursive: true });
    writeFileSync(join(out, folder, name), text, { mode: 0o644 });
  };
  const trusted = Object.fromEntries(
    services.map((service) => [service, [...(secrets.former[service] ?? []), publicKeyOf(secrets.signing[service])]]),
  );
  for (const service of services) {
    write(service, 'service.env', variables(environmentOf(service, secrets)));
    write(service, 'trusted-keys.json', JSON.stringify(trusted));
  }
  write('nats', 'passwords.env', variables(natsPasswords(secrets)));
  write('mongodb', 'root-password', secrets.mongodb.root);
  write('mongodb', 'keyfile', secrets.mongodb.keyfile);
  write('mongodb', 'users.json', mongoUsers(services, secrets));
  write('keycloak-admin', 'password', secrets.keycloak);
  write('keycloak', 'ateneo-realm.json', JSON.stringify(realmFor({ ...options, realmKeeper: secrets.realmKeeper }), undefined, 2));
  write('first-administrator', 'secret', secrets.firstAdministrator);
  write('grafana', 'password', secrets.grafana);
  write('s3', 'root.env', variables({ ROOT_ACCESS_KEY_ID: secrets.s3.key, ROOT_SECRET_ACCESS_KEY: secrets.s3.secret }));
}

const USAGE = `secrets.mjs --out <folder> [--public-url <address>] [--realm demo|empty] [--rotate <service>]… [--retire]
  PUBLIC_URL and REALM of the environment are taken where the options are absent
  --rotate   a new signing key for the service; the old one stays trusted until
  --retire   only the keys in use are trusted`;

function main({ out, 'public-url': publicUrl, realm, rotate: rotated = [], retire }) {
  const services = deployedServices();
  if (!out || !['demo', 'empty'].includes(realm) || rotated.some((name) => !services.includes(name))) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const file = join(out, 'secrets.json');
  const known = complete(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}, services);
  const secrets = rotate(retire ? { ...known, former: {} } : known, rotated);
  writeFileSync(`${file}.part`, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.part`, file);
  writeAll(out, services, secrets, { publicUrl: publicUrl.replace(/\/$/, ''), demo: realm === 'demo' });
  console.log(`secrets of ${services.join(', ')} and of their servers are in ${out}`);
}

if (import.meta.main)
  main(
    parseArgs({
      options: {
        out: { type: 'string' },
        'public-url': { type: 'string', default: process.env.PUBLIC_URL ?? 'http://localhost:3000' },
        realm: { type: 'string', default: process.env.REALM ?? 'empty' },
        rotate: { type: 'string', multiple: true },
        retire: { type: 'boolean', default: false },
      },
    }).values,
  );
