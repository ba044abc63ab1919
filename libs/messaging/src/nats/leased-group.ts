import type { Holder, Shared, Sharing } from '../leases.js';
import { type LeaseBook, quotaOf, type UnitState, unitKey } from './lease-book.js';
import type { LeaseBucket } from './lease-bucket.js';

export type LeasedGroupOptions = {
  readonly bucket: LeaseBucket;
  readonly book: LeaseBook;
  readonly instance: string;
  /** Id of the instance's session, or undefined while it has none. */
  session(): string | undefined;
  /** The instance left the group. */
  left(): void;
  /** A change others were waiting for is complete: look again. */
  changed(): void;
  onProblem(problem: string, error: unknown): void;
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** After losing a race: by then the book shows the winner. */
const REFUSED_PAUSE_MS = 100;
/** Lifetime of a released unit's key. */
const RELEASED_SECONDS = 3_600;

/** One instance's share of a group: takes units up to its quota, gives up any above it, and loses all of them with its session. */
export class LeasedGroup implements Shared {
  readonly #sharing: Sharing;
  readonly #options: LeasedGroupOptions;
  readonly #held = new Map<string, number>();
  /** Units in transition here; `comes`: being taken. */
  readonly #busy = new Map<string, { readonly comes: boolean; readonly done: Promise<void> }>();
  readonly #failed = new Map<string, { readonly times: number; readonly until: number }>();
  #leaving: Promise<void> | undefined;

  constructor(sharing: Sharing, options: LeasedGroupOptions) {
    this.#sharing = sharing;
    this.#options = options;
  }

  /** Empty as soon as the session has expired, even before anyone is notified. */
  held(): ReadonlyMap<string, number> {
    return this.#options.session() === undefined ? new Map() : this.#held;
  }

  async holders(): Promise<readonly Holder[]> {
    return this.#sharing.units.flatMap((unit) => {
      const { is, instance, revision } = this.#state(unit);
      return is === 'free' || instance === undefined ? [] : [{ unit, instance, fence: revision }];
    });
  }

  leave(): Promise<void> {
    return (this.#leaving ??= this.#leave());
  }

  /** Takes, gives up or releases units according to the book. */
  settle(): void {
    const { book, instance } = this.#options;
    const session = this.#options.session();
    if (session === undefined || this.#leaving) return;
    for (const [unit, fence] of this.#held) if (this.#takenAway(unit, fence, session)) this.#lose(unit);
    const members = book.members(this.#sharing.group);
    if (!members.includes(instance)) return;
    const { quota, rank } = quotaOf(instance, this.#sharing.group, members, this.#sharing.units.length);
    const resting = [...this.#held.keys()].filter((unit) => !this.#busy.has(unit));
    const coming = [...this.#busy.values()].filter(({ comes }) => comes).length;
    const beyond = resting.length + coming - quota;
    if (beyond > 0) for (const unit of resting.slice(-beyond)) this.#giveUp(unit, session);
    const free = this.#free(session, rank / members.length);
    for (const unit of free.slice(0, Math.max(0, -beyond))) this.#take(unit, session);
    for (const unit of free.slice(Math.max(0, -beyond))) this.#giveBackStray(unit, session);
  }

  /** The session ended: any unit may belong to another instance now. */
  sessionEnded(): void {
    for (const unit of [...this.#held.keys()]) if (!this.#busy.has(unit)) this.#lose(unit);
  }

  async #leave(): Promise<void> {
    while (this.#busy.size + this.#held.size > 0) {
      const session = this.#options.session();
      for (const unit of [...this.#held.keys()]) if (!this.#busy.has(unit)) this.#giveUp(unit, session);
      await Promise.all([...this.#busy.values()].map(({ done }) => done));
    }
    this.#options.left();
  }

  #state(unit: string): UnitState {
    return this.#options.book.unit(this.#sharing.group, unit);
  }

  #takenAway(unit: string, fence: number, session: string): boolean {
    const state = this.#state(unit);
    return !this.#busy.has(unit) && state.revision > fence && state.session !== session;
  }

  /** Units to take; members start at different ones. A unit recorded as ours but not held here is taken anew. */
  #free(session: string, start: number): string[] {
    const { units } = this.#sharing;
    const first = Math.floor(start * units.length);
    return [...units.slice(first), ...units.slice(0, first)].filter((unit) => {
      if (this.#busy.has(unit) || this.#held.has(unit) || performance.now() < (this.#failed.get(unit)?.until ?? 0)) return false;
      const state = this.#state(unit);
      return state.is === 'free' || state.session === session;
    });
  }

  #take(unit: string, session: string): void {
    this.#work(unit, true, async () => {
      const fence = await this.#write(unit, { session, expected: this.#state(unit).revision });
      if (fence === undefined) this.#wait(unit, REFUSED_PAUSE_MS);
      if (fence === undefined || this.#options.session() !== session) return;
      this.#held.set(unit, fence);
      try {
        await this.#sharing.gained(unit, fence);
        this.#failed.delete(unit);
      } catch (error) {
        this.#held.delete(unit);
        this.#rest(unit, `${this.#sharing.group}: ${unit} could not be begun`, error);
        return this.#giveBack(unit, session, fence);
      }
      if (this.#options.session() !== session) await this.#losing(unit);
    });
  }

  #giveUp(unit: string, session: string | undefined): void {
    this.#work(unit, false, async () => {
      const fence = this.#held.get(unit)!;
      await this.#losing(unit);
      if (session !== undefined) await this.#giveBack(unit, session, fence);
    });
  }

  #lose(unit: string): void {
    this.#held.delete(unit);
    this.#work(unit, false, () => this.#losing(unit));
  }

  /** A write whose reply was lost can leave us above quota. */
  #giveBackStray(unit: string, session: string): void {
    const { session: holder, revision } = this.#state(unit);
    if (holder === session) this.#work(unit, false, () => this.#giveBack(unit, session, revision));
  }

  async #losing(unit: string): Promise<void> {
    try {
      await this.#sharing.lost(unit);
    } catch (error) {
      this.#options.onProblem(`${this.#sharing.group}: ${unit} could not be ended`, error);
    }
    this.#held.delete(unit);
  }

  async #giveBack(unit: string, session: string, fence: number): Promise<void> {
    if (this.#options.session() === session) await this.#write(unit, { expected: fence });
  }

  /** The new revision, or undefined if another instance won. */
  async #write(unit: string, { session, expected }: { readonly session?: string; readonly expected: number }): Promise<number | undefined> {
    const { bucket, book, instance } = this.#options;
    const { group } = this.#sharing;
    const key = unitKey(group, unit);
    const text = JSON.stringify(session === undefined ? { group, unit } : { group, unit, instance, session });
    const revision = await bucket.write({ key, text, expected, ttlSeconds: session === undefined ? RELEASED_SECONDS : undefined });
    if (revision !== undefined) book.write({ key, revision, text });
    else if ((await bucket.read(key)) === undefined) book.forget(key, expected);
    return revision;
  }

  #work(unit: string, comes: boolean, act: () => Promise<void>): void {
    const done = act()
      .catch((error) => this.#rest(unit, `${this.#sharing.group}: ${unit} could not change hands`, error))
      .finally(() => {
        this.#busy.delete(unit);
        this.#options.changed();
      });
    this.#busy.set(unit, { comes, done });
  }

  #rest(unit: string, problem: string, error: unknown): void {
    const times = this.#failed.get(unit)?.times ?? 0;
    this.#wait(unit, Math.min(FIRST_PAUSE_MS * 2 ** times, LONGEST_PAUSE_MS), times + 1);
    this.#options.onProblem(problem, error);
  }

  #wait(unit: string, ms: number, times = this.#failed.get(unit)?.times ?? 0): void {
    this.#failed.set(unit, { times, until: performance.now() + ms });
  }
}
