import type { DataOf, logbookEvents } from '@ateneo/contracts';
import { partitionOf } from '@ateneo/event-sourcing';
import { romeDay, type DayNumber } from '../counting/calendar.rules.js';
import { DRAFT, SUBMITTED, VALIDATED } from '../counting/facts.rules.js';
import { shapeOf } from '../counting/shape.rules.js';
import { Enrolment } from './enrolment.rules.js';
import type { Claim } from './entry-facts.rules.js';
import { NetworkReference, type NetworkEvent } from './network-reference.rules.js';

type Logbook = typeof logbookEvents;
/** What the ledger reads of a public event. */
export type LedgerEvent = {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly at: string;
  readonly position: number;
  readonly service: string;
};
/** Why an event cannot be taken in yet, and which service the missing fact comes from. */
export type Missing = { readonly what: string; readonly from: 'career' | 'school-network' };
type AboutEnrolment = { readonly enrolmentId: string; readonly traineeId: string; readonly schoolId: string };
type AboutEntry = AboutEnrolment & { readonly entryId: string };

const claimOf = (it: DataOf<Logbook['entryAmended']>): Claim => ({
  shape: shapeOf({
    activities: it.activities,
    classified: it.classified,
    autonomy: it.autonomy,
    simulated: it.simulated,
    period: it.period,
    creditedTo: null,
  }),
  quantity: it.quantity,
  credits: it.credits ?? 0,
  from: it.performedFrom,
  to: it.performedTo,
});

const takeEntry = ({ facts }: Enrolment, { type, data }: LedgerEvent, known: DayNumber): void => {
  const { entryId } = data as AboutEntry;
  switch (type) {
    case 'logbook.entry-recorded.v1':
      return facts.record(entryId, claimOf(data as DataOf<Logbook['entryRecorded']>), known);
    case 'logbook.entry-amended.v1':
      return facts.amend(entryId, claimOf(data as DataOf<Logbook['entryAmended']>), known);
    case 'logbook.entry-submitted.v1':
    case 'logbook.validation-reversed.v1':
      return facts.move(entryId, SUBMITTED, known);
    case 'logbook.entry-withdrawn.v1':
    case 'logbook.entry-returned.v1':
      return facts.move(entryId, DRAFT, known);
    case 'logbook.entry-rejected.v1':
    case 'logbook.entry-discarded.v1':
      return facts.remove(entryId, known);
    case 'logbook.entry-validated.v1': {
      const { certified, creditedTo } = data as DataOf<Logbook['entryValidated']>;
      return facts.move(entryId, VALIDATED, known, (claimed) =>
        shapeOf({ ...claimed, autonomy: certified.autonomy, classified: certified.classified, creditedTo }),
      );
    }
  }
};

/** Facts of all enrolments, keyed by activity, and the references by which they are counted (architecture 5). Rebuilt from events at any time. */
export class Ledger {
  readonly network = new NetworkReference();
  readonly enrolments = new Map<string, Enrolment>();
  private readonly byTrainee = new Map<string, Enrolment[]>();
  /** Partitions of trainees whose events are folded here; undefined: all. What is here of others is as some instance stored it. */
  held: Set<number> | undefined;
  /** Raised by each partition that was held and is no more. */
  given = 0;

  isHeld(traineeId: string): boolean {
    return this.held === undefined || this.held.has(partitionOf(traineeId));
  }

  /** These are the enrolments of the partition, and they are kept up here. */
  hold(partition: number, enrolments: readonly Enrolment[]): void {
    for (const traineeId of [...this.byTrainee.keys()]) if (partitionOf(traineeId) === partition) this.replace(traineeId, []);
    for (const enrolment of enrolments) this.admit(enrolment);
    this.held?.add(partition);
  }

  /** The partition is not kept up here any more; what is here of it stays until it is replaced. */
  give(partition: number): void {
    if (this.held?.delete(partition)) this.given += 1;
  }

  /** These are all enrolments of the trainee. */
  replace(traineeId: string, enrolments: readonly Enrolment[]): void {
    for (const { enrolmentId } of this.of(traineeId)) this.enrolments.delete(enrolmentId);
    this.byTrainee.delete(traineeId);
    for (const enrolment of enrolments) this.admit(enrolment);
  }

  /** The enrolments of a trainee, newest last. */
  of(traineeId: string): readonly Enrolment[] {
    return this.byTrainee.get(traineeId) ?? [];
  }

  admit(enrolment: Enrolment): Enrolment {
    this.enrolments.set(enrolment.enrolmentId, enrolment);
    const others = this.byTrainee.get(enrolment.traineeId);
    if (others) others.push(enrolment);
    else this.byTrainee.set(enrolment.traineeId, [enrolment]);
    return enrolment;
  }

  /** What the event speaks of and nobody has told yet. */
  missing({ type, data }: LedgerEvent): Missing | undefined {
    const network = this.network.view();
    if (type === 'school-network.cohort-opened.v1' || type === 'school-network.cohort-bound-to-requirement-set.v1') {
      const { coreSetId, supplementSetIds } = data as { coreSetId: string; supplementSetIds: string[] };
      const unknown = [coreSetId, ...supplementSetIds].find((it) => !network.knowsSet(it));
      return unknown === undefined ? undefined : { what: `requirement set ${unknown}`, from: 'school-network' };
    }
    if (type === 'career.trainee-enrolled.v1' || type === 'career.trainee-moved-to-cohort.v1') {
      const { cohortId } = data as { cohortId: string };
      if (!network.cohorts.has(cohortId)) return { what: `cohort ${cohortId}`, from: 'school-network' };
      if (type === 'career.trainee-enrolled.v1') return undefined;
    }
    if (type.startsWith('school-network.')) return undefined;
    const { enrolmentId } = data as AboutEnrolment;
    if (!this.enrolments.has(enrolmentId)) return { what: `enrolment ${enrolmentId}`, from: 'career' };
    if (type !== 'logbook.entry-recorded.v1' && type !== 'logbook.entry-amended.v1') return undefined;
    const unknown = (data as { activities: string[] }).activities.find((it) => !network.knowsActivity(it));
    return unknown === undefined ? undefined : { what: `activity ${unknown}`, from: 'school-network' };
  }

  /** Takes in an event about an enrolment; answers it where something changed, nothing for a repeat. */
  take(event: LedgerEvent): Enrolment | undefined {
    const { enrolmentId, traineeId, schoolId } = event.data as AboutEnrolment;
    const enrolment = this.enrolments.get(enrolmentId) ?? this.admit(new Enrolment(enrolmentId, traineeId, schoolId));
    const { service, position, type, data } = event;
    const known = romeDay(event.at);
    if (!type.startsWith('logbook.entry-') && type !== 'logbook.validation-reversed.v1')
      return enrolment.add({ service, position, known, type, data }) ? enrolment : undefined;
    const { entryId } = data as AboutEntry;
    if (!enrolment.facts.isNew(entryId, position)) return undefined;
    takeEntry(enrolment, event, known);
    enrolment.facts.saw(entryId, position);
    return enrolment;
  }

  /** Takes in an event of the school network; answers what to keep of it, nothing for a repeat. */
  takeNetwork({ id, position, at, type, data }: LedgerEvent): NetworkEvent | undefined {
    const event: NetworkEvent = { id, position, known: romeDay(at), type, data };
    return this.network.add(event) ? event : undefined;
  }
}
