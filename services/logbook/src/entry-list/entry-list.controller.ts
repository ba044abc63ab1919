import { Controller } from '@nestjs/common';
import { Assignments, Directory } from '@ateneo/access';
import { logbook, type Output } from '@ateneo/contracts';
import { ERASED, eventFrom, peopleIn, reject } from '@ateneo/event-sourcing';
import type { Collection, Where } from '@ateneo/read-models';
import { actorIdOf, Handles, type Request, ServiceRuntime, type Sight } from '@ateneo/service-kit';
import { entry } from '../entry/entry.decider.js';
import { starred, type Starred } from '../favourites/favourites.projection.js';
import { TraineeReferences } from '../known/trainee-references.lookup.js';
import { type Counting, EntryFigures } from './entry-figures.lookup.js';
import { entries, type EntryDocument, entryList } from './entry-list.projection.js';
import { asSent, flagsOf, type Held, insideAssignments, questioned, type Reach, shown } from './entry-sight.rules.js';

type View = Output<typeof logbook.listEntries>['entries'][number];
type Filters = Request<typeof logbook.listEntries>['input'];

const SORTS = { performed: 'performedFrom', recorded: 'recordedAt', submitted: 'submittedAt' } as const;
const MOST_DAYS = 400;

/** Wheres of what the reader sees, of one state or of all that may be seen; and what counts it where nothing else is asked. */
type InSight = { readonly seen: (state?: string) => Where | readonly Where[]; readonly counting?: Counting };

/** Queries over entries. */
@Controller()
export class EntryListController {
  readonly #entries: Collection<EntryDocument>;
  readonly #starred: Collection<Starred>;
  readonly #figures: EntryFigures;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly known: TraineeReferences,
    private readonly assignments: Assignments,
    private readonly directory: Directory,
    figures: EntryFigures,
  ) {
    this.#figures = figures;
    this.#entries = runtime.collection(entries);
    this.#starred = runtime.collection(starred);
  }

  @Handles(logbook.listEntries, { of: entryList, by: 'traineeId' })
  async list(request: Request<typeof logbook.listEntries>) {
    const { input, sight } = request;
    const where = this.#where(input);
    const sort = [
      { by: SORTS[input.sort], descending: input.descending },
      { by: 'recordedAt', descending: input.descending },
    ];
    const page = { sort, offset: (input.page - 1) * input.size, limit: input.size };
    const { seen, counting } = wide(sight, input.schoolId)
      ? await this.#ofSchools(where, actorIdOf(request), sight, input)
      : await this.#own(where, actorIdOf(request), sight);
    const isFiltered = Object.keys(where).some((column) => column !== 'traineeId' && column !== 'schoolId') || !counting;
    const byState = isFiltered ? await this.#figures.some(seen()) : await this.#figures.all(counting, where);
    const total = input.state === undefined ? Object.values(byState).reduce((sum, n) => sum + n, 0) : (byState[input.state] ?? 0);
    const listed = total === 0 ? [] : await this.#entries.find({ where: seen(input.state), ...page });
    return { total, entries: await this.#views(listed), byState };
  }

  @Handles(logbook.showEntry)
  async show({ input, actor }: Request<typeof logbook.showEntry>) {
    const found = await this.#entries.get(input.entryId);
    if (!found) return reject('entry-not-found');
    const own = found.traineeId === actor?.id;
    if (found.state === 'draft' && !own) return reject('entry-not-found');
    const story = await this.#story(input.entryId, actor?.id);
    return { entry: (await this.#views([found]))[0] as View, story: own ? story : asSent(story) };
  }

  @Handles(logbook.listWaiting)
  async waiting(request: Request<typeof logbook.listWaiting>) {
    const { input, sight } = request;
    const reach = await this.#reach(sight, actorIdOf(request), input.traineeId);
    const waiting = await this.#figures.waiting(reach, input.traineeId);
    const byName = [...waiting].sort(([a], [b]) => this.directory.rank(a) - this.directory.rank(b));
    const named = byName.map(([traineeId, n]) => ({ traineeId, trainee: this.directory.name(traineeId), n }));
    const from = (input.page - 1) * input.size;
    const { groups, days } = await this.#figures.waitingDays(
      byName.map(([traineeId]) => traineeId),
      reach,
      input.days ? Number.MAX_SAFE_INTEGER : from + input.size,
    );
    return {
      total: named.reduce((sum, { n }) => sum + n, 0),
      groups: groups.slice(from, from + input.size).map((one) => ({ ...one, trainee: this.directory.name(one.traineeId) })),
      trainees: named,
      days: input.days ? days.slice(0, MOST_DAYS) : [],
    };
  }

  @Handles(logbook.showLoggingHelp)
  async help(request: Request<typeof logbook.showLoggingHelp>) {
    const traineeId = actorIdOf(request);
    const enrolment = await this.known.enrolment(traineeId);
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
      recent: (await this.#figures.recent(traineeId)).map(({ entryId: _entryId, ...act }) => act),
      favourites: (await this.#starred.get(traineeId))?.activities ?? [],
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

  /** Staff of whole schools, and what they see as tutors of other ones; drafts belong to their author and are not shown. */
  async #ofSchools(where: Where, actorId: string, sight: Sight, { flagged }: Filters): Promise<InSight> {
    const isWhole = sight.tenant || 'schoolId' in where;
    const scoped: Where = { ...where, ...(isWhole ? {} : { schoolId: { in: sight.schools } }) };
    const ofSchools = (state?: string): Where => ({ ...scoped, state: state === undefined ? { not: 'draft' } : { in: shown(state) } });
    if (flagged) {
      const enrolments = await this.#figures.questionable(await this.known.enrolmentsIn(scoped), scoped);
      return { seen: (state) => enrolments.flatMap((one) => questioned(ofSchools(state), one)) };
    }
    const held = isWhole ? [] : await this.#heldElsewhere(actorId, sight, where);
    const seen = (state?: string): Where[] => [ofSchools(state), ...insideAssignments({ ...where, state: { in: shown(state) } }, held)];
    return { seen, counting: { schools: scoped, ...(held.length > 0 ? { held } : {}) } };
  }

  async #own(where: Where, actorId: string, sight: Sight): Promise<InSight> {
    const isMine = sight.self && (where['traineeId'] ?? actorId) === actorId;
    const held = await this.#held(actorId, sight, where);
    const seen = (state?: string): Where[] => [
      ...(isMine ? [{ ...where, ...(state ? { state } : {}), traineeId: actorId }] : []),
      ...insideAssignments({ ...where, state: { in: shown(state) } }, held),
    ];
    return { seen, counting: { own: isMine ? actorId : undefined, held } };
  }

  /** Assignments of a tutor where the role is held, to the trainee and in the school asked for; never to the tutor's own person. */
  async #held(tutorId: string, { tutorIn }: Sight, { traineeId, schoolId }: Where): Promise<Held[]> {
    if (tutorIn.length === 0) return [];
    const held = await this.assignments.ofTutorIn(tutorIn, tutorId);
    return held.filter(
      (one) => one.traineeId !== tutorId && one.traineeId === (traineeId ?? one.traineeId) && one.schoolId === (schoolId ?? one.schoolId),
    );
  }

  /** Assignments in schools that the tutor does not see whole (settled.md X1). */
  async #heldElsewhere(tutorId: string, sight: Sight, where: Where): Promise<Held[]> {
    return (await this.#held(tutorId, sight, where)).filter(({ schoolId }) => !sight.schools.includes(schoolId));
  }

  async #reach(sight: Sight, actorId: string, traineeId: string | undefined): Promise<Reach> {
    return { schools: sight.schools, held: await this.#heldElsewhere(actorId, sight, traineeId === undefined ? {} : { traineeId }) };
  }

  async #views(found: readonly EntryDocument[]): Promise<View[]> {
    return Promise.all(
      found.map(async (document) => {
        const { kept: _kept, ...shown } = document;
        return {
          ...shown,
          trainee: this.directory.name(document.traineeId),
          validator: document.validatorId === null ? null : this.directory.name(document.validatorId),
          flags: flagsOf(document, await this.known.enrolment(document.traineeId, document.enrolmentId)),
        };
      }),
    );
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
