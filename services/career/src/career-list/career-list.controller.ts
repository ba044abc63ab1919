import { Controller, Inject } from '@nestjs/common';
import { Directory } from '@ateneo/access';
import { covers } from '@ateneo/calendar';
import { career, type Output } from '@ateneo/contracts';
import { ERASED, reject } from '@ateneo/event-sourcing';
import type { Collection } from '@ateneo/read-models';
import { Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { Known } from '../known/known.client.js';
import { enrolments, type EnrolmentDocument } from './career-list.projection.js';
import { comparable } from './student-numbers.client.js';

type View = Output<typeof career.showCareer>['enrolments'][number];

/** Queries over careers. */
@Controller()
export class CareerListController {
  readonly #enrolments: Collection<EnrolmentDocument>;

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Known) private readonly known: Known,
    @Inject(Directory) private readonly directory: Directory,
  ) {
    this.#enrolments = runtime.collection(enrolments);
  }

  @Handles(career.showCareer)
  async show({ input, actor }: Request<typeof career.showCareer>) {
    const fresh = await this.runtime.freshness(input.after, { projection: 'career-list', key: input.traineeId });
    const found = await this.#enrolments.find({ where: { traineeId: input.traineeId } });
    if (found.length === 0) return reject('trainee-not-found');
    return { enrolments: found.map((one) => this.#view(one, actor)), ...fresh };
  }

  @Handles(career.listCareers)
  async list({ input, actor }: Request<typeof career.listCareers>) {
    const fresh = await this.runtime.freshness(input.after);
    const ofSchool = await this.#enrolments.find({ where: { schoolId: input.schoolId } });
    const named = input.search ? this.directory.search(input.search) : undefined;
    const wanted = named ? ofSchool.filter((one) => named.has(one.traineeId) || comparable(one.studentNumber) === comparable(input.search ?? '')) : ofSchool;
    const sorted = wanted.sort((a, b) => this.directory.rank(a.traineeId) - this.directory.rank(b.traineeId));
    const offset = (input.page - 1) * input.size;
    return { total: sorted.length, enrolments: sorted.slice(offset, offset + input.size).map((one) => this.#view(one, actor)), ...fresh };
  }

  @Handles(career.resolveStudentNumbers)
  async resolve({ input }: Request<typeof career.resolveStudentNumbers>) {
    const { schoolId, studentNumbers, enrolmentIds } = input;
    const found = enrolmentIds ? [...(await this.#enrolments.getMany(enrolmentIds)).values()] : await this.#enrolments.find(schoolId === undefined ? {} : { where: { schoolId } });
    const wanted = studentNumbers && new Set(studentNumbers.map(comparable));
    const matching = found.filter((one) => (schoolId === undefined || one.schoolId === schoolId) && (!wanted || wanted.has(comparable(one.studentNumber))));
    return { enrolments: matching.map(({ enrolmentId, traineeId, studentNumber }) => ({ enrolmentId, traineeId, studentNumber })) };
  }

  /** The kind of a suspension is seen by secretariats alone (residency.md C1.3). */
  #view(document: EnrolmentDocument, actor: Request['actor']): View {
    const { today } = this.known;
    const seesKinds = actor?.profiles.some(({ role, schoolId }) => (role === 'school-secretariat' && schoolId === document.schoolId) || role === 'university-secretariat' || role === 'administrator') ?? false;
    const suspensions = Array.isArray(document.suspensions) ? document.suspensions : [];
    return {
      ...document,
      name: this.directory.name(document.traineeId),
      studentNumber: document.studentNumber ?? ERASED,
      years: [...document.years],
      notApplicable: [...document.notApplicable],
      suspendedToday: suspensions.some((one) => covers(one, today)),
      suspensions: suspensions.map(({ kind, ...days }) => (seesKinds ? { kind, ...days } : days)),
    };
  }
}
