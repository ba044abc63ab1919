import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONTEXTS } from '@ateneo/contracts';
import { freePort, type RunningNats } from '../nats.mjs';
import { mongoMissing, type RunningMongo, startMongo } from '../mongo.mjs';
import { clusterSecrets, type ClusterSecrets, natsPasswords } from './cluster-secrets.js';
import { type RunningS3, s3Missing, startS3 } from '../s3.mjs';
import { carryKeys } from './carry-keys.js';
import { type InstallationData, prepareData } from './demo-data.js';
import { Member } from './member.js';
import { checkNatsNodes, NatsNodes } from './nats-nodes.js';

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
  /** Every server that docker-compose.yml gives a process and this machine can have: MongoDB for all, S3, KurrentDB where KURRENTDB_URL names one. */
  readonly asDeployed?: boolean;
  readonly say?: (line: string) => void;
};

/** Those that run as one process each; reporting runs as often as wanted. */
export const COMMANDS_SERVICES = Object.keys(CONTEXTS).filter((name) => name !== 'reporting');
const READY_MS = 180_000;
/** The stand-in folds a demo's hundred thousand events into its store, once. */
const FIRST_READY_MS = 900_000;
const root = resolve(import.meta.dirname, '../../../..');

/** The distributed form on one machine: real servers and one process per service, reporting as many times as wanted. */
export class Cluster {
  readonly members = new Map<string, Member>();
  readonly #options: ClusterOptions;
  #nats: NatsNodes | undefined;
  #mongo: RunningMongo | undefined;
  #s3: RunningS3 | undefined;
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
    return this.#natsUrl(user, this.#natsAddresses);
  }

  #natsUrl(user: string, addresses: readonly string[]): string {
    return `nats://${user}:${this.#secrets?.nats[user]}@${addresses.join(',')}`;
  }

  get nats(): readonly RunningNats[] {
    return this.#nats?.servers ?? [];
  }

  get #natsAddresses(): readonly string[] {
    return this.#nats?.addresses ?? [];
  }

  get mongo(): RunningMongo | undefined {
    return this.#mongo;
  }

  /** Lets the first administrator of an empty installation in, once (ADR 0052). */
  get firstSecret(): string {
    return createHash('sha256').update(`first administrator ${this.data.masterKey}`).digest('base64url');
  }

  /** Whether what the service keeps beside its events is in MongoDB. */
  isInMongo(service: string): boolean {
    return this.#mongo !== undefined && (service === 'reporting' || this.#options.asDeployed === true);
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
    await Promise.all(added.map((member) => member.ready(this.#readyMs)));
  }

  /** Ends a node of NATS without goodbye. */
  async killNats(node: number): Promise<void> {
    await this.#nats?.kill(node);
  }

  /** Starts a node of NATS that was killed, on its store and port. */
  async restartNats(node: number): Promise<void> {
    await this.#nats?.start(node);
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
    await this.#nats?.stop();
    await this.#mongo?.stop();
    await this.#s3?.stop();
  }

  /** As the static `start`, for one that may be stopped while it starts. */
  async start(): Promise<void> {
    const { home, seed = 'demo', from, natsNodes = 1, reporting = 1, asDeployed = false, say = () => undefined } = this.#options;
    if (asDeployed) checkDeployable(seed);
    checkNatsNodes(home, natsNodes);
    mkdirSync(join(home, 'logs'), { recursive: true });
    this.#data = await prepareData(home, { seed, from, say });
    this.#secrets = clusterSecrets(join(home, 'secrets'), this.#data.masterKey);
    this.#gatewayPort = this.#options.port ?? (await freePort());
    this.#nats = await NatsNodes.open(natsNodes, home, natsPasswords(this.#secrets));
    say(`NATS is at ${this.#natsAddresses.join(', ')}`);
    if (mongoMissing()) say(`MongoDB: ${mongoMissing()}; reporting keeps its read models in SQLite and runs once`);
    else {
      this.#mongo = await this.#startMongo();
      say(`MongoDB is at ${this.#mongo.url}`);
    }
    if (asDeployed) await this.#deploy(say);
    for (const service of COMMANDS_SERVICES) await this.#add(service, service);
    const others = [...this.members.values()].map((member) => this.#ready(member));
    await Promise.all([...others, this.scaleReporting(reporting).then(() => say(`reporting is ready, ${reporting} times`))]);
    await this.#ready(await this.#add('api-gateway', 'api-gateway'));
  }

  async #ready(member: Member): Promise<void> {
    const { say = () => undefined } = this.#options;
    await member.ready(this.#readyMs);
    say(`${member.name} is ready`);
  }

  /** What a demo kept in files goes where the services look for it; what they make from now on goes there by itself. */
  async #deploy(say: (line: string) => void): Promise<void> {
    const data = this.#data as InstallationData;
    await carryKeys((this.#mongo as RunningMongo).url, Object.keys(CONTEXTS), (service) => data.folderOf(service));
    if (s3Missing()) return say(`S3: ${s3Missing()}; attachments and PDFs stay in a folder`);
    this.#s3 = await startS3({ store: join(this.#options.home, 's3') });
    say(`S3 is at ${this.#s3.endpoint}`);
  }

  /** A server that MONGODB_URL names is reached where it is. */
  async #mongoFor(name: string, way: NonNullable<ClusterOptions['way']>): Promise<string | undefined> {
    if (!this.#mongo?.standIn) return this.#mongo?.url;
    const address = `127.0.0.1:${this.#mongo.port}`;
    return this.#mongo.url.replace(address, await way(name, 'mongo', address));
  }

  #startMongo(port?: number): Promise<RunningMongo> {
    const { mongoStore, asDeployed, home } = this.#options;
    return startMongo({ port, store: mongoStore || asDeployed ? join(home, 'mongo') : undefined });
  }

  get #readyMs(): number {
    return this.#options.asDeployed ? FIRST_READY_MS : READY_MS;
  }

  get #kurrent(): string | undefined {
    return this.#options.asDeployed ? process.env['KURRENTDB_URL'] : undefined;
  }

  async #add(name: string, service: string): Promise<Member> {
    if (this.#stopping) throw new Error('the cluster is being stopped');
    const port = service === 'api-gateway' ? this.#gatewayPort : await freePort();
    const { way = async (_member: string, _server: string, address: string) => address } = this.#options;
    const nats = await Promise.all(this.#natsAddresses.map((at) => way(name, 'nats', at)));
    const mongo = service === 'reporting' || this.#options.asDeployed ? await this.#mongoFor(name, way) : undefined;
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
      FILES_URL: this.#s3?.url ?? `file:${data.files}`,
      EVENT_STORE_URL: this.#kurrent ?? (name === service || name === 'reporting-1' ? 'sqlite:' : 'bus:'),
      STREAM_REPLICAS: String(this.#natsAddresses.length),
      ...(service === 'identity' && this.#options.seed === 'empty'
        ? { FIRST_ADMINISTRATOR: 'amministratore@localhost.invalid', FIRST_ADMINISTRATOR_SECRET: this.firstSecret }
        : {}),
      ...this.#options.env,
      ...this.#options.envOf?.(name),
    };
  }
}

/** Throws RangeError where what cannot be left out is missing. */
function checkDeployable(seed: 'demo' | 'empty'): void {
  if (mongoMissing()) throw new RangeError(`as deployed: ${mongoMissing()}`);
  if (process.env['KURRENTDB_URL'] && seed === 'demo')
    throw new RangeError(
      'as deployed: the demo’s past is in files, and KURRENTDB_URL names a server: begin empty (--empty), or without it',
    );
}
