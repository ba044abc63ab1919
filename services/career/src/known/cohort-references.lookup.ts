import { Injectable } from '@nestjs/common';
import { References, ServiceRuntime } from '@ateneo/service-kit';
import type { EnrolmentContext } from '../enrolment/enrolment.decider.js';
import { cohorts, known, schools, sets } from './known.projection.js';

/** What career knows of school-network: cohorts, with what their school and their requirement sets say. */
@Injectable()
export class CohortReferences {
  /** The cohort with the years of its school's course, tracks of its core set and requirements of all its sets; undefined: not known yet. */
  readonly cohort: (cohortId: string) => Promise<EnrolmentContext['cohort']>;

  constructor(runtime: ServiceRuntime) {
    const [ofCohort, ofSchool, bySet] = [runtime.collection(cohorts), runtime.collection(schools), runtime.collection(sets)];
    this.cohort = new References(runtime, known.name).kept(async (cohortId) => {
      const cohort = await ofCohort.get(cohortId);
      const school = cohort && (await ofSchool.get(cohort.schoolId));
      if (!cohort || !school) return undefined;
      const bound = await bySet.getMany(cohort.setIds);
      const requirements = new Set([...bound.values()].flatMap((set) => set.requirements));
      return {
        schoolId: cohort.schoolId,
        courseYears: school.courseYears,
        tracks: bound.get(cohort.coreSetId)?.tracks ?? [],
        requirements,
      };
    });
  }
}
