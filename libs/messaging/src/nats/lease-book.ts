import { hash } from 'node:crypto';
import type { LeaseEntry } from './lease-bucket.js';

/** An instance from when it joined until its key ended; after a loss it joins as a new one. */
export type SessionRecord = { readonly instance: string; readonly session: string; readonly groups: readonly string[] };
/** Without a holder the unit was given back. */
export type UnitRecord = { readonly group: string; readonly unit: string; readonly instance?: string; readonly session?: string };

type Seen<T> = T & { readonly revision: number };
type SeenSession = Seen<SessionRecord> & { readonly seenAt: number };
/** What the bucket says of a unit: held by a session that lives, or free; `doubtful` where the session was never seen. */
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

/** How many of `units` are `instance`'s: all quotas together are all units, none differs from another by more than one, and groups favour different members. */
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
 * What the bucket says, as far as it was read. A session is written before the units it takes, so a unit whose holder is seen to have ended
 * after its taking is free for certain; one whose holder was not seen at all must be asked for (`doubts`).
 */
export class LeaseBook {
  readonly #sessions = new Map<string, SeenSession>();
  readonly #units = new Map<string, Seen<UnitRecord>>();
  readonly #now: () => number;

  /** `now` in ms of a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether anything but the time of a session is different now. */
  write(entry: LeaseEntry): boolean {
    return entry.key.startsWith('session.') ? this.#writeSession(entry) : this.#writeUnit(entry);
  }

  /** A key that the server does not have any more, nor its marker, though the book has this revision of it. */
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

  /** Instances whose session must be asked for: not seen though they hold, or silent for `silentMs`. */
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
