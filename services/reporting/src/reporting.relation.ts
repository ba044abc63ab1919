import { Inject, Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { load } from '@ateneo/event-sourcing';
import { type Relations, RUNTIME, type ServiceRuntime, type Subject, type SubjectResolver } from '@ateneo/service-kit';
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
    traineeId: async (traineeId) => ({ traineeId, schoolId: (await this.live.enrolmentOf(traineeId))?.schoolId }),
    schoolId: (schoolId) => ({ schoolId }),
    reportId: (reportId) => this.#report(reportId),
    runId: (runId) => this.#run(runId),
  };

  readonly isTutorOn = (tutorId: string, traineeId: string, day = dayText(this.live.today)): Promise<boolean> =>
    this.assignments.isTutorOn(tutorId, traineeId, day);

  async #report(reportId: string): Promise<Subject | undefined> {
    const { state } = await load(report, reportId, this.runtime);
    return state.is === 'absent' ? undefined : { traineeId: state.traineeId, schoolId: state.schoolId };
  }

  async #run(runId: string): Promise<Subject | undefined> {
    const { state } = await load(reportRun, runId, this.runtime);
    return state.is === 'absent' ? undefined : { schoolId: state.schoolId };
  }
}
