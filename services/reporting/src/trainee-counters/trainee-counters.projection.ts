import { NotYetKnown, type CollectionSpec, type Documents, type ProjectedEvent, type Projection, type Scan } from '@ateneo/read-models';
import { Enrolment, type EnrolmentDocument } from '../ledger/enrolment.rules.js';
import { Ledger } from '../ledger/ledger.rules.js';
import type { NetworkEvent } from '../ledger/network-reference.rules.js';

export const TRAINEE_COUNTERS = 'trainee-counters';
const enrolments: CollectionSpec<EnrolmentDocument> = {
  name: 'enrolments',
  version: 1,
  columns: { traineeId: (it) => it.traineeId, schoolId: (it) => it.schoolId },
  indexes: [['traineeId']],
};
/** Columnar facts; the id is `<enrolment>/<first fact>`, so that the order of ids is the order of facts. */
const chunks: CollectionSpec<Uint8Array> = { name: 'chunks', version: 1, columns: {}, format: 'bytes' };
const network: CollectionSpec<NetworkEvent> = { name: 'network', version: 1, columns: {} };
const chunkId = (enrolmentId: string, first: number): string => `${enrolmentId}/${String(first).padStart(10, '0')}`;

const networkEvents = [
  'school-opened',
  'requirement-set-published',
  'activity-added',
  'cohort-opened',
  'cohort-bound-to-requirement-set',
  'requirement-declared-not-applicable',
  'autonomy-scale-defined',
  'tutor-assigned',
  'tutor-assignment-ended',
];
const careerEvents = [
  'trainee-enrolled',
  'trainee-moved-to-cohort',
  'training-years-dated',
  'track-chosen',
  'suspension-recorded',
  'suspension-corrected',
  'suspension-ended',
  'requirement-declared-not-applicable',
];
const logbookEvents = [
  'entry-recorded',
  'entry-amended',
  'entry-discarded',
  'entry-submitted',
  'entry-withdrawn',
  'entry-returned',
  'entry-rejected',
  'entry-validated',
  'validation-reversed',
  'requirement-attested',
  'attestation-revoked',
];
const isAboutNetwork = (event: ProjectedEvent): boolean => event.type.startsWith('school-network.');

/** The ledger as a projection: facts and references from public events, kept in memory and, in chunks, beside the checkpoint. */
export class TraineeCountersProjection implements Projection {
  readonly name = TRAINEE_COUNTERS;
  readonly version = 1;
  readonly collections = [enrolments, chunks, network];
  readonly public = [
    ...networkEvents.map((it) => `school-network.${it}.v1`),
    ...careerEvents.map((it) => `career.${it}.v1`),
    ...logbookEvents.map((it) => `logbook.${it}.v1`),
  ];
  readonly references = ['school-network', 'career'];
  ledger = new Ledger();
  private readonly changed = new Set<Enrolment>();
  private readonly told: NetworkEvent[] = [];

  /** A trainee's facts wait together; of the school network only the stream that speaks of something unknown. */
  partitionKey(event: ProjectedEvent): string {
    return isAboutNetwork(event) ? event.stream : (event.data as { traineeId: string }).traineeId;
  }

  keys(): Iterable<never> {
    return [];
  }

  apply(event: ProjectedEvent): void {
    const missing = this.ledger.missing(event);
    if (missing) throw new NotYetKnown(missing.what, missing.from);
    if (isAboutNetwork(event)) {
      const kept = this.ledger.takeNetwork(event);
      if (kept) this.told.push(kept);
      return;
    }
    const enrolment = this.ledger.take(event);
    if (enrolment) this.changed.add(enrolment);
  }

  async open(scan: Scan): Promise<void> {
    const events: NetworkEvent[] = [];
    for await (const { document } of scan<NetworkEvent>(network.name)) events.push(document);
    for (const event of events.sort((a, b) => a.position - b.position)) this.ledger.network.add(event);
    for await (const { document } of scan<EnrolmentDocument>(enrolments.name)) this.ledger.admit(Enrolment.from(document));
    for await (const { id, document } of scan<Uint8Array>(chunks.name))
      this.ledger.enrolments.get(id.slice(0, id.indexOf('/')))?.facts.load(document);
  }

  flush(documents: Documents): void {
    for (const event of this.told) documents.put(network.name, event.id, event);
    for (const enrolment of this.changed) {
      const { put, deleted } = enrolment.facts.writes();
      for (const first of deleted) documents.delete(chunks.name, chunkId(enrolment.enrolmentId, first));
      for (const [first, bytes] of put) documents.put(chunks.name, chunkId(enrolment.enrolmentId, first), bytes);
      const document = enrolment.unstored();
      if (document) documents.put(enrolments.name, enrolment.enrolmentId, document);
    }
    this.told.length = 0;
    this.changed.clear();
  }

  reset(): void {
    this.ledger = new Ledger();
    this.told.length = 0;
    this.changed.clear();
  }
}
