import { Inject, Injectable } from '@nestjs/common';
import type { AnyOf, Collection, Where } from '@ateneo/read-models';
import { RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import {
  type EntryCounts,
  entryCounts,
  type RecentActs,
  recentActs,
  STATES,
  type WaitingEntries,
  waitingEntries,
} from './entry-counts.projection.js';
import { type EntryDocument, entries } from './entry-list.projection.js';
import { addStates, coversAll, type Held, insideAssignments, SHOWN } from './entry-sight.rules.js';

/** Entries whose number is asked for: everything of a trainee, what others see of schools, or of assignments. */
export type Counting = { readonly own?: string; readonly schools?: Where; readonly held?: readonly Held[] };

/** What lists say of entries without reading them. */
@Injectable()
export class EntryFigures {
  readonly #entries: Collection<EntryDocument>;
  readonly #counts: Collection<EntryCounts>;
  readonly #waiting: Collection<WaitingEntries>;
  readonly #recent: Collection<RecentActs>;

  constructor(@Inject(RUNTIME) runtime: ServiceRuntime) {
    this.#entries = runtime.collection(entries);
    this.#counts = runtime.collection(entryCounts);
    this.#waiting = runtime.collection(waitingEntries);
    this.#recent = runtime.collection(recentActs);
  }

  /** All entries in sight, by state. */
  async all({ own, schools, held }: Counting, where: Where): Promise<Record<string, number>> {
    if (schools) return addStates([await this.#counts.sums(SHOWN, schools)], SHOWN);
    const mine = own === undefined ? {} : await this.#counts.sums(STATES, { ...where, traineeId: own });
    const theirs = held ? await this.#assigned(where, held) : [];
    return addStates([mine, ...theirs], STATES);
  }

  /** Entries that meet one of the conditions, by state. */
  some(where: AnyOf): Promise<Record<string, number>> {
    return this.#entries.countBy('state', where);
  }

  async waiting(where: Where): Promise<WaitingEntries[]> {
    return this.#waiting.find({ where: { ...where, n: { gt: 0 } } });
  }

  async recent(traineeId: string): Promise<RecentActs['acts']> {
    return (await this.#recent.get(traineeId))?.acts ?? [];
  }

  /** What lies inside assignments is counted entry by entry only of trainees who have something outside. */
  async #assigned(where: Where, held: readonly Held[]): Promise<Record<string, number>[]> {
    const counted = await this.#counts.find({
      where: { ...where, traineeId: { in: [...new Set(held.map(({ traineeId }) => traineeId))] } },
    });
    const [whole, partly] = [true, false].map((is) => counted.filter((one) => coversAll(held, one) === is)) as [
      EntryCounts[],
      EntryCounts[],
    ];
    const inside = partly.map(({ traineeId, schoolId }) => {
      const own = held.filter((one) => one.traineeId === traineeId && one.schoolId === schoolId);
      return this.some(insideAssignments({ state: { in: SHOWN } }, own));
    });
    return [addStates(whole, SHOWN), ...(await Promise.all(inside))];
  }
}
