import { dayNumber, dayOf } from '@ateneo/calendar';
import type { reporting } from '@ateneo/contracts';
import type { DayNumber } from '../counting/calendar.rules.js';
import type { MonthCounting } from '../counting/duration.rules.js';
import { isSuspended, trainingYearOn } from '../ledger/career-reference.rules.js';
import { countersOf } from '../ledger/counters.rules.js';
import type { Enrolment } from '../ledger/enrolment.rules.js';
import type { Ledger } from '../ledger/ledger.rules.js';
import type { NetworkView } from '../ledger/network-reference.rules.js';

/** A row of the trainee list without names, which are no business of the ledger. */
export type TraineeSummary = Omit<reporting.TraineeRow, 'name' | 'tutor'> & { readonly tutorId: string | null };
/** What changes with every event: cheap to read. */
export type TraineeStanding = Pick<
  TraineeSummary,
  'cohortId' | 'cohort' | 'trainingYear' | 'suspended' | 'draft' | 'submitted' | 'validated' | 'tutorId'
>;

const tutorOn = (network: NetworkView, traineeId: string, day: DayNumber): string | null => {
  const current = network.assignmentsOf(traineeId).filter((it) => dayNumber(it.from) <= day && (it.to === null || dayNumber(it.to) >= day));
  return current.sort((a, b) => (a.from < b.from ? 1 : -1))[0]?.tutorId ?? null;
};
export const standingOf = (enrolment: Enrolment, network: NetworkView, today: DayNumber): TraineeStanding | undefined => {
  const career = enrolment.view();
  if (!career) return undefined;
  const [draft, submitted, validated] = enrolment.facts.counts;
  return {
    cohortId: career.cohortId,
    cohort: network.cohorts.get(career.cohortId)?.label ?? '',
    trainingYear: trainingYearOn(career, today),
    suspended: isSuspended(career, today),
    tutorId: tutorOn(network, enrolment.traineeId, today),
    draft,
    submitted,
    validated,
  };
};

type Progress = Pick<TraineeSummary, 'definitivePercent' | 'provisionalPercent' | 'met' | 'missingAttestations' | 'lastEntryOn'>;
type Kept = { readonly version: string; readonly network: number; readonly today: DayNumber; readonly progress: Progress };

const progressOf = (enrolment: Enrolment, ledger: Ledger, today: DayNumber, months: MonthCounting): Progress => {
  const sets = countersOf(enrolment, ledger.network, { asOf: today, months }) ?? [];
  const core = sets.find((it) => it.mode === 'core');
  const last = enrolment.facts.lastPerformed();
  return {
    definitivePercent: core?.percent.definitive ?? null,
    provisionalPercent: core?.percent.provisional ?? null,
    met: sets.length > 0 && sets.every((it) => it.met.definitive),
    missingAttestations: sets.reduce((sum, it) => sum + it.missingAttestations, 0),
    lastEntryOn: last === undefined ? null : dayOf(last),
  };
};

/** Progress of each enrolment, counted again only when something it rests on has changed. */
export class TraineeProgress {
  readonly #kept = new WeakMap<Enrolment, Kept>();

  of(enrolment: Enrolment, ledger: Ledger, today: DayNumber, months: MonthCounting): Progress {
    const known = this.#kept.get(enrolment);
    if (known && this.#isFresh(known, enrolment, ledger, today)) return known.progress;
    const progress = progressOf(enrolment, ledger, today, months);
    this.#kept.set(enrolment, { version: enrolment.version, network: ledger.network.version, today, progress });
    return progress;
  }

  /** Counts what is out of date, up to so many milliseconds; true when nothing is left. */
  refresh(ledger: Ledger, today: DayNumber, months: MonthCounting, budgetMs: number): boolean {
    const end = performance.now() + budgetMs;
    for (const enrolment of ledger.enrolments.values()) {
      const known = this.#kept.get(enrolment);
      if (known && this.#isFresh(known, enrolment, ledger, today)) continue;
      if (performance.now() >= end) return false;
      this.of(enrolment, ledger, today, months);
    }
    return true;
  }

  #isFresh(known: Kept, enrolment: Enrolment, ledger: Ledger, today: DayNumber): boolean {
    return known.today === today && known.network === ledger.network.version && known.version === enrolment.version;
  }
}
