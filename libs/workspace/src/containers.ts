import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { keycloakMissing } from './keycloak.mjs';
import { mongoMissing } from './mongo.mjs';
import { s3Missing } from './s3.mjs';
import { importsOf } from './spec-needs.mjs';

/** A server that is up for the specs of a run. */
type Running = { readonly address: string; stop(): Promise<unknown> };

/** A server that suites run against: by an address of the environment, else in a container, else as a program of this machine. */
export type Server = {
  readonly name: string;
  /** Its service in docker-compose.yml, whose image and tag are taken. */
  readonly service: string;
  /** The variable in which specs look for its address. */
  readonly variable: string;
  /** The specs that use it hold these words, or import what is called so, by themselves or by a helper. */
  readonly usedBy: RegExp;
  /** Why no program can be had that stands in, or undefined where one can. */
  readonly missing: () => string | undefined;
  readonly start: (image: string) => Promise<Running>;
};

const root = resolve(import.meta.dirname, '../../..');
const [KEY, SECRET, BUCKET] = ['ateneo', 'ateneo-secret', 'ateneo'];
const ONLY_AN_IMAGE = 'it comes as a container image only, and no container engine answers';

/** NATS is not among them: its suites kill, pause, configure and cluster it, for which they need the process. */
export const SERVERS: readonly Server[] = [
  {
    name: 'KurrentDB',
    service: 'kurrentdb',
    variable: 'KURRENTDB_URL',
    usedBy: /KURRENTDB_URL/,
    missing: () => ONLY_AN_IMAGE,
    async start(image) {
      const { KurrentDbContainer } = await import('@testcontainers/kurrentdb');
      const container = await new KurrentDbContainer(image).start();
      return { address: container.getConnectionString(), stop: () => container.stop() };
    },
  },
  {
    name: 'MongoDB',
    service: 'mongodb',
    variable: 'MONGODB_URL',
    usedBy: /mongo\.mjs|workspace\/mongo|on-mongo\.conformance|\bstartMongo\b/,
    missing: mongoMissing,
    async start(image) {
      const { MongoDBContainer } = await import('@testcontainers/mongodb');
      const container = await new MongoDBContainer(image).start();
      // the set names its member by the address inside the container
      return { address: `${container.getConnectionString()}/?directConnection=true`, stop: () => container.stop() };
    },
  },
  {
    name: 'S3',
    service: 's3',
    variable: 'S3_URL',
    usedBy: /s3\.mjs/,
    missing: s3Missing,
    async start(image) {
      const { GenericContainer, Wait } = await import('testcontainers');
      const container = await new GenericContainer(image)
        .withEntrypoint(['sh', '-c'])
        .withCommand([
          `mkdir -p /data/${BUCKET} && exec "$(command -v versitygw || echo /app/versitygw)" --port :7070 --health /health posix /data`,
        ])
        .withEnvironment({ ROOT_ACCESS_KEY: KEY, ROOT_SECRET_KEY: SECRET })
        .withExposedPorts(7070)
        .withWaitStrategy(Wait.forHttp('/health', 7070))
        .start();
      const at = `${container.getHost()}:${container.getMappedPort(7070)}`;
      return { address: `s3://${KEY}:${SECRET}@${at}/${BUCKET}?tls=false`, stop: () => container.stop() };
    },
  },
  {
    name: 'Keycloak',
    service: 'keycloak',
    variable: 'ATENEO_TEST_KEYCLOAK',
    usedBy: /keycloak-realm\.mjs/,
    missing: keycloakMissing,
    async start(image) {
      const { GenericContainer, Wait } = await import('testcontainers');
      const password = randomBytes(16).toString('hex');
      const container = await new GenericContainer(image)
        .withCommand(['start-dev', '--import-realm'])
        .withEnvironment({ KC_BOOTSTRAP_ADMIN_USERNAME: 'admin', KC_BOOTSTRAP_ADMIN_PASSWORD: password })
        .withCopyFilesToContainer([
          { source: join(root, 'infra/keycloak/ateneo-realm.json'), target: '/opt/keycloak/data/import/ateneo-realm.json' },
        ])
        .withExposedPorts(8080)
        .withWaitStrategy(Wait.forHttp('/realms/ateneo', 8080))
        .withStartupTimeout(180_000)
        .start();
      const url = `http://${container.getHost()}:${container.getMappedPort(8080)}`;
      return { address: JSON.stringify({ url, password }), stop: () => container.stop() };
    },
  },
  {
    name: 'mail catcher',
    service: 'mail',
    variable: 'SMTP_TEST_URL',
    usedBy: /SMTP_TEST_URL/,
    missing: () => ONLY_AN_IMAGE,
    async start(image) {
      const { GenericContainer, Wait } = await import('testcontainers');
      const container = await new GenericContainer(image)
        .withExposedPorts(1025, 8025)
        .withWaitStrategy(Wait.forHttp('/readyz', 8025))
        .start();
      return { address: `smtp://${container.getHost()}:${container.getMappedPort(1025)}`, stop: () => container.stop() };
    },
  },
];

/** `image:tag` of a service of docker-compose.yml, the one place that names them. */
export function imageOf(service: string): string {
  const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
    readonly services: Readonly<Record<string, { readonly image?: string }>>;
  };
  const image = compose.services[service]?.image;
  if (!image) throw new Error(`docker-compose.yml names no image for ${service}`);
  return image;
}

export type Choice = { readonly server: Server } & (
  | { readonly from: 'address' | 'program' }
  | { readonly from: 'container'; readonly image: string }
  | { readonly from: 'nothing'; readonly because: string }
);

/** Where each server comes from: an address beats a container, a container a program. */
export function chooseServers(
  environment: Readonly<Record<string, string | undefined>>,
  engine: boolean,
  servers: readonly Server[] = SERVERS,
): Choice[] {
  return servers.map((server) => {
    if (environment[server.variable]) return { server, from: 'address' };
    if (engine) return { server, from: 'container', image: imageOf(server.service) };
    const because = server.missing();
    return because === undefined ? { server, from: 'program' } : { server, from: 'nothing', because };
  });
}

/** Whether a container engine answers: DOCKER_HOST, its socket, or what testcontainers finds else. */
export async function engineAnswers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

export type Opened = { /** For the closing lines of a run. */ readonly told: string; close(): Promise<void> };

/** Starts in containers what the specs use and is to come from there, tells the specs by the environment, and says where everything comes from. */
export async function openServers(specs: readonly string[], engine: boolean = true): Promise<Opened> {
  const words = specs.map((file) => join(root, file)).map((file) => [readFileSync(file, 'utf8'), ...importsOf(file)].join('\n'));
  const used = SERVERS.filter(({ usedBy }) => words.some((text) => usedBy.test(text)));
  const choices = used.length === 0 ? [] : chooseServers(process.env, engine && (await engineAnswers()), used);
  const begun: { readonly server: Server; readonly running: Running }[] = [];
  const close = async () => {
    for (const { server, running } of begun) {
      delete process.env[server.variable];
      await running.stop();
    }
  };
  try {
    for (const choice of choices) {
      if (choice.from !== 'container') continue;
      const running = await choice.server.start(choice.image);
      begun.push({ server: choice.server, running });
      process.env[choice.server.variable] = running.address;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { told: choices.map(toldOf).join('\n'), close };
}

/** A line of a run's end. */
export function toldOf(choice: Choice): string {
  const { name, variable } = choice.server;
  if (choice.from === 'address') return `  ${name}: at the address of ${variable}`;
  if (choice.from === 'container') return `  ${name}: in a container, ${choice.image}`;
  return choice.from === 'nothing' ? `  ${name}: not here, ${choice.because}` : `  ${name}: a program of this machine stands in`;
}
