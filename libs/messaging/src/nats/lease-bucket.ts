import { type JetStreamClient, JetStreamApiError, jetstream } from '@nats-io/jetstream';
import { type KV, Kvm, type KvEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

/** The value of a key, or undefined if it was purged or expired. */
export type LeaseEntry = { readonly key: string; readonly revision: number; readonly text: string | undefined };

export type LeaseWrite = {
  readonly key: string;
  readonly text: string;
  /** Revision that this write replaces; 0: the key must not exist. */
  readonly expected: number;
  /** Time to live in whole seconds; none if absent. */
  readonly ttlSeconds?: number;
  /** A repeat with the same id within two minutes answers the revision of the first. */
  readonly id?: string;
  readonly timeoutMs?: number;
};

const REQUEST_MS = 2_000;
const MARKER_MS = 60_000;
/** JetStream's error codes for a wrong expected revision: single server, cluster. */
const WRONG_REVISION: readonly number[] = [10071, 10164];

/** A key-value bucket with compare-and-set and times to live. `kv.update()` cannot write with a time to live, hence the plain publish. */
export class LeaseBucket {
  readonly #kv: KV;
  readonly #client: JetStreamClient;
  readonly #name: string;

  private constructor(kv: KV, client: JetStreamClient, name: string) {
    this.#kv = kv;
    this.#client = client;
    this.#name = name;
  }

  /** Reads from the stream leader: a replica might still show an ended session. */
  static async open(connection: NatsConnection, name: string, replicas: number): Promise<LeaseBucket> {
    const client = jetstream(connection, { timeout: REQUEST_MS });
    const kv = await new Kvm(client).create(name, { markerTTL: MARKER_MS, replicas, allow_direct: false });
    return new LeaseBucket(kv, client, name);
  }

  /** The new revision, or undefined if the key was not at the expected one. Throws if no reply comes. */
  async write({ key, text, expected, ttlSeconds, id, timeoutMs = REQUEST_MS }: LeaseWrite): Promise<number | undefined> {
    try {
      const options = {
        expect: { lastSubjectSequence: expected },
        timeout: timeoutMs,
        retries: 0,
        ...(ttlSeconds ? { ttl: `${ttlSeconds}s` } : {}),
        ...(id ? { msgID: id } : {}),
      };
      return (await this.#client.publish(`$KV.${this.#name}.${key}`, text, options)).seq;
    } catch (error) {
      if (error instanceof JetStreamApiError && WRONG_REVISION.includes(error.code)) return undefined;
      throw error;
    }
  }

  async read(key: string): Promise<LeaseEntry | undefined> {
    const entry = await this.#kv.get(key);
    return entry === null ? undefined : said(entry);
  }

  /** Deletes a key for everyone at once; its marker expires after a minute. */
  async purge(key: string, expected: number): Promise<void> {
    await this.#kv.purge(key, { previousSeq: expected, ttl: `${MARKER_MS / 1_000}s` });
  }

  /** Every current key, then every change, in revision order. */
  async watch(): Promise<{ readonly entries: AsyncIterable<LeaseEntry>; stop(): void }> {
    const watched = await this.#kv.watch();
    const entries = (async function* () {
      for await (const entry of watched) yield said(entry);
    })();
    return { entries, stop: () => watched.stop() };
  }
}

const said = (entry: KvEntry): LeaseEntry => ({
  key: entry.key,
  revision: entry.revision,
  text: entry.operation === 'PUT' ? entry.string() : undefined,
});
