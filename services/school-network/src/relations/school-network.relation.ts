import { Injectable } from '@nestjs/common';
import { inStream, type Relations, type SubjectResolver } from '@ateneo/service-kit';
import { cohort } from '../cohort/cohort.decider.js';
import { tutorAssignment } from '../tutor-assignment/tutor-assignment.decider.js';

/** Whose a cohort and an assignment are. */
@Injectable()
export class SchoolNetworkRelations implements Relations {
  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    schoolId: (schoolId) => ({ schoolId }),
    cohortId: inStream(cohort, (state) => (state.is === 'absent' ? undefined : { schoolId: state.schoolId })),
    assignmentId: inStream(tutorAssignment, (state) =>
      state.is === 'absent' ? undefined : { schoolId: state.schoolId, traineeId: state.traineeId },
    ),
  };
}
