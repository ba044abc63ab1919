import { Controller, Inject } from '@nestjs/common';
import { Assignments, Directory } from '@ateneo/access';
import { overlaps, union } from '@ateneo/calendar';
import { logbook, type Output } from '@ateneo/contracts';
import { ERASED, eventFrom, peopleIn, reject } from '@ateneo/event-sourcing';
import type { Collection, Find, Where } from '@ateneo/read-models';
import { Handles, type Request, RUNTIME, type ServiceRuntime, type Sight } from '@ateneo/service-kit';
import { entry } from '../entry/entry.decider.js';
import { starred, type Starred } from '../favourites/favourites.projection.js';
import { Known } from '../known/known.client.js';
import { entries, type EntryDocument } from './entry-list.projection.js';

type View = Output<typeof logbook.listEntries>['entries'][number];
type Filters = Request<typeof logbook.listEntries>['input'];

const SORTS = { performed: 'performedFrom', recorded: 'recordedAt', submitted: 'submittedAt' } as const;
const RECENT = 8;
const RECENT_OF = 60;
/** A tutor's own list is filtered by the days of the assignments; so many documents are looked at for it at most. */
const MOST_OF_TUTOR = 20_000;

/** Queries over entries. */
@Controller()
export class EntryListController {
  readonly #entries: Collection<EntryDocument>;
  readonly #starred: Collection<Starred>;

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Known) private readonly known: Known,
    @Inject(Assignments) private readonly assignments: Assignments,
    @Inject(Directory) private readonly directory: Directory,
  ) {
    this.#entries = runtime.collection(entries);
    this.#starred = runtime.collection(starred);
  }

  @Handles(logbook.listEntries)
  async list({ input, actor, sight }: Request<typeof logbook.listEntries>) {
    const fresh = await this.runtime.freshness(
      input.after,
      input.traineeId === undefined ? undefined : { projection: 'entry-list', key: input.traineeId },
    );
    const where = this.#where(input);
    const sort = [
      { by: SORTS[input.sort], descending: input.descending },
      { by: 'recordedAt', descending: input.descending },
    ];
    const offset = (input.page - 1) * input.size;
    if (wide(sight, input.schoolId)) return { ...(await this.#wide(where, sight, input, { sort, offset, limit: input.size })), ...fresh };
    const own = await this.#own(where, actor?.id ?? '', sight, sort);
    const byState = countStates(own);
    const found = input.state === undefined ? own : own.filter(({ state }) => state === input.state);
    return { total: found.length, entries: await this.#views(found.slice(offset, offset + input.size)), byState, ...fresh };
  }

  @Handles(logbook.showEntry)
  async show({ input, actor }: Request<typeof logbook.showEntry>) {
    const fresh = await this.runtime.freshness(input.after);
    const found = await this.#entries.get(input.entryId);
    if (!found) return reject('entry-not-found');
    return { entry: (await this.#views([found]))[0] as View, story: await this.#story(input.entryId, actor?.id), ...fresh };
  }

  @Handles(logbook.listWaiting)
  async waiting({ input, actor, sight }: Request<typeof logbook.listWaiting>) {
    const fresh = await this.runtime.freshness(input.after);
    const found =
      sight.schools.length > 0
        ? await this.#entries.find({ where: { state: 'submitted', schoolId: { in: sight.schools } } })
        : await this.#ofTutor({ state: 'submitted' }, actor?.id ?? '');
    const groups = new Map<string, { traineeId: string; trainee: string; day: string; n: number }>();
    for (const { traineeId, performedTo: day } of found) {
      const key = `${traineeId} ${day}`;
      const group = groups.get(key) ?? { traineeId, trainee: this.directory.name(traineeId), day, n: 0 };
      groups.set(key, { ...group, n: group.n + 1 });
    }
    const sorted = [...groups.values()].sort(
      (a, b) => this.directory.rank(a.traineeId) - this.directory.rank(b.traineeId) || (a.day < b.day ? 1 : -1),
    );
    return { total: found.length, groups: sorted, ...fresh };
  }

  @Handles(logbook.showLoggingHelp)
  async help({ input, actor }: Request<typeof logbook.showLoggingHelp>) {
    const traineeId = actor?.id ?? '';
    const fresh = await this.runtime.freshness(input.after);
    const enrolment = await this.known.enrolment(traineeId);
    const last = await this.#entries.find({ where: { traineeId }, sort: [{ by: 'recordedAt', descending: true }], limit: RECENT_OF });
    const recent = new Map<string, Output<typeof logbook.showLoggingHelp>['recent'][number]>();
    for (const { period, credits, activities, unitId, autonomy, classified, quantity, performedTo } of last) {
      const key = activities.join(' ');
      if (period || credits !== null || recent.has(key) || recent.size >= RECENT) continue;
      recent.set(key, { activities, unitId, autonomy, classified: classified as Record<string, string>, quantity, lastOn: performedTo });
    }
    const { today } = this.known;
    return {
      enrolment: enrolment
        ? {
            enrolmentId: enrolment.enrolmentId,
            schoolId: enrolment.schoolId,
            cohortId: enrolment.cohortId,
            contractStart: enrolment.contract.from,
            contractEnd: enrolment.contract.to ?? today,
            suspendedToday: enrolment.suspensions.some(({ from, to }) => from <= today && (to === null || today <= to)),
          }
        : null,
      recent: [...recent.values()],
      favourites: (await this.#starred.get(traineeId))?.activities ?? [],
      ...fresh,
    };
  }

  #where({ traineeId, schoolId, kind, activity, from, to, batchId, importId, ids }: Filters): Where {
    return {
      ...(ids === undefined ? {} : { id: { in: ids.split(',') } }),
      ...(traineeId === undefined ? {} : { traineeId }),
      ...(schoolId === undefined ? {} : { schoolId }),
      ...(kind === undefined ? {} : { kind }),
      ...(activity === undefined ? {} : { activities: { contains: ` ${activity} ` } }),
      ...(from === undefined ? {} : { performedTo: { gte: from } }),
      ...(to === undefined ? {} : { performedFrom: { lte: to } }),
      ...(batchId === undefined ? {} : { batchId }),
      ...(importId === undefined ? {} : { importId }),
    };
  }

  /** Staff of whole schools: filtered, sorted and paged by the store; drafts belong to their author and are not shown. */
  async #wide(where: Where, sight: Sight, { state, flagged }: Filters, { sort, offset, limit }: Find) {
    const scoped: Where = { ...where, ...(sight.tenant || 'schoolId' in where ? {} : { schoolId: { in: sight.schools } }) };
    const visible: Where = { ...scoped, state: state ?? { not: 'draft' } };
    const byState = await this.#entries.countBy('state', scoped);
    if (flagged) {
      const all = await this.#views(await this.#entries.find({ where: visible, sort, limit: MOST_OF_TUTOR }));
      const found = all.filter(({ flags }) => flags.length > 0);
      return { total: found.length, entries: found.slice(offset, (offset ?? 0) + (limit ?? 50)), byState };
    }
    return {
      total: await this.#entries.count(visible),
      entries: await this.#views(await this.#entries.find({ where: visible, sort, offset, limit })),
      byState,
    };
  }

  async #own(where: Where, actorId: string, sight: Sight, sort: Find['sort']): Promise<EntryDocument[]> {
    const mine = sight.self ? await this.#entries.find({ where: { ...where, traineeId: actorId }, sort }) : [];
    return sight.tutor ? [...mine, ...(await this.#ofTutor({ state: { not: 'draft' }, ...where }, actorId, sort))] : mine;
  }

  /** Entries of a tutor's trainees dated inside an assignment. */
  async #ofTutor(where: Where, tutorId: string, sort?: Find['sort']): Promise<EntryDocument[]> {
    const held = await this.assignments.ofTutor(tutorId);
    if (held.length === 0) return [];
    const asked = typeof where['traineeId'] === 'string' ? [where['traineeId']] : [...new Set(held.map(({ traineeId }) => traineeId))];
    const found = await this.#entries.find({ where: { ...where, traineeId: { in: asked } }, sort, limit: MOST_OF_TUTOR });
    return found.filter(({ traineeId, performedFrom, performedTo }) =>
      held.some((one) => one.traineeId === traineeId && overlaps(one, { from: performedFrom, to: performedTo })),
    );
  }

  async #views(found: readonly EntryDocument[]): Promise<View[]> {
    return Promise.all(
      found.map(async (document) => {
        const { kept: _kept, ...shown } = document;
        return {
          ...shown,
          trainee: this.directory.name(document.traineeId),
          validator: document.validatorId === null ? null : this.directory.name(document.validatorId),
          flags: await this.#flags(document),
        };
      }),
    );
  }

  /** A fact that arrived later calls an entry into question; nothing is rewritten (counting.md 8, 15). */
  async #flags({ traineeId, enrolmentId, performedFrom, performedTo, period, kept }: EntryDocument): Promise<View['flags']> {
    if (kept) return [];
    const enrolment = await this.known.enrolment(traineeId, enrolmentId);
    if (!enrolment) return [];
    const flags: View['flags'] = [];
    const { from, to } = enrolment.contract;
    if (!period && union(enrolment.suspensions).some((one) => overlaps(one, { from: performedFrom, to: performedTo })))
      flags.push('inside-suspension');
    if (performedFrom < from || (to !== null && performedTo > to)) flags.push('outside-contract');
    return flags;
  }

  async #story(entryId: string, readerId: string | undefined) {
    const stored = await this.runtime.store.readStream(`${entry.category}-${entryId}`);
    await this.runtime.keys.fetch(peopleIn(stored));
    return stored.map((one) => {
      const { type, ...detail } = eventFrom<{ type: string }>(entry as never, one, this.runtime.keys);
      const { id } = one.metadata.actor;
      const actor = id.startsWith('system:') ? 'Ateneo' : this.directory.name(id);
      return {
        at: one.metadata.at,
        actorId: id,
        actor: id === readerId && actor === ERASED ? '' : actor,
        type,
        detail: detail as Record<string, unknown>,
      };
    });
  }
}

/** Whether the actor sees whole schools, or the whole university, rather than own people only. */
const wide = ({ tenant, schools }: Sight, schoolId: string | undefined): boolean =>
  tenant || (schools.length > 0 && (schoolId === undefined || schools.includes(schoolId)));

function countStates(found: readonly EntryDocument[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { state } of found) counted[state] = (counted[state] ?? 0) + 1;
  return counted;
}
