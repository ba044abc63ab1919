import { Inject, Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import type { Collection } from '@ateneo/read-models';
import { type Relations, RUNTIME, type ServiceRuntime, type SubjectResolver } from '@ateneo/service-kit';
import { enrolments, type EnrolmentDocument } from '../career-list/career-list.projection.js';
import { Known } from '../known/known.client.js';

/** Whose an enrolment is and in which school. */
@Injectable()
export class CareerRelations implements Relations {
  readonly #enrolments: Collection<EnrolmentDocument>;

  constructor(
    @Inject(RUNTIME) runtime: ServiceRuntime,
    @Inject(Known) private readonly known: Known,
    @Inject(Assignments) private readonly assignments: Assignments,
  ) {
    this.#enrolments = runtime.collection(enrolments);
  }

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    enrolmentId: (enrolmentId) => this.#enrolments.get(enrolmentId),
    traineeId: async (traineeId) => (await this.#enrolments.find({ where: { traineeId }, limit: 1 }))[0] ?? { traineeId },
    schoolId: (schoolId) => ({ schoolId }),
  };

  readonly isTutorOn = (tutorId: string, traineeId: string, day = this.known.today): Promise<boolean> => this.assignments.isTutorOn(tutorId, traineeId, day);
}
