import { Inject, Injectable } from '@nestjs/common';
import { load } from '@ateneo/event-sourcing';
import { type Relations, RUNTIME, type ServiceRuntime, type Subject, type SubjectResolver } from '@ateneo/service-kit';
import { cohort } from '../cohort/cohort.decider.js';
import { tutorAssignment } from '../tutor-assignment/tutor-assignment.decider.js';

/** Whose a cohort and an assignment are. */
@Injectable()
export class SchoolNetworkRelations implements Relations {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    schoolId: (schoolId) => ({ schoolId }),
    cohortId: (cohortId) => this.#cohort(cohortId),
    assignmentId: (assignmentId) => this.#assignment(assignmentId),
  };

  async #cohort(cohortId: string): Promise<Subject | undefined> {
    const { state } = await load(cohort, cohortId, this.runtime);
    return state.is === 'absent' ? undefined : { schoolId: state.schoolId };
  }

  async #assignment(assignmentId: string): Promise<Subject | undefined> {
    const { state } = await load(tutorAssignment, assignmentId, this.runtime);
    return state.is === 'absent' ? undefined : { schoolId: state.schoolId, traineeId: state.traineeId };
  }
}
