import { Inject, Injectable } from '@nestjs/common';
import { PLATFORM, RUNTIME, type Platform, type ServiceRuntime } from '@ateneo/service-kit';
import { dayNumber, type DayNumber } from '../counting/calendar.rules.js';
import type { Enrolment } from '../ledger/enrolment.rules.js';
import type { CountersQuestion } from '../ledger/counters.rules.js';
import { Ledger } from '../ledger/ledger.rules.js';
import { REPORTING_CONFIG, type ReportingConfig } from '../reporting.config.js';
import { TRAINEE_COUNTERS, TraineeCountersProjection } from './trainee-counters.projection.js';

const beforeTheFirstBuild = new Ledger();

/** The ledger of the build that queries read, with this installation's day and settings. */
@Injectable()
export class LiveLedger {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(REPORTING_CONFIG) private readonly config: ReportingConfig,
  ) {}

  get ledger(): Ledger {
    const projection = this.runtime.runner.live(TRAINEE_COUNTERS);
    return projection instanceof TraineeCountersProjection ? projection.ledger : beforeTheFirstBuild;
  }

  get today(): DayNumber {
    return dayNumber(this.platform.clock.today());
  }

  get months(): ReportingConfig['months'] {
    return this.config.months;
  }

  /** The enrolment named, or the trainee's latest. */
  enrolmentOf(traineeId: string, enrolmentId?: string): Enrolment | undefined {
    const all = this.ledger.of(traineeId);
    return enrolmentId === undefined ? all.at(-1) : all.find((it) => it.enrolmentId === enrolmentId);
  }

  question({ asOf, knownAt }: { readonly asOf?: string; readonly knownAt?: string }): CountersQuestion {
    const day = asOf ?? knownAt;
    return {
      asOf: day === undefined ? this.today : dayNumber(day),
      knownBy: knownAt === undefined ? undefined : dayNumber(knownAt),
      months: this.months,
    };
  }

  /** Waits for a token; what was known on a day is final once that day is over and every origin has been read to its head (architecture 5). */
  async freshness(
    traineeId: string,
    { after, knownBy }: { readonly after?: string; readonly knownBy?: DayNumber },
  ): Promise<{ stale?: true; incomplete?: true }> {
    const fresh = await this.runtime.freshness(after, { projection: TRAINEE_COUNTERS, key: traineeId });
    const open = knownBy !== undefined && (knownBy >= this.today || !this.runtime.runner.isCaughtUp);
    return open ? { ...fresh, stale: true } : fresh;
  }
}
