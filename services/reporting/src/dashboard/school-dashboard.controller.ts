import { Controller } from '@nestjs/common';
import { Directory } from '@ateneo/access';
import { reporting } from '@ateneo/contracts';
import { Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { LiveLedger } from '../trainee-counters/live-ledger.lookup.js';
import { TRAINEE_COUNTERS } from '../trainee-counters/trainee-counters.projection.js';
import { dashboardOf } from './school-dashboard.rules.js';

@Controller()
export class SchoolDashboardController {
  constructor(
    private readonly live: LiveLedger,
    private readonly directory: Directory,
    private readonly runtime: ServiceRuntime,
  ) {}

  @Handles(reporting.showSchoolDashboard)
  async show({ input }: Request<typeof reporting.showSchoolDashboard>) {
    const ledger = await this.live.everybody(input.after);
    const { withoutEntries, waiting, ...figures } = dashboardOf(ledger, input.schoolId, this.live.today);
    const incomplete = this.runtime.runner.incompleteKeys(TRAINEE_COUNTERS).some((it) => ledger.of(it).at(-1)?.schoolId === input.schoolId);
    const byName = (a: string, b: string): number => this.directory.rank(a) - this.directory.rank(b);
    return {
      ...figures,
      traineesWithoutEntries: [...withoutEntries].sort(byName).map((traineeId) => ({ traineeId, name: this.directory.name(traineeId) })),
      tutorsWithWaiting: [...waiting]
        .sort(([a], [b]) => byName(a, b))
        .map(([tutorId, n]) => ({ tutorId, name: this.directory.name(tutorId), waiting: n })),
      ...(incomplete ? { incomplete } : {}),
    };
  }
}
