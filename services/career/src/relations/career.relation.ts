import { Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import type { Collection } from '@ateneo/read-models';
import { inStream, type Relations, ServiceRuntime, type Subject, type SubjectResolver, type Tutored } from '@ateneo/service-kit';
import { type CareerDocument, careers } from '../career-list/career-list.projection.js';
import { enrolment } from '../enrolment/enrolment.decider.js';

/** Whose an enrolment is; which school a trainee belongs to. */
@Injectable()
export class CareerRelations implements Relations {
  readonly #careers: Collection<CareerDocument>;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly assignments: Assignments,
  ) {
    this.#careers = runtime.collection(careers);
  }

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    enrolmentId: inStream(enrolment, (state) =>
      state.is === 'absent' ? undefined : { traineeId: state.traineeId, schoolId: state.schoolId },
    ),
    traineeId: (traineeId) => this.#trainee(traineeId),
    schoolId: (schoolId) => ({ schoolId }),
  };

  readonly isTutorOn = (tutorId: string, of: Tutored): Promise<boolean> => {
    const today = this.runtime.platform.clock.today();
    return this.assignments.isTutorOn(tutorId, of, of.days ?? { from: today, to: today });
  };

  /** The school of the latest contract. */
  async #trainee(traineeId: string): Promise<Subject> {
    const found = (await this.#careers.find({ where: { traineeId } })).sort((a, b) => (a.contractStart < b.contractStart ? 1 : -1));
    return { traineeId, schoolId: found[0]?.schoolId };
  }
}
