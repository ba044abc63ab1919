import { Inject, Injectable } from '@nestjs/common';
import { dayNumber } from '@ateneo/calendar';
import { type Component, Platform, ServiceRuntime } from '@ateneo/service-kit';
import type { DayNumber } from '../counting/calendar.rules.js';
import type { Enrolment } from '../ledger/enrolment.rules.js';
import type { CountersQuestion } from '../ledger/counters.rules.js';
import { Ledger } from '../ledger/ledger.rules.js';
import type { NetworkReference } from '../ledger/network-reference.rules.js';
import { REPORTING_CONFIG, type ReportingConfig } from '../reporting.config.js';
import { Replicas } from './replicas.lookup.js';
import { chunks, enrolments, TRAINEE_COUNTERS, TraineeCountersProjection } from './trainee-counters.projection.js';

const beforeTheFirstBuild = new Ledger();

/** The ledger of the build that queries read, with this installation's day and settings. */
@Injectable()
export class LiveLedger implements Component {
  readonly #replicas: Replicas;
  #unlisten: (() => void) | undefined;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    @Inject(REPORTING_CONFIG) private readonly config: ReportingConfig,
  ) {
    this.#replicas = new Replicas(runtime.collection(enrolments), runtime.collection(chunks));
  }

  start(): void {
    this.#unlisten = this.runtime.onChange((changes) => this.#replicas.note(changes));
  }

  stop(): void {
    this.#unlisten?.();
  }

  /** Reference data, which every instance reads whole. */
  get network(): NetworkReference {
    return this.#ledger.network;
  }

  /** The ledger with everybody in it, also those whose events other instances fold; `after`: a token that has been waited for. */
  async everybody(after?: string): Promise<Ledger> {
    const ledger = this.#ledger;
    for (let given = -1; given !== ledger.given;) {
      given = ledger.given;
      await this.#replicas.bringAll(ledger, after !== undefined);
    }
    return ledger;
  }

  get #ledger(): Ledger {
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
  async enrolmentOf(traineeId: string, enrolmentId?: string): Promise<Enrolment | undefined> {
    const ledger = this.#ledger;
    if (!ledger.isHeld(traineeId)) await this.#replicas.bring(ledger, traineeId);
    const all = ledger.of(traineeId);
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

  /** What was known on a day is final once that day is over and every origin has been read to its head (architecture 5). */
  isFinal({ knownBy }: CountersQuestion): boolean {
    return knownBy === undefined || (knownBy < this.today && this.runtime.runner.isCaughtUp);
  }
}
