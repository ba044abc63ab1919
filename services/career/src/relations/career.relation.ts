import { Inject, Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { load } from '@ateneo/event-sourcing';
import type { Collection } from '@ateneo/read-models';
import { type Relations, RUNTIME, type ServiceRuntime, type Subject, type SubjectResolver, type Tutored } from '@ateneo/service-kit';
import { type CareerDocument, careers } from '../career-list/career-list.projection.js';
import { enrolment } from '../enrolment/enrolment.decider.js';

/** Whose an enrolment is; which school a trainee belongs to. */
@Injectable()
export class CareerRelations implements Relations {
  readonly #careers: Collection<CareerDocument>;

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Assignments) private readonly assignments: Assignments,
  ) {
    this.#careers = runtime.collection(careers);
  }

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    enrolmentId: (enrolmentId) => this.#enrolment(enrolmentId),
    traineeId: (traineeId) => this.#trainee(traineeId),
    schoolId: (schoolId) => ({ schoolId }),
  };

  readonly isTutorOn = (tutorId: string, of: Tutored): Promise<boolean> => {
    const today = this.runtime.platform.clock.today();
    return this.assignments.isTutorOn(tutorId, of, of.days ?? { from: today, to: today });
  };

  async #enrolment(enrolmentId: string): Promise<Subject | undefined> {
    const { state } = await load(enrolment, enrolmentId, this.runtime);
    return state.is === 'absent' ? undefined : { traineeId: state.traineeId, schoolId: state.schoolId };
  }

  /** The school of the latest contract. */
  async #trainee(traineeId: string): Promise<Subject> {
    const found = (await this.#careers.find({ where: { traineeId } })).sort((a, b) => (a.contractStart < b.contractStart ? 1 : -1));
    return { traineeId, schoolId: found[0]?.schoolId };
  }
}
