import { Inject, Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { load } from '@ateneo/event-sourcing';
import { type Relations, RUNTIME, type ServiceRuntime, type Subject, type SubjectResolver, type Tutored } from '@ateneo/service-kit';
import { dayText } from './counting/calendar.rules.js';
import { reportRun } from './report/report-run.decider.js';
import { report } from './report/report.decider.js';
import { LiveLedger } from './trainee-counters/live-ledger.client.js';

/** Which school a trainee belongs to, and who is tutor of whom. */
@Injectable()
export class ReportingRelations implements Relations {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(LiveLedger) private readonly live: LiveLedger,
    @Inject(Assignments) private readonly assignments: Assignments,
  ) {}

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    traineeId: (traineeId, { enrolmentId }) => this.#trainee(traineeId, enrolmentId as string | undefined),
    schoolId: (schoolId) => ({ schoolId }),
    reportId: (reportId) => this.#report(reportId),
    runId: (runId) => this.#run(runId),
  };

  readonly isTutorOn = (tutorId: string, of: Tutored): Promise<boolean> => {
    const today = dayText(this.live.today);
    return this.assignments.isTutorOn(tutorId, of, of.days ?? { from: today, to: today });
  };

  /** The school of the enrolment named, else of the latest. */
  async #trainee(traineeId: string, enrolmentId: string | undefined): Promise<Subject> {
    return { traineeId, schoolId: (await this.live.enrolmentOf(traineeId, enrolmentId))?.schoolId };
  }

  async #report(reportId: string): Promise<Subject | undefined> {
    const { state } = await load(report, reportId, this.runtime);
    return state.is === 'absent' ? undefined : { traineeId: state.traineeId, schoolId: state.schoolId };
  }

  async #run(runId: string): Promise<Subject | undefined> {
    const { state } = await load(reportRun, runId, this.runtime);
    return state.is === 'absent' ? undefined : { schoolId: state.schoolId };
  }
}
