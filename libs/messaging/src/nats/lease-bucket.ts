import { type JetStreamClient, JetStreamApiError, jetstream } from '@nats-io/jetstream';
import { type KV, Kvm, type KvEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

/** What a key of the bucket says: its text, or nothing where it was purged or its time ran out. */
export type LeaseEntry = { readonly key: string; readonly revision: number; readonly text: string | undefined };

export type LeaseWrite = {
  readonly key: string;
  readonly text: string;
  /** Revision of the key that this write replaces; 0 for a key that is not there. */
  readonly expected: number;
  /** Whole seconds after which the server ends the key; for ever when absent. */
  readonly ttlSeconds?: number;
  /** A repeat with the same id within two minutes answers the revision of the first. */
  readonly id?: string;
  readonly timeoutMs?: number;
};

const REQUEST_MS = 2_000;
const MARKER_MS = 60_000;
/** What JetStream answers when the key is no more at the expected revision: one server, a cluster. */
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

  /** Reads go to the leader of the stream: a replica could still show a session that is over. */
  static async open(connection: NatsConnection, name: string, replicas: number): Promise<LeaseBucket> {
    const client = jetstream(connection, { timeout: REQUEST_MS });
    const kv = await new Kvm(client).create(name, { markerTTL: MARKER_MS, replicas, allow_direct: false });
    return new LeaseBucket(kv, client, name);
  }

  /** The revision of what was written, or undefined where the key is no more at the expected one; throws where no answer comes. */
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

  /** Ends a key at once for everyone; what remains of it goes after a minute. */
  async purge(key: string, expected: number): Promise<void> {
    await this.#kv.purge(key, { previousSeq: expected, ttl: `${MARKER_MS / 1_000}s` });
  }

  /** Every key as it is now, then every change, in the order of revisions. */
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
