import type { DayNumber } from '../counting/calendar.rules.js';
import type { Facts, Reference } from '../counting/facts.rules.js';
import { stretchesOf } from '../counting/facts.rules.js';
import type { Cells, Limits } from './cells.rules.js';
import { enrolled, evolveCareer, suspendedDays, type CareerEvent, type CareerView } from './career-reference.rules.js';
import { EntryFacts } from './entry-facts.rules.js';
import { stretchOf } from './fact-chunk.rules.js';
import type { NetworkReference } from './network-reference.rules.js';

/** Stored form of what is not in chunks. */
export type EnrolmentDocument = {
  readonly enrolmentId: string;
  readonly traineeId: string;
  readonly schoolId: string;
  readonly career: readonly CareerEvent[];
  /** Where several instances share the ledger: how many facts were stored with it, and the first fact of each chunk. */
  readonly stored?: { readonly facts: number; readonly chunks: readonly number[] };
};

/** One trainee's enrolment: its facts, and its small reference inputs with the days on which they became known. */
export class Enrolment {
  readonly facts: EntryFacts;
  readonly #career: CareerEvent[] = [];
  #live: CareerView = enrolled;
  #stored = -1;
  #cells: { readonly cells: Cells; readonly stretches: readonly DayNumber[]; folded: number } | undefined;
  #reference: { readonly network: number; readonly career: number; readonly is: Reference } | undefined;

  constructor(
    readonly enrolmentId: string,
    readonly traineeId: string,
    readonly schoolId: string,
  ) {
    this.facts = new EntryFacts(enrolmentId);
  }

  static from(document: EnrolmentDocument): Enrolment {
    const enrolment = new Enrolment(document.enrolmentId, document.traineeId, document.schoolId);
    for (const event of document.career) enrolment.add(event);
    enrolment.#stored = document.career.length;
    return enrolment;
  }

  /** What to store besides chunks; nothing where it has not changed since the last time. */
  unstored(): EnrolmentDocument | undefined {
    if (this.#stored === this.#career.length) return undefined;
    this.#stored = this.#career.length;
    return { enrolmentId: this.enrolmentId, traineeId: this.traineeId, schoolId: this.schoolId, career: [...this.#career] };
  }

  /** What to store besides chunks, after those, so that other instances can read the whole of it. */
  withChunks(): EnrolmentDocument {
    const { enrolmentId, traineeId, schoolId, facts } = this;
    const career = this.#career;
    return { enrolmentId, traineeId, schoolId, career: [...career], stored: { facts: facts.columns.length, chunks: facts.chunks } };
  }

  /** Whether nothing was stored since this was read. */
  isAs({ career, stored }: EnrolmentDocument): boolean {
    return this.#career.length === career.length && this.facts.columns.length === stored?.facts;
  }

  /** The enrolment from its document and chunks, in whatever order; nothing where a commit came in between and they do not fit together. */
  static whole(document: EnrolmentDocument, chunks: readonly Uint8Array[]): Enrolment | undefined {
    const enrolment = Enrolment.from(document);
    const sorted = chunks.map((bytes) => ({ bytes, ...stretchOf(bytes) })).sort((a, b) => a.first - b.first || b.count - a.count);
    for (const { bytes, first, count } of sorted) {
      const { length } = enrolment.facts.columns;
      if (first > length) return undefined;
      if (first === length) enrolment.facts.load(bytes);
      else if (first + count > length) return undefined;
    }
    return enrolment.facts.columns.length >= (document.stored?.facts ?? 0) ? enrolment : undefined;
  }

  /** False where it had been taken in before. */
  add(event: CareerEvent): boolean {
    if (this.#career.some((it) => it.service === event.service && it.position === event.position)) return false;
    this.#career.push(event);
    this.#live = evolveCareer(this.#live, event);
    return true;
  }

  /** Raised by every fact and every reference of this enrolment. */
  get version(): string {
    return `${this.facts.columns.length}.${this.#career.length}`;
  }

  /** As known now, or by the end of a day; none where the enrolment itself was not known. */
  view(knownBy?: DayNumber): CareerView | undefined {
    const view = knownBy === undefined ? this.#live : this.#career.filter((it) => it.known <= knownBy).reduce(evolveCareer, enrolled);
    return view.cohortId === '' ? undefined : view;
  }

  /** Reference inputs for counting; none where enrolment, cohort or sets are not known. */
  referenceIn(network: NetworkReference, knownBy?: DayNumber): Reference | undefined {
    const isLive = knownBy === undefined;
    if (isLive && this.#reference?.network === network.version && this.#reference.career === this.#career.length) return this.#reference.is;
    const career = this.view(knownBy);
    const view = network.view(knownBy);
    const cohort = career && view.cohorts.get(career.cohortId);
    if (!career || !cohort) return undefined;
    const is: Reference = {
      sets: view.setsOf(cohort),
      courseYears: career.courseYears,
      years: career.years,
      suspended: suspendedDays(career),
      track: career.track,
      attestations: career.attestations,
      notApplicable: new Map([...view.notApplicableTo(cohort.cohortId), ...career.notApplicable]),
    };
    if (isLive) this.#reference = { network: network.version, career: this.#career.length, is };
    return is;
  }

  /** Live sums are kept and only added to; any other question folds the facts again. */
  factsFor(reference: Reference, { performedBy, knownBy }: Limits): Facts {
    const stretches = stretchesOf(reference);
    const { columns } = this.facts;
    if (knownBy !== undefined || (performedBy !== undefined && performedBy < this.facts.latestDay))
      return this.facts.fold(stretches, { performedBy, knownBy }).facts();
    if (!this.#cells || this.#cells.stretches.join() !== stretches.join())
      this.#cells = { cells: this.facts.fold(stretches, {}), stretches, folded: columns.length };
    if (this.#cells.folded < columns.length) {
      this.#cells.cells.fold(columns, this.#cells.folded, columns.length);
      this.#cells.folded = columns.length;
    }
    return this.#cells.cells.facts();
  }
}
