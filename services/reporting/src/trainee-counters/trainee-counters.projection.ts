import { NotYetKnown, type CollectionSpec, type Documents, type ProjectedEvent, type Projection, type Scan } from '@ateneo/read-models';
import { Enrolment, type EnrolmentDocument } from '../ledger/enrolment.rules.js';
import { ABOUT_TRAINEES, Ledger, traineeOf } from '../ledger/ledger.rules.js';
import { type NetworkEvent, NetworkView } from '../ledger/network-reference.rules.js';

export const TRAINEE_COUNTERS = 'trainee-counters';
export const enrolments: CollectionSpec<EnrolmentDocument> = {
  name: 'enrolments',
  version: 1,
  columns: { traineeId: (it) => it.traineeId, schoolId: (it) => it.schoolId },
  indexes: [['traineeId']],
};
/** Columnar facts; the id is `<enrolment>/<first fact>`, so that the order of ids is the order of facts. */
export const chunks: CollectionSpec<Uint8Array> = { name: 'chunks', version: 1, columns: {}, format: 'bytes' };
const network: CollectionSpec<NetworkEvent> = { name: 'network', version: 1, columns: {} };
export const chunkId = (enrolmentId: string, first: number): string => `${enrolmentId}/${String(first).padStart(10, '0')}`;

const isAboutNetwork = ({ type }: ProjectedEvent): boolean => NetworkView.tells(type);

const takeIn = (ledger: Ledger, event: ProjectedEvent): Enrolment | undefined => {
  const missing = ledger.missing(event);
  if (missing) throw new NotYetKnown(missing.what, missing.from);
  return ledger.take(event);
};
const putChunks = ({ enrolmentId, facts }: Enrolment, documents: Documents): void => {
  const { put, deleted } = facts.writes();
  for (const first of deleted) documents.delete(chunks.name, chunkId(enrolmentId, first));
  for (const [first, bytes] of put) documents.put(chunks.name, chunkId(enrolmentId, first), bytes);
};

/** The trainees of one partition in a ledger whose other partitions other instances fold. */
class LedgerPart implements Projection {
  readonly name = TRAINEE_COUNTERS;
  readonly version = 1;
  readonly collections = [enrolments, chunks];
  readonly public = ABOUT_TRAINEES;
  readonly references = ['career'];
  readonly #changed = new Set<Enrolment>();
  /** What `open` has read counts only while nothing has ended it. */
  #opened: object | undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly partition: number,
  ) {}

  partitionKey(event: ProjectedEvent): string {
    return traineeOf(event) ?? event.stream;
  }

  keys(): Iterable<never> {
    return [];
  }

  apply(event: ProjectedEvent): void {
    if (!this.#opened) throw new Error('the partition is not held');
    const enrolment = takeIn(this.ledger, event);
    if (enrolment) this.#changed.add(enrolment);
  }

  async open(scan: Scan): Promise<void> {
    const opened = {};
    this.#opened = opened;
    const read = new Map<string, Enrolment>();
    for await (const { id, document } of scan<EnrolmentDocument>(enrolments.name)) read.set(id, Enrolment.from(document));
    for await (const { id, document } of scan<Uint8Array>(chunks.name)) read.get(id.slice(0, id.indexOf('/')))?.facts.load(document);
    if (this.#opened === opened) this.ledger.hold(this.partition, [...read.values()]);
  }

  flush(documents: Documents): void {
    for (const enrolment of this.#changed) {
      putChunks(enrolment, documents);
      documents.put(enrolments.name, enrolment.enrolmentId, enrolment.withChunks());
    }
    this.#changed.clear();
  }

  reset(): void {
    if (this.#opened) this.ledger.give(this.partition);
    this.#opened = undefined;
    this.#changed.clear();
  }
}

/** The ledger as a projection: facts and references from public events, kept in memory and, in chunks, beside the checkpoint. */
export class TraineeCountersProjection implements Projection {
  readonly name = TRAINEE_COUNTERS;
  readonly version = 1;
  readonly collections = [enrolments, chunks, network];
  readonly public = [...NetworkView.events, ...ABOUT_TRAINEES];
  readonly references = ['school-network', 'career'];
  readonly parts = {
    whole: ['school-network'],
    of: (partition: number): Projection => {
      this.ledger.held ??= new Set();
      return new LedgerPart(this.ledger, partition);
    },
  };
  ledger = new Ledger();
  readonly #changed = new Set<Enrolment>();
  readonly #told: NetworkEvent[] = [];

  /** A trainee's facts wait together; of the school network only the stream that speaks of something unknown. */
  partitionKey(event: ProjectedEvent): string {
    return traineeOf(event) ?? event.stream;
  }

  keys(): Iterable<never> {
    return [];
  }

  apply(event: ProjectedEvent): void {
    if (isAboutNetwork(event)) return this.#takeNetwork(event);
    const enrolment = takeIn(this.ledger, event);
    if (enrolment) this.#changed.add(enrolment);
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
    for (const event of this.#told) documents.put(network.name, event.id, event);
    for (const enrolment of this.#changed) {
      putChunks(enrolment, documents);
      const document = enrolment.unstored();
      if (document) documents.put(enrolments.name, enrolment.enrolmentId, document);
    }
    this.#told.length = 0;
    this.#changed.clear();
  }

  reset(): void {
    this.ledger = new Ledger();
    this.#told.length = 0;
    this.#changed.clear();
  }

  #takeNetwork(event: ProjectedEvent): void {
    const missing = this.ledger.missing(event);
    if (missing) throw new NotYetKnown(missing.what, missing.from);
    const kept = this.ledger.takeNetwork(event);
    if (kept) this.#told.push(kept);
  }
}
