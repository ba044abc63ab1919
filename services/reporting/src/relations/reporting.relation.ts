import { Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { dayOf } from '@ateneo/calendar';
import { inStream, type Relations, type Subject, type SubjectResolver, type Tutored } from '@ateneo/service-kit';
import { reportRun } from '../report/report-run.decider.js';
import { report } from '../report/report.decider.js';
import { LiveLedger } from '../trainee-counters/live-ledger.lookup.js';

/** Which school a trainee belongs to, and who is tutor of whom. */
@Injectable()
export class ReportingRelations implements Relations {
  constructor(
    private readonly live: LiveLedger,
    private readonly assignments: Assignments,
  ) {}

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    traineeId: (traineeId, { enrolmentId }) => this.#trainee(traineeId, enrolmentId as string | undefined),
    schoolId: (schoolId) => ({ schoolId }),
    reportId: inStream(report, (state) => (state.is === 'absent' ? undefined : { traineeId: state.traineeId, schoolId: state.schoolId })),
    runId: inStream(reportRun, (state) => (state.is === 'absent' ? undefined : { schoolId: state.schoolId })),
  };

  readonly isTutorOn = (tutorId: string, of: Tutored): Promise<boolean> => {
    const today = dayOf(this.live.today);
    return this.assignments.isTutorOn(tutorId, of, of.days ?? { from: today, to: today });
  };

  /** The school of the enrolment named, else of the latest. */
  async #trainee(traineeId: string, enrolmentId: string | undefined): Promise<Subject> {
    return { traineeId, schoolId: (await this.live.enrolmentOf(traineeId, enrolmentId))?.schoolId };
  }
}
