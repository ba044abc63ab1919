import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Leases, Shared, Sharing } from '../leases.js';
import { LeaseBook, type SessionRecord, sessionKey } from './lease-book.js';
import { LeaseBucket, type LeaseEntry } from './lease-bucket.js';
import { LeaseSession } from './lease-session.js';
import { LeasedGroup } from './leased-group.js';

export type NatsLeasesOptions = {
  /** Unique among the instances that live; one that begins under a name that still lives waits until it is over. */
  readonly instance: string;
  readonly service: string;
  /** How long an instance that cannot be heard keeps what it holds, in ms; at least 1,000, in whole seconds. */
  readonly sessionMs?: number;
  /** Copies of the bucket among the servers of a cluster; counts when the bucket is made. */
  readonly replicas?: number;
  /** `gained` or `lost` threw, or the server refused. */
  onProblem?(problem: string, error: unknown): void;
};

/** Leases in the bucket `leases-<service>` of NATS: one session per instance that the server ends when it is not renewed, one key per unit. */
export async function createNatsLeases(connection: NatsConnection, options: NatsLeasesOptions): Promise<Leases> {
  const { service, sessionMs = 2_000, replicas = 1 } = options;
  if (sessionMs < 1_000 || sessionMs % 1_000 !== 0) throw new RangeError('a session lasts whole seconds');
  const bucket = await LeaseBucket.open(connection, `leases-${service}`, replicas);
  return new NatsLeases(bucket, { ...options, sessionMs });
}

const WATCH_PAUSE_MS = 250;
const now = () => performance.now();

class NatsLeases implements Leases {
  readonly instance: string;
  readonly #options: NatsLeasesOptions & { readonly sessionMs: number };
  readonly #bucket: LeaseBucket;
  readonly #book = new LeaseBook(now);
  readonly #groups = new Map<string, LeasedGroup>();
  readonly #asked = new Set<string>();
  readonly #session: LeaseSession;
  readonly #ticking: NodeJS.Timeout;
  readonly #watching: Promise<void>;
  /** Revision that the watch has come to. */
  #watched = 0;
  /** The session's beginning: what was there before it is in the book once the watch has come to it. */
  #began: { readonly session: string; readonly revision: number } | undefined;
  /** The oldest renewal that the watch has not come to: it proves that the watch lives. */
  #unseen: { readonly revision: number; readonly since: number } | undefined;
  #stopWatch: (() => void) | undefined;
  #settling = false;
  #closed = false;

  constructor(bucket: LeaseBucket, options: NatsLeasesOptions & { readonly sessionMs: number }) {
    const { instance, sessionMs } = options;
    this.instance = instance;
    this.#bucket = bucket;
    this.#options = options;
    this.#session = new LeaseSession({
      bucket,
      instance,
      sessionMs,
      now,
      groups: () => [...this.#groups.keys()],
      written: (record, revision) => this.#written(record, revision),
      ended: () => this.#ended(),
      onProblem: (problem, error) => this.#options.onProblem?.(problem, error),
    });
    this.#ticking = setInterval(() => this.#tick(), sessionMs / 8);
    this.#watching = this.#watch();
  }

  async share(sharing: Sharing): Promise<Shared> {
    if (this.#groups.has(sharing.group)) throw new Error(`${this.instance} shares in ${sharing.group} already`);
    const group = new LeasedGroup(sharing, {
      bucket: this.#bucket,
      book: this.#book,
      instance: this.instance,
      session: () => this.#session.id,
      left: () => {
        this.#groups.delete(sharing.group);
        this.#session.poke();
      },
      changed: () => this.#settle(),
      onProblem: (problem, error) => this.#options.onProblem?.(problem, error),
    });
    this.#groups.set(sharing.group, group);
    this.#session.poke();
    return group;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await Promise.all([...this.#groups.values()].map((group) => group.leave()));
    this.#closed = true;
    clearInterval(this.#ticking);
    await this.#session.close();
    this.#stopWatch?.();
    await this.#watching;
  }

  #written(record: SessionRecord, revision: number): void {
    if (this.#began?.session !== record.session) this.#began = { session: record.session, revision };
    if (this.#watched < revision) this.#unseen ??= { revision, since: now() };
    if (this.#book.write({ key: sessionKey(this.instance), revision, text: JSON.stringify(record) })) this.#settle();
  }

  #ended(): void {
    for (const group of this.#groups.values()) group.sessionEnded();
  }

  /** What time alone changes: a session that is over, a watch that fell silent, holders that were never seen. */
  #tick(): void {
    if (this.#session.id === undefined) return this.#session.poke();
    if (this.#unseen && now() - this.#unseen.since > this.#options.sessionMs) this.#stopWatch?.();
    for (const instance of this.#book.doubts(3 * this.#options.sessionMs)) void this.#ask(instance);
    this.#settle();
  }

  async #ask(instance: string): Promise<void> {
    if (this.#asked.has(instance)) return;
    this.#asked.add(instance);
    const upTo = this.#book.newest;
    try {
      this.#book.settle(instance, await this.#bucket.read(sessionKey(instance)), upTo);
      this.#settle();
    } catch (error) {
      this.#options.onProblem?.(`the session of ${instance} could not be read`, error);
    } finally {
      this.#asked.delete(instance);
    }
  }

  async #watch(): Promise<void> {
    while (!this.#closed) {
      try {
        const { entries, stop } = await this.#bucket.watch();
        this.#stopWatch = stop;
        this.#unseen = undefined;
        if (this.#closed) stop();
        for await (const entry of entries) this.#see(entry);
      } catch (error) {
        if (!this.#closed) this.#options.onProblem?.('the leases could not be watched', error);
      }
      if (!this.#closed) await pause(WATCH_PAUSE_MS);
    }
  }

  #see(entry: LeaseEntry): void {
    this.#watched = Math.max(this.#watched, entry.revision);
    if (this.#unseen && this.#unseen.revision <= this.#watched) this.#unseen = undefined;
    const changed = this.#book.write(entry);
    const { id, revision } = this.#session;
    const own = entry.key === sessionKey(this.instance) && entry.revision > revision;
    if (own && id !== undefined && this.#book.session(this.instance)?.session !== id) this.#session.refused();
    if (changed) this.#settle();
  }

  /** Once for whatever changed together, and not before the book has come to the session's own beginning. */
  #settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    setImmediate(() => {
      this.#settling = false;
      if (this.#began && this.#watched >= this.#began.revision) for (const group of this.#groups.values()) group.settle();
    });
  }
}
