import { Controller } from '@nestjs/common';
import { Directory } from '@ateneo/access';
import { covers } from '@ateneo/calendar';
import { career } from '@ateneo/contracts';
import { reject } from '@ateneo/event-sourcing';
import type { Collection } from '@ateneo/read-models';
import { Handles, Platform, type Request, seesSchool, ServiceRuntime } from '@ateneo/service-kit';
import { normalNumber } from '../student-number/student-number.rules.js';
import { type CareerDocument, careerList, careers } from './career-list.projection.js';

type View = career.EnrolmentView;
type Kind = NonNullable<View['suspensions'][number]['kind']>;
type Actor = Request['actor'];

/** Kinds of suspension are for secretariats and administrators alone (residency.md C1 3). */
const seesKinds = (actor: Actor, schoolId: string): boolean =>
  actor?.profiles.some(
    (held) =>
      (held.role === 'school-secretariat' && held.schoolId === schoolId) ||
      (held.schoolId === null && (held.role === 'university-secretariat' || held.role === 'administrator')),
  ) ?? false;

/** Queries over careers. */
@Controller()
export class CareerListController {
  readonly #careers: Collection<CareerDocument>;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly directory: Directory,
  ) {
    this.#careers = runtime.collection(careers);
  }

  @Handles(career.showCareer, { of: careerList, by: 'traineeId' })
  async show({ input, actor, sight }: Request<typeof career.showCareer>) {
    const all = await this.#careers.find({ where: { traineeId: input.traineeId } });
    const found = all.filter(({ schoolId }) => seesSchool(sight, schoolId));
    if (found.length === 0) return reject('trainee-not-found');
    return {
      enrolments: found.sort((a, b) => (a.contractStart < b.contractStart ? 1 : -1)).map((one) => this.#view(one, actor)),
    };
  }

  @Handles(career.listCareers)
  async list({ input, actor }: Request<typeof career.listCareers>) {
    const { directory } = this;
    const all = await this.#careers.find({ where: { schoolId: input.schoolId } });
    const found = this.#searched(all, input.search?.trim() ?? '').sort(
      (a, b) => directory.rank(a.traineeId) - directory.rank(b.traineeId) || (a.enrolmentId < b.enrolmentId ? -1 : 1),
    );
    const offset = (input.page - 1) * input.size;
    return { total: found.length, enrolments: found.slice(offset, offset + input.size).map((one) => this.#view(one, actor)) };
  }

  @Handles(career.resolveStudentNumbers)
  async resolve({ input }: Request<typeof career.resolveStudentNumbers>) {
    const { schoolId, studentNumbers, enrolmentIds } = input;
    const found = enrolmentIds
      ? [...(await this.#careers.getMany(enrolmentIds)).values()]
      : await this.#careers.find({ where: schoolId === undefined ? {} : { schoolId } });
    const wanted = studentNumbers && new Set(studentNumbers.map(normalNumber));
    const named = found.filter(
      (one) => (schoolId === undefined || one.schoolId === schoolId) && (!wanted || wanted.has(normalNumber(one.studentNumber))),
    );
    return { enrolments: named.map(({ enrolmentId, traineeId, studentNumber }) => ({ enrolmentId, traineeId, studentNumber })) };
  }

  /** By words of the name or by the beginning of the student number. */
  #searched(all: readonly CareerDocument[], search: string): CareerDocument[] {
    if (search === '') return [...all];
    const named = this.directory.search(search);
    const number = normalNumber(search);
    return all.filter(({ traineeId, studentNumber }) => named.has(traineeId) || normalNumber(studentNumber).startsWith(number));
  }

  #view({ kinds, years, suspensions, notApplicable, ...document }: CareerDocument, actor: Actor): View {
    const today = this.platform.clock.today();
    const kindOf = seesKinds(actor, document.schoolId)
      ? (suspensionId: string) => (typeof kinds === 'string' ? undefined : (kinds[suspensionId] as Kind | undefined))
      : () => undefined;
    return {
      ...document,
      name: this.directory.name(document.traineeId),
      contractEnd: years.at(-1)?.to ?? document.contractStart,
      years: [...years],
      suspendedToday: suspensions.some((one) => covers(one, today)),
      suspensions: suspensions.map((one) => {
        const kind = kindOf(one.suspensionId);
        return kind === undefined ? { ...one } : { ...one, kind };
      }),
      notApplicable: [...notApplicable],
    };
  }
}
