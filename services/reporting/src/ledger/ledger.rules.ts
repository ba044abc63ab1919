import { dayNumber, romeDay } from '@ateneo/calendar';
import { careerEvents, type DataOf, logbookEvents, schoolNetworkEvents } from '@ateneo/contracts';
import { handlers, on, partitionOf } from '@ateneo/event-sourcing';
import { DRAFT, SUBMITTED, VALIDATED } from '../counting/facts.rules.js';
import { shapeOf } from '../counting/shape.rules.js';
import { type AboutEnrolment, ofCareer } from './career-reference.rules.js';
import { Enrolment } from './enrolment.rules.js';
import type { Claim, EntryFacts } from './entry-facts.rules.js';
import { NetworkReference, type NetworkEvent, NetworkView } from './network-reference.rules.js';

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
type AboutEntry = AboutEnrolment & { readonly entryId: string };

const claimOf = (it: DataOf<typeof logbookEvents.entryAmended>): Claim => ({
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

type OfEntry = Pick<LedgerEvent, 'at'> & { readonly data: AboutEntry };
/** The Rome day of an instant. */
const dayAt = (at: string): number => dayNumber(romeDay(at));
const submitted = ({ data, at }: OfEntry, facts: EntryFacts) => facts.move(data.entryId, SUBMITTED, dayAt(at));
const drafted = ({ data, at }: OfEntry, facts: EntryFacts) => facts.move(data.entryId, DRAFT, dayAt(at));
const removed = ({ data, at }: OfEntry, facts: EntryFacts) => facts.remove(data.entryId, dayAt(at));

const ofEntries = handlers<LedgerEvent, EntryFacts, void, AboutEntry>([
  on(logbookEvents.entryRecorded, ({ data, at }, facts) => facts.record(data.entryId, claimOf(data), dayAt(at))),
  on(logbookEvents.entryAmended, ({ data, at }, facts) => facts.amend(data.entryId, claimOf(data), dayAt(at))),
  on(logbookEvents.entrySubmitted, submitted),
  on(logbookEvents.validationReversed, submitted),
  on(logbookEvents.entryWithdrawn, drafted),
  on(logbookEvents.entryReturned, drafted),
  on(logbookEvents.entryRejected, removed),
  on(logbookEvents.entryDiscarded, removed),
  on(logbookEvents.entryValidated, ({ data: { entryId, certified, creditedTo }, at }, facts) =>
    facts.move(entryId, VALIDATED, dayAt(at), (claimed) =>
      shapeOf({ ...claimed, autonomy: certified.autonomy, classified: certified.classified, creditedTo }),
    ),
  ),
]);

type Sets = { readonly coreSetId: string; readonly supplementSetIds: readonly string[] };
function missingSet({ data: { coreSetId, supplementSetIds } }: { readonly data: Sets }, network: NetworkView): Missing | undefined {
  const unknown = [coreSetId, ...supplementSetIds].find((it) => !network.knowsSet(it));
  return unknown === undefined ? undefined : { what: `requirement set ${unknown}`, from: 'school-network' };
}
type OfCohort = { readonly data: { readonly cohortId: string } };
const missingCohort = ({ data: { cohortId } }: OfCohort, network: NetworkView): Missing | undefined =>
  network.cohorts.has(cohortId) ? undefined : { what: `cohort ${cohortId}`, from: 'school-network' };
type Done = { readonly data: { readonly activities: readonly string[] } };
function missingActivity({ data }: Done, network: NetworkView): Missing | undefined {
  const unknown = data.activities.find((it) => !network.knowsActivity(it));
  return unknown === undefined ? undefined : { what: `activity ${unknown}`, from: 'school-network' };
}
/** What of the school network an event speaks of and nobody has told yet. */
const missingOfNetwork = handlers<LedgerEvent, NetworkView, Missing | undefined>([
  on(schoolNetworkEvents.cohortOpened, missingSet),
  on(schoolNetworkEvents.cohortBoundToRequirementSet, missingSet),
  on(careerEvents.traineeEnrolled, missingCohort),
  on(careerEvents.traineeMovedToCohort, missingCohort),
  on(logbookEvents.entryRecorded, missingActivity),
  on(logbookEvents.entryAmended, missingActivity),
]);

/** Types of the events about trainees that the ledger is made of. */
export const ABOUT_TRAINEES = [...(ofCareer.public ?? []), ...(ofEntries.public ?? [])];
/** Whom the event is about; undefined: the school network. */
export const traineeOf = (event: { readonly type: string; readonly data: unknown }): string | undefined =>
  ofEntries.carries(event) || ofCareer.carries(event) ? event.data.traineeId : undefined;

/** Facts of all enrolments, keyed by activity, and the references by which they are counted (architecture 5). Rebuilt from events at any time. */
export class Ledger {
  readonly network = new NetworkReference();
  readonly enrolments = new Map<string, Enrolment>();
  readonly #byTrainee = new Map<string, Enrolment[]>();
  /** Partitions of trainees whose events are folded here; undefined: all. What is here of others is as some instance stored it. */
  held: Set<number> | undefined;
  /** Raised by each partition that was held and is no more. */
  given = 0;

  isHeld(traineeId: string): boolean {
    return this.held === undefined || this.held.has(partitionOf(traineeId));
  }

  /** These are the enrolments of the partition, and they are kept up here. */
  hold(partition: number, enrolments: readonly Enrolment[]): void {
    for (const traineeId of [...this.#byTrainee.keys()]) if (partitionOf(traineeId) === partition) this.replace(traineeId, []);
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
    this.#byTrainee.delete(traineeId);
    for (const enrolment of enrolments) this.admit(enrolment);
  }

  /** The enrolments of a trainee, newest last. */
  of(traineeId: string): readonly Enrolment[] {
    return this.#byTrainee.get(traineeId) ?? [];
  }

  admit(enrolment: Enrolment): Enrolment {
    this.enrolments.set(enrolment.enrolmentId, enrolment);
    const others = this.#byTrainee.get(enrolment.traineeId);
    if (others) others.push(enrolment);
    else this.#byTrainee.set(enrolment.traineeId, [enrolment]);
    return enrolment;
  }

  /** What the event speaks of and nobody has told yet. */
  missing(event: LedgerEvent): Missing | undefined {
    const isOfEnrolment = ofEntries.carries(event) || ofCareer.carries(event);
    if (isOfEnrolment && event.type !== careerEvents.traineeEnrolled.type && !this.enrolments.has(event.data.enrolmentId))
      return { what: `enrolment ${event.data.enrolmentId}`, from: 'career' };
    return missingOfNetwork.handle(event, this.network.view());
  }

  /** Takes in an event about an enrolment; answers it where something changed, nothing for a repeat. */
  take(event: LedgerEvent): Enrolment | undefined {
    if (ofEntries.carries(event)) {
      const { entryId } = event.data;
      const enrolment = this.#enrolmentOf(event.data);
      if (!enrolment.facts.isNew(entryId, event.position)) return undefined;
      ofEntries.handle(event, enrolment.facts);
      enrolment.facts.saw(entryId, event.position);
      return enrolment;
    }
    if (!ofCareer.carries(event)) return undefined;
    const { service, position, type, data } = event;
    const enrolment = this.#enrolmentOf(data);
    return enrolment.add({ service, position, known: dayAt(event.at), type, data }) ? enrolment : undefined;
  }

  #enrolmentOf({ enrolmentId, traineeId, schoolId }: AboutEnrolment): Enrolment {
    return this.enrolments.get(enrolmentId) ?? this.admit(new Enrolment(enrolmentId, traineeId, schoolId));
  }

  /** Takes in an event of the school network; answers what to keep of it, nothing for a repeat. */
  takeNetwork({ id, position, at, type, data }: LedgerEvent): NetworkEvent | undefined {
    const event: NetworkEvent = { id, position, known: dayAt(at), type, data };
    return this.network.add(event) ? event : undefined;
  }
}
