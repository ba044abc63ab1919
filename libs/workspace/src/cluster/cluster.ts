import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONTEXTS } from '@ateneo/contracts';
import { freePort, type RunningNats, startNats } from '../nats.mjs';
import { mongoMissing, type RunningMongo, startMongo } from '../mongo.mjs';
import { clusterSecrets, type ClusterSecrets, natsPasswords } from './cluster-secrets.js';
import { type InstallationData, prepareData } from './demo-data.js';
import { Member } from './member.js';

export { clusterSecrets, type ClusterSecrets, natsPasswords };

export type ClusterOptions = {
  /** Folder of data, logs and servers' stores; kept when the cluster stops. */
  readonly home: string;
  /** Of the gateway; default a free one. */
  readonly port?: number;
  readonly reporting?: number;
  /** Nodes of the NATS cluster: 1 or 3. */
  readonly natsNodes?: 1 | 3;
  readonly seed?: 'demo' | 'empty';
  /** A data folder of the composed process to begin with. */
  readonly from?: { readonly folder: string; readonly masterKey: string };
  /** Added to every process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added to one process. */
  readonly envOf?: (member: string) => Readonly<Record<string, string>>;
  /** Where a process reaches a server in place of the server's own host:port, e.g. at a proxy. */
  readonly way?: (member: string, server: 'nats' | 'mongo', address: string) => Promise<string>;
  /** MongoDB's stand-in keeps its data in the folder and may be killed; without it in memory. */
  readonly mongoStore?: boolean;
  readonly say?: (line: string) => void;
};

/** Those that run as one process each; reporting runs as often as wanted. */
export const COMMANDS_SERVICES = Object.keys(CONTEXTS).filter((name) => name !== 'reporting');
const READY_MS = 180_000;
const root = resolve(import.meta.dirname, '../../../..');

/** The distributed form on one machine: real servers and one process per service, reporting as many times as wanted. */
export class Cluster {
  readonly members = new Map<string, Member>();
  readonly #options: ClusterOptions;
  #nats: RunningNats[] = [];
  #natsPorts: number[] = [];
  #mongo: RunningMongo | undefined;
  #data: InstallationData | undefined;
  #secrets: ClusterSecrets | undefined;
  #gatewayPort = 0;
  #stopping = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /** Seeds where the folder is new, starts servers and services, resolves when the gateway is ready. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options);
    try {
      await cluster.start();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get url(): string {
    return `http://localhost:${this.#gatewayPort}`;
  }

  /** What processes have in common on disk. Throws before the cluster was started. */
  get data(): InstallationData {
    if (!this.#data) throw new Error('the cluster has no data yet');
    return this.#data;
  }

  /** The servers as one process or staff tool reaches them: `nats://user:password@host:port,…`. */
  natsUrl(user: string): string {
    return this.#natsUrl(
      user,
      this.#natsPorts.map((port) => `127.0.0.1:${port}`),
    );
  }

  #natsUrl(user: string, addresses: readonly string[]): string {
    return `nats://${user}:${this.#secrets?.nats[user]}@${addresses.join(',')}`;
  }

  get nats(): readonly RunningNats[] {
    return this.#nats;
  }

  get mongo(): RunningMongo | undefined {
    return this.#mongo;
  }

  member(name: string): Member {
    const member = this.members.get(name);
    if (!member) throw new RangeError(`no process ${name}: there are ${[...this.members.keys()].join(', ')}`);
    return member;
  }

  get reporting(): readonly Member[] {
    return [...this.members.values()].filter(({ name }) => name.startsWith('reporting-'));
  }

  /** Starts or ends instances until there are so many; resolves when they are ready. */
  async scaleReporting(count: number): Promise<void> {
    if (!Number.isInteger(count) || count < 1 || count > 16) throw new RangeError('reporting runs as 1 to 16 instances');
    if (count > 1 && !this.#mongo) throw new RangeError(`several instances share MongoDB: ${mongoMissing()}`);
    for (const member of this.reporting.slice(count)) {
      await member.stop();
      this.members.delete(member.name);
    }
    const added: Member[] = [];
    for (let number = this.reporting.length + 1; number <= count; number++) added.push(await this.#add(`reporting-${number}`, 'reporting'));
    await Promise.all(added.map((member) => member.ready(READY_MS)));
  }

  /** Ends a node of NATS without goodbye. */
  async killNats(node: number): Promise<void> {
    await this.#nats[node]?.stop('SIGKILL');
  }

  /** Starts a node of NATS that was killed, on its store and port. */
  async restartNats(node: number): Promise<void> {
    this.#nats[node] = await this.#startNatsNode(node);
  }

  /** Ends the stand-in of MongoDB without goodbye. */
  async killMongo(): Promise<void> {
    await this.#mongo?.stop('SIGKILL');
  }

  /** Starts the stand-in that was killed, on its store and port. */
  async restartMongo(): Promise<void> {
    this.#mongo = await this.#startMongo(this.#mongo?.port);
  }

  /** Services first, servers last; data stays. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const gateway = this.members.get('api-gateway');
    await gateway?.stop();
    await Promise.all([...this.members.values()].filter((member) => member !== gateway).map((member) => member.stop()));
    this.members.clear();
    await Promise.all(this.#nats.map((server) => server.stop()));
    await this.#mongo?.stop();
  }

  /** As the static `start`, for one that may be stopped while it starts. */
  async start(): Promise<void> {
    const { home, seed = 'demo', from, natsNodes = 1, reporting = 1, say = () => undefined } = this.#options;
    mkdirSync(join(home, 'logs'), { recursive: true });
    this.#data = await prepareData(home, { seed, from, say });
    this.#secrets = clusterSecrets(join(home, 'secrets'), this.#data.masterKey);
    this.#gatewayPort = this.#options.port ?? (await freePort());
    for (let node = 0; node < natsNodes; node++) this.#natsPorts.push(await freePort());
    if (natsNodes > 1) for (let node = 0; node < natsNodes; node++) this.#routePorts.push(await freePort());
    this.#nats = await Promise.all(this.#natsPorts.map((_port, node) => this.#startNatsNode(node)));
    say(`NATS is at ${this.#natsPorts.map((port) => `127.0.0.1:${port}`).join(', ')}`);
    if (mongoMissing()) say(`MongoDB: ${mongoMissing()}; reporting keeps its read models in SQLite and runs once`);
    else {
      this.#mongo = await this.#startMongo();
      say(`MongoDB is at ${this.#mongo.url}`);
    }
    for (const service of COMMANDS_SERVICES) await this.#add(service, service);
    await this.scaleReporting(reporting);
    await Promise.all([...this.members.values()].map((member) => member.ready(READY_MS)));
    await (await this.#add('api-gateway', 'api-gateway')).ready(READY_MS);
  }

  /** A server that MONGODB_URL names is reached where it is. */
  async #mongoFor(name: string, way: NonNullable<ClusterOptions['way']>): Promise<string | undefined> {
    if (!this.#mongo?.standIn) return this.#mongo?.url;
    const address = `127.0.0.1:${this.#mongo.port}`;
    return this.#mongo.url.replace(address, await way(name, 'mongo', address));
  }

  readonly #routePorts: number[] = [];

  #startMongo(port?: number): Promise<RunningMongo> {
    return startMongo({ port, store: this.#options.mongoStore ? join(this.#options.home, 'mongo') : undefined });
  }

  #startNatsNode(node: number): Promise<RunningNats> {
    const routes = this.#routePorts.filter((_port, other) => other !== node).map((port) => `nats-route://127.0.0.1:${port}`);
    const args =
      routes.length === 0
        ? []
        : [
            '-n',
            `node-${node + 1}`,
            '--cluster_name',
            'ateneo',
            '--cluster',
            `nats://127.0.0.1:${this.#routePorts[node]}`,
            '--routes',
            routes.join(','),
            '--no_advertise',
          ];
    return startNats({
      args,
      port: this.#natsPorts[node],
      store: join(this.#options.home, `nats-${node + 1}`),
      config: join(root, 'infra/nats/permissions.conf'),
      env: natsPasswords(this.#secrets as ClusterSecrets),
    });
  }

  async #add(name: string, service: string): Promise<Member> {
    if (this.#stopping) throw new Error('the cluster is being stopped');
    const port = service === 'api-gateway' ? this.#gatewayPort : await freePort();
    const { way = async (_member: string, _server: string, address: string) => address } = this.#options;
    const nats = await Promise.all(this.#natsPorts.map((at) => way(name, 'nats', `127.0.0.1:${at}`)));
    const mongo = service === 'reporting' ? await this.#mongoFor(name, way) : undefined;
    const member = new Member({
      name,
      port,
      command: [process.execPath, '--disable-warning=ExperimentalWarning', join(root, `services/${service}/dist/main.js`)],
      env: {
        ...this.#environment(name, service, port),
        BUS_URL: this.#natsUrl(service, nats),
        ...(mongo ? { READ_MODELS_URL: mongo, KEYS_URL: mongo } : {}),
      },
      log: join(this.#options.home, 'logs', `${name}.log`),
    });
    this.members.set(name, member);
    member.start();
    return member;
  }

  #environment(name: string, service: string, port: number): Record<string, string | undefined> {
    const data = this.#data as InstallationData;
    const folder = name === 'reporting-1' ? data.folderOf('reporting') : data.folderOf(name);
    return {
      PORT: String(port),
      PUBLIC_URL: this.url,
      DATA_DIR: folder,
      INSTANCE: name,
      SEED: this.#options.seed ?? 'demo',
      MASTER_KEY: data.masterKey,
      SIGNING_KEY: this.#secrets?.signing[service],
      TRUSTED_KEYS: `file:${this.#secrets?.trustedKeys}`,
      FILES_URL: `file:${data.files}`,
      EVENT_STORE_URL: name === service || name === 'reporting-1' ? 'sqlite:' : 'bus:',
      STREAM_REPLICAS: String(this.#natsPorts.length),
      ...this.#options.env,
      ...this.#options.envOf?.(name),
    };
  }
}
