import { Injectable } from '@nestjs/common';
import type { AnyOf, Collection, Where } from '@ateneo/read-models';
import { ServiceRuntime } from '@ateneo/service-kit';
import {
  type EntryCounts,
  entryCounts,
  type RecentActs,
  recentActs,
  STATES,
  type WaitingEntries,
  waitingEntries,
} from './entry-counts.projection.js';
import type { KnownEnrolment } from '../known/known.projection.js';
import { type EntryDocument, entries } from './entry-list.projection.js';
import {
  addStates,
  coversAll,
  type Held,
  insideAssignments,
  type Reach,
  SHOWN,
  type WaitingDay,
  waitingDays,
} from './entry-sight.rules.js';

/** A page of what waits is put together from so many trainees at first, then from twice as many each time. */
const TRAINEES_AT_FIRST = 4;

/** Entries whose number is asked for: everything of a trainee, what others see of schools, and of assignments in other ones. */
export type Counting = { readonly own?: string; readonly schools?: Where; readonly held?: readonly Held[] };

/** What lists say of entries without reading them. */
@Injectable()
export class EntryFigures {
  readonly #entries: Collection<EntryDocument>;
  readonly #counts: Collection<EntryCounts>;
  readonly #waiting: Collection<WaitingEntries>;
  readonly #recent: Collection<RecentActs>;

  constructor(runtime: ServiceRuntime) {
    this.#entries = runtime.collection(entries);
    this.#counts = runtime.collection(entryCounts);
    this.#waiting = runtime.collection(waitingEntries);
    this.#recent = runtime.collection(recentActs);
  }

  /** All entries in sight, by state. */
  async all({ own, schools, held }: Counting, where: Where): Promise<Record<string, number>> {
    const ofSchools = schools ? await this.#counts.sums(SHOWN, schools) : {};
    const mine = own === undefined ? {} : await this.#counts.sums(STATES, { ...where, traineeId: own });
    const theirs = held ? await this.#assigned(where, held) : [];
    return addStates([mine, ofSchools, ...theirs], STATES);
  }

  /** Entries that meet one of the conditions, by state. */
  some(where: AnyOf): Promise<Record<string, number>> {
    return this.#entries.countBy('state', where);
  }

  /** How many entries of each trainee wait; of assignments only what is dated inside one. */
  async waiting({ schools, held }: Reach, traineeId: string | undefined): Promise<Map<string, number>> {
    const ofTrainee = Map.groupBy(held, (one) => one.traineeId);
    const wheres: Where[] = [
      { schoolId: { in: schools }, ...(traineeId === undefined ? {} : { traineeId }) },
      { schoolId: { in: schoolsOf(held) }, traineeId: { in: [...ofTrainee.keys()] } },
    ];
    const counted = await this.#counts.find({ where: wheres.map((where) => ({ ...where, submitted: { gt: 0 } })) });
    const isWhole = (one: EntryCounts) => schools.includes(one.schoolId) || coversAll(ofTrainee.get(one.traineeId) ?? [], one);
    const n = new Map<string, number>();
    const add = (id: string, more: number) => more > 0 && n.set(id, (n.get(id) ?? 0) + more);
    for (const one of counted) if (isWhole(one)) add(one.traineeId, one.submitted);
    const partly = counted.filter((one) => !isWhole(one)).map((one) => `${one.traineeId} ${one.schoolId}`);
    for (const [, one] of partly.length > 0 ? await this.#waiting.getMany(partly) : [])
      for (const day of waitingDays(one.traineeId, [one], { schools, held: ofTrainee.get(one.traineeId) ?? [] })) add(day.traineeId, day.n);
    return n;
  }

  /** What waits by trainee, in their order, and day, as many groups as are asked for or a few more; and the days of it, the latest first. */
  async waitingDays(
    traineeIds: readonly string[],
    { schools, held }: Reach,
    most: number,
  ): Promise<{ groups: WaitingDay[]; days: string[] }> {
    const groups: WaitingDay[] = [];
    const ofTrainee = Map.groupBy(held, ({ traineeId }) => traineeId);
    const schoolId = { in: [...schools, ...schoolsOf(held)] };
    for (let [from, many] = [0, TRAINEES_AT_FIRST]; from < traineeIds.length && groups.length < most; from += many, many *= 2) {
      const some = traineeIds.slice(from, from + many);
      const where = { traineeId: { in: some }, n: { gt: 0 }, schoolId };
      const found = Map.groupBy(await this.#waiting.find({ where }), ({ traineeId }) => traineeId);
      for (const id of some) groups.push(...waitingDays(id, found.get(id) ?? [], { schools, held: ofTrainee.get(id) ?? [] }));
    }
    return { groups, days: [...new Set(groups.map(({ day }) => day))].sort().reverse() };
  }

  /** Of these enrolments the ones that may have entries inside a suspension or outside the contract. */
  async questionable(enrolments: readonly KnownEnrolment[], { traineeId, schoolId }: Where): Promise<KnownEnrolment[]> {
    const where: Where = { ...(traineeId === undefined ? {} : { traineeId }), ...(schoolId === undefined ? {} : { schoolId }) };
    const counted = Map.groupBy(await this.#counts.find({ where }), (one) => `${one.traineeId} ${one.schoolId}`);
    return enrolments.filter(({ contract, suspensions, ...one }) =>
      counted
        .get(`${one.traineeId} ${one.schoolId}`)
        ?.some(({ from, to }) => suspensions.length > 0 || from < contract.from || (contract.to !== null && to > contract.to)),
    );
  }

  async recent(traineeId: string): Promise<RecentActs['acts']> {
    return (await this.#recent.get(traineeId))?.acts ?? [];
  }

  /** What lies inside assignments is counted entry by entry only of trainees who have something outside. */
  async #assigned(where: Where, held: readonly Held[]): Promise<Record<string, number>[]> {
    if (held.length === 0) return [];
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

const schoolsOf = (held: readonly Held[]): string[] => [...new Set(held.map(({ schoolId }) => schoolId))];
