import { unheard } from '@ateneo/event-sourcing';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { LeaseBucket } from './lease-bucket.js';
import { type SessionRecord, sessionKey } from './lease-book.js';

export type LeaseSessionOptions = {
  readonly bucket: LeaseBucket;
  readonly instance: string;
  /** Whole seconds, in ms. */
  readonly sessionMs: number;
  /** Ms of a monotonic clock that keeps running while the process is suspended. */
  now(): number;
  /** The groups the instance takes part in now. */
  groups(): readonly string[];
  /** The session was created or renewed. */
  written(record: SessionRecord, revision: number): void;
  /** The session ended: others may hold its units. Called before anything is written again. */
  ended(): void;
  /** No session can be created; reported once per reason. */
  onProblem(problem: string, error: unknown): void;
};

type Live = { readonly id: string; revision: number; goodUntil: number; groups: string };

/** Share of the session time to wait for a reply before repeating a write. */
const ATTEMPT = 1 / 6;
const JOIN_PAUSE_MS = 250;
const RENEW_PAUSE_MS = 50;
/** An instance ends its own session slightly before the others consider it ended. */
const OWN_SHARE = 0.9;

/** Keeps an instance's session alive, replacing it whenever it ends, until closed. */
export class LeaseSession {
  readonly #options: LeaseSessionOptions;
  readonly #key: string;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  #live: Live | undefined;
  /** Id of the latest attempt: a key value with this id is ours. */
  #own = '';
  #told: string | undefined;
  #poked = new AbortController();

  constructor(options: LeaseSessionOptions) {
    this.#options = options;
    this.#key = sessionKey(options.instance);
    this.#done = this.#run();
  }

  /** Id of the current session; undefined if there is none or it has expired. */
  get id(): string | undefined {
    return this.#live && this.#options.now() < this.#live.goodUntil ? this.#live.id : undefined;
  }

  get revision(): number {
    return this.#live?.revision ?? 0;
  }

  /** Checks clock and groups now; an expired session ends here. */
  poke(): void {
    this.#poked.abort();
  }

  /** Another writer's revision means we lost the key. */
  refused(): void {
    if (this.#live) this.#live.goodUntil = 0;
    this.poke();
  }

  /** Ends the session for everyone. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.poke();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const live = await this.#join().catch((error: unknown) => this.#tell('no session can begin', error));
      if (!live) {
        await this.#pause(JOIN_PAUSE_MS);
        continue;
      }
      this.#told = undefined;
      this.#live = live;
      await this.#keep(live);
      const left = this.#closing.signal.aborted && this.id !== undefined;
      this.#live = undefined;
      this.#options.ended();
      if (left) await this.#options.bucket.purge(this.#key, live.revision).catch(unheard('the server ends the session by its time'));
    }
  }

  /** Waits for a live session of the same name to end; never ends it. */
  async #join(): Promise<Live | undefined> {
    const { bucket, sessionMs, now } = this.#options;
    const there = await bucket.read(this.#key);
    if (there?.text !== undefined && (JSON.parse(there.text) as SessionRecord).session !== this.#own)
      return this.#tell(`another session of ${this.#options.instance} is not over`, undefined);
    this.#own = randomUUID();
    const record = this.#record(this.#own);
    const goodUntil = now() + sessionMs * OWN_SHARE;
    const revision = await bucket.write({ ...this.#written(record), expected: there?.revision ?? 0 });
    if (revision === undefined || now() >= goodUntil) return undefined;
    this.#options.written(record, revision);
    return { id: this.#own, revision, goodUntil, groups: record.groups.join() };
  }

  /** Resolves when the session has ended: refused, expired or closed. */
  async #keep(live: Live): Promise<void> {
    for (let turn = 1; ; turn++) {
      await this.#untilDue(live);
      if (this.#closing.signal.aborted || this.#over(live) || !(await this.#renew(live, turn))) return;
    }
  }

  /** Waits a third of the session time, or until the set of groups changes. */
  async #untilDue(live: Live): Promise<void> {
    const { sessionMs, now, groups } = this.#options;
    const due = live.goodUntil - sessionMs * (OWN_SHARE - 1 / 3);
    while (!this.#closing.signal.aborted && now() < due && groups().join() === live.groups) await this.#pause(Math.max(1, due - now()));
  }

  /**
   * The same writing is repeated under the same id until it is answered, so that a lost answer does not end the session. Its time counts from
   * the first attempt. False: the session is over.
   */
  async #renew(live: Live, turn: number): Promise<boolean> {
    const { bucket, sessionMs, now, written } = this.#options;
    const record = this.#record(live.id);
    const goodUntil = now() + sessionMs * OWN_SHARE;
    while (!this.#over(live)) {
      const left = Math.max(1, live.goodUntil - now());
      const write = {
        ...this.#written(record),
        expected: live.revision,
        id: `${live.id}.${turn}`,
        timeoutMs: Math.min(left, sessionMs * ATTEMPT),
      };
      const revision = await bucket.write(write).catch(() => 'unanswered' as const);
      if (revision === undefined || this.#over(live)) return false;
      if (revision !== 'unanswered') {
        Object.assign(live, { revision, goodUntil, groups: record.groups.join() });
        written(record, revision);
        return true;
      }
      if (this.#closing.signal.aborted) return true;
      await this.#pause(RENEW_PAUSE_MS);
    }
    return false;
  }

  #tell(problem: string, error: unknown): undefined {
    const text = `${problem}: ${String(error)}`;
    if (text !== this.#told) this.#options.onProblem(problem, error);
    this.#told = text;
  }

  #over(live: Live): boolean {
    return this.#options.now() >= live.goodUntil;
  }

  #record(session: string): SessionRecord {
    return { instance: this.#options.instance, session, groups: this.#options.groups() };
  }

  #written(record: SessionRecord) {
    return { key: this.#key, text: JSON.stringify(record), ttlSeconds: this.#options.sessionMs / 1_000 };
  }

  /** Returns early when poked. */
  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#poked.signal }).catch(unheard('poked: that is how the pause ends early'));
    if (this.#poked.signal.aborted && !this.#closing.signal.aborted) this.#poked = new AbortController();
  }
}
