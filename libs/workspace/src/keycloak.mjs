import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { killAtExit } from './children.mjs';
import { pauseProcess } from './pause-process.mjs';

const VERSION = '26.7.3';
const root = fileURLToPath(new URL('../../..', import.meta.url));
const home = join(root, '.servers', 'keycloak', VERSION);
const READY_MS = 180_000;

const has = (command) => spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0;

/** Why no Keycloak can run here, or undefined where one can. */
export function keycloakMissing() {
  if (process.env.ATENEO_TEST_KEYCLOAK) return undefined;
  if (!has('java')) return 'java is not installed';
  if (!existsSync(home) && !has('mvn')) return 'Keycloak is not in .servers/keycloak and mvn is not installed';
  return undefined;
}

/** Gets Keycloak by Maven where it is absent. */
export function prepareKeycloak() {
  const because = keycloakMissing();
  if (because) return { available: false, because };
  install();
  return { available: true };
}

function install() {
  if (existsSync(home)) return;
  execFileSync(
    'mvn',
    ['-q', '-B', 'dependency:get', `-Dartifact=org.keycloak:keycloak-quarkus-dist:${VERSION}:tar.gz`, '-Dtransitive=false'],
    { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 },
  );
  const archive = join(
    homedir(),
    '.m2',
    'repository',
    'org',
    'keycloak',
    'keycloak-quarkus-dist',
    VERSION,
    `keycloak-quarkus-dist-${VERSION}.tar.gz`,
  );
  const unpacking = join(root, '.servers', 'keycloak', `unpacking-${process.pid}`);
  mkdirSync(unpacking, { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', unpacking]);
  renameSync(join(unpacking, `keycloak-${VERSION}`), home);
  rmSync(unpacking, { recursive: true });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts a Keycloak with the realm of infra/keycloak on this machine; takes some 30 s. `publicUrl`: where the portal is, whose address the
 * realm redirects to; default http://localhost:3000. `anyHost`: it goes by the address under which it is asked.
 */
export async function startKeycloak({ port = undefined, publicUrl = undefined, anyHost = false } = {}) {
  install();
  mkdirSync(join(home, 'data', 'import'), { recursive: true });
  copyFileSync(join(root, 'infra', 'keycloak', 'ateneo-realm.json'), join(home, 'data', 'import', 'ateneo-realm.json'));
  const at = port ?? (await freePort());
  const url = `http://localhost:${at}`;
  const password = randomBytes(16).toString('hex');
  const child = spawn(
    join(home, 'bin', 'kc.sh'),
    [
      ...['start-dev', '--import-realm', '--db=dev-mem', '--cache=local', '--http-host=127.0.0.1', `--http-port=${at}`],
      ...(anyHost ? [] : [`--hostname=${url}`]),
    ],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        JAVA_OPTS_APPEND: '-XX:TieredStopAtLevel=1',
        KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
        KC_BOOTSTRAP_ADMIN_PASSWORD: password,
      },
    },
  );
  killAtExit(child, { group: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said = `${said}${bytes}`.slice(-4_000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, 'SIGCONT');
    process.kill(-child.pid, 'SIGTERM');
    const late = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 10_000);
    await ended.finally(() => clearTimeout(late));
  };
  const issuer = `${url}/realms/ateneo`;
  for (const until = Date.now() + READY_MS; Date.now() < until && child.exitCode === null; await pause(500)) {
    const ready = await fetch(issuer, { signal: AbortSignal.timeout(5_000) })
      .then((response) => response.ok)
      .catch(() => false);
    if (!ready) continue;
    const administer = administration(url, password);
    if (publicUrl) await redirectTo(publicUrl, administer).catch(async (error) => (await stop(), Promise.reject(error)));
    return {
      url,
      issuer,
      pid: child.pid,
      password,
      administer,
      signal: (signal) => process.kill(-child.pid, signal),
      pause: () => pauseProcess(child.pid, { group: true }),
      stop,
    };
  }
  await stop();
  throw new Error(`Keycloak did not become ready: ${said}`);
}

/** Calls below the address of a realm as the administrator of all; answers the JSON of the reply, where it has some. */
export const administration =
  (url, password, realm = '/ateneo') =>
  async (method, path, body) => {
    const grant = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username: 'admin', password });
    const granted = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: 'POST', body: grant });
    const { access_token: token } = await granted.json();
    const response = await fetch(`${url}/admin/realms${realm}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: Keycloak answered ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };

export async function redirectTo(publicUrl, administer) {
  const [portal] = await administer('GET', '/clients?clientId=ateneo-portal');
  await administer('PUT', `/clients/${portal.id}`, {
    ...portal,
    redirectUris: [`${publicUrl}/auth/callback`],
    attributes: { ...portal.attributes, 'post.logout.redirect.uris': `${publicUrl}/` },
  });
}
