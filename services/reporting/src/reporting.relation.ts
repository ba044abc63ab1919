import { Inject, Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import type { Relations, SubjectResolver } from '@ateneo/service-kit';
import { dayText } from './counting/calendar.rules.js';
import { LiveLedger } from './trainee-counters/live-ledger.client.js';

/** Which school a trainee belongs to, and who is tutor of whom. */
@Injectable()
export class ReportingRelations implements Relations {
  constructor(
    @Inject(LiveLedger) private readonly live: LiveLedger,
    @Inject(Assignments) private readonly assignments: Assignments,
  ) {}

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    traineeId: (traineeId) => ({ traineeId, schoolId: this.live.enrolmentOf(traineeId)?.schoolId }),
    schoolId: (schoolId) => ({ schoolId }),
  };

  readonly isTutorOn = (tutorId: string, traineeId: string, day = dayText(this.live.today)): Promise<boolean> => this.assignments.isTutorOn(tutorId, traineeId, day);
}
