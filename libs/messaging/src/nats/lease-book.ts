import { hash } from 'node:crypto';
import type { LeaseEntry } from './lease-bucket.js';

/** An instance from joining until its key expires; after losing it, the instance joins under a new session. */
export type SessionRecord = { readonly instance: string; readonly session: string; readonly groups: readonly string[] };
/** No holder: the unit was released. */
export type UnitRecord = { readonly group: string; readonly unit: string; readonly instance?: string; readonly session?: string };

type Seen<T> = T & { readonly revision: number };
type SeenSession = Seen<SessionRecord> & { readonly seenAt: number };
/** State of a unit according to the bucket: held by a live session, or free; `doubtful`: its session was never seen. */
export type UnitState = {
  readonly is: 'held' | 'doubtful' | 'free';
  readonly revision: number;
  readonly instance?: string;
  readonly session?: string;
};

// A key of the bucket is made of letters, digits, - and _ between dots; `=` marks what was written otherwise.
const token = (text: string) => text.replace(/[^-\w]/g, (sign) => `=${Buffer.from(sign).toString('hex')}`);
export const sessionKey = (instance: string) => `session.${token(instance)}`;
export const unitKey = (group: string, unit: string) => `unit.${token(group)}.${token(unit)}`;

/** The instance's quota of `units`. Quotas sum to all units, differ by at most one, and the remainder goes to different members in each group. */
export function quotaOf(
  instance: string,
  group: string,
  members: readonly string[],
  units: number,
): { readonly quota: number; readonly rank: number } {
  const weight = new Map(members.map((member) => [member, hash('sha1', `${group}\n${member}`)]));
  const rank = members.filter((member) => weight.get(member)! < weight.get(instance)!).length;
  return { quota: Math.floor(units / members.length) + (rank < units % members.length ? 1 : 0), rank };
}

/**
 * The bucket as read so far. A session is written before the units it takes, so a unit whose holder is known to have ended
 * after taking it is certainly free; a holder that was never seen must be looked up (`doubts`).
 */
export class LeaseBook {
  readonly #sessions = new Map<string, SeenSession>();
  readonly #units = new Map<string, Seen<UnitRecord>>();
  readonly #now: () => number;

  /** `now`: ms of a monotonic clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether anything changed beyond a session's renewal time. */
  write(entry: LeaseEntry): boolean {
    return entry.key.startsWith('session.') ? this.#writeSession(entry) : this.#writeUnit(entry);
  }

  /** The server has neither the key nor its delete marker, although the book holds this revision of it. */
  forget(key: string, revision: number): void {
    if (this.#units.get(key)?.revision === revision) this.#units.delete(key);
  }

  members(group: string): string[] {
    return [...this.#sessions.values()].filter(({ groups }) => groups.includes(group)).map(({ instance }) => instance);
  }

  session(instance: string): Seen<SessionRecord> | undefined {
    return this.#sessions.get(sessionKey(instance));
  }

  unit(group: string, unit: string): UnitState {
    const record = this.#units.get(unitKey(group, unit));
    if (!record) return { is: 'free', revision: 0 };
    const { revision, instance, session } = record;
    if (instance === undefined) return { is: 'free', revision };
    return { is: this.#holds(record) ? 'held' : 'doubtful', revision, instance, session };
  }

  /** Instances whose session must be looked up: holders never seen, or silent for `silentMs`. */
  doubts(silentMs: number): Set<string> {
    const doubtful = [...this.#units.values()].filter((record) => record.instance !== undefined && !this.#holds(record));
    const silent = [...this.#sessions.values()].filter(({ seenAt }) => this.#now() - seenAt > silentMs);
    return new Set([...doubtful.map(({ instance }) => instance!), ...silent.map(({ instance }) => instance)]);
  }

  /** `entry` is what the server says now of the session of `instance`; what was in doubt before it was asked (`upTo`: revision) is decided. */
  settle(instance: string, entry: LeaseEntry | undefined, upTo: number): void {
    const key = sessionKey(instance);
    if (entry) this.write(entry);
    else this.#sessions.delete(key);
    for (const [at, record] of this.#units)
      if (record.instance === instance && record.revision <= upTo && !this.#holds(record)) this.#free(at, record);
  }

  /** The highest revision of any unit: what `settle` may decide. */
  get newest(): number {
    return Math.max(0, ...[...this.#units.values()].map(({ revision }) => revision));
  }

  #writeSession({ key, revision, text }: LeaseEntry): boolean {
    const before = this.#sessions.get(key);
    if (before && before.revision > revision) return false;
    const now = text === undefined ? undefined : { ...(JSON.parse(text) as SessionRecord), revision, seenAt: this.#now() };
    if (now) this.#sessions.set(key, now);
    else this.#sessions.delete(key);
    if (now && before?.session === now.session && before.groups.join() === now.groups.join()) return false;
    for (const [at, record] of this.#units)
      if (record.instance !== undefined && sessionKey(record.instance) === key && record.revision < revision && !this.#holds(record))
        this.#free(at, record);
    return true;
  }

  #writeUnit({ key, revision, text }: LeaseEntry): boolean {
    const before = this.#units.get(key);
    if (before && before.revision >= revision) return false;
    const record = text === undefined ? { group: before?.group ?? '', unit: before?.unit ?? '' } : (JSON.parse(text) as UnitRecord);
    this.#units.set(key, { ...record, revision });
    return true;
  }

  #holds({ instance, session, group }: UnitRecord): boolean {
    const lives = this.#sessions.get(sessionKey(instance!));
    return lives?.session === session && lives!.groups.includes(group);
  }

  #free(key: string, { group, unit, revision }: Seen<UnitRecord>): void {
    this.#units.set(key, { group, unit, revision });
  }
}
