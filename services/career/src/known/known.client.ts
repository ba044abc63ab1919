import { Inject, Injectable } from '@nestjs/common';
import type { Collection } from '@ateneo/read-models';
import { RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import type { EnrolmentContext } from '../enrolment/enrolment.decider.js';
import { cohorts, type KnownCohort, type KnownSchool, type KnownSet, schools, sets } from './known.projection.js';

/** What career knows of school-network. */
@Injectable()
export class Known {
  readonly #schools: Collection<KnownSchool>;
  readonly #sets: Collection<KnownSet>;
  readonly #cohorts: Collection<KnownCohort>;

  constructor(@Inject(RUNTIME) runtime: ServiceRuntime) {
    this.#schools = runtime.collection(schools);
    this.#sets = runtime.collection(sets);
    this.#cohorts = runtime.collection(cohorts);
  }

  /** The cohort with the years of its school's course, tracks of its core set and requirements of all its sets; undefined: not known yet. */
  async cohort(cohortId: string): Promise<EnrolmentContext['cohort']> {
    const cohort = await this.#cohorts.get(cohortId);
    const school = cohort && (await this.#schools.get(cohort.schoolId));
    if (!cohort || !school) return undefined;
    const bound = await this.#sets.getMany(cohort.setIds);
    const requirements = new Set([...bound.values()].flatMap((set) => set.requirements));
    return { schoolId: cohort.schoolId, courseYears: school.courseYears, tracks: bound.get(cohort.coreSetId)?.tracks ?? [], requirements };
  }
}
