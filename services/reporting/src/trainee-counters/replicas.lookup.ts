import { unheard } from '@ateneo/event-sourcing';
import type { Change, Collection } from '@ateneo/read-models';
import { Enrolment, type EnrolmentDocument } from '../ledger/enrolment.rules.js';
import type { Ledger } from '../ledger/ledger.rules.js';
import { chunkId, TRAINEE_COUNTERS } from './trainee-counters.projection.js';

/** Broadcasts may get lost: after so long all is compared with what is stored. */
const COMPARED_MS = 60_000;
const AT_ONCE = 200;
const ATTEMPTS = 20;

/** Brings enrolments that other instances fold into the ledger of this one, as those have stored them. */
export class Replicas {
  /** What was read here; anything else in the ledger was folded here before and may have run ahead of what was stored. */
  readonly #read = new WeakSet<Enrolment>();
  readonly #changed = new Set<string>();
  #compared: { readonly ledger: Ledger; readonly given: number; readonly at: number } | undefined;
  #queued: Promise<void> | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly enrolments: Collection<EnrolmentDocument>,
    private readonly chunks: Collection<Uint8Array>,
  ) {}

  /** Some instance has written these; an empty list: anything. */
  note(changes: readonly Change[]): void {
    if (changes.length === 0) this.#compared = undefined;
    for (const { projection, key } of changes) if (projection === TRAINEE_COUNTERS) this.#changed.add(key);
  }

  /** One trainee's enrolments as they are stored now. */
  async bring(ledger: Ledger, traineeId: string): Promise<void> {
    await this.#take(ledger, await this.enrolments.find({ where: { traineeId } }));
  }

  /** Everybody's; `compare`: whether or not anybody said that something changed. */
  bringAll(ledger: Ledger, compare: boolean): Promise<void> {
    if (ledger.held === undefined) return Promise.resolve();
    if (compare) this.#compared = undefined;
    return (this.#queued ??= this.#inTurn(() => {
      this.#queued = undefined;
      return this.#isDue(ledger) ? this.#readAll(ledger) : this.#readChanged(ledger);
    }));
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const result = this.#reading.then(task);
    this.#reading = result.catch(unheard('whoever asked for it is told'));
    return result;
  }

  #isDue(ledger: Ledger): boolean {
    const last = this.#compared;
    return last?.ledger !== ledger || last.given !== ledger.given || performance.now() - last.at > COMPARED_MS;
  }

  async #readAll(ledger: Ledger): Promise<void> {
    const begun = { ledger, given: ledger.given, at: performance.now() };
    this.#compared = begun;
    this.#changed.clear();
    try {
      for (let last = ''; ;) {
        const where = { traineeId: { gt: last } };
        const page = await this.enrolments.find({ where, sort: [{ by: 'traineeId' }], limit: AT_ONCE });
        const next = page.at(-1)?.traineeId;
        if (next === undefined) return;
        const all = [...page.filter((it) => it.traineeId !== next), ...(await this.enrolments.find({ where: { traineeId: next } }))];
        await this.#take(
          ledger,
          all.filter((it) => !ledger.isHeld(it.traineeId)),
        );
        last = next;
      }
    } catch (error) {
      if (this.#compared === begun) this.#compared = undefined;
      throw error;
    }
  }

  async #readChanged(ledger: Ledger): Promise<void> {
    const changed = [...this.#changed].filter((it) => !ledger.isHeld(it));
    this.#changed.clear();
    for (let at = 0; at < changed.length; at += AT_ONCE) {
      const traineeIds = changed.slice(at, at + AT_ONCE);
      try {
        await this.#take(ledger, await this.enrolments.find({ where: { traineeId: { in: traineeIds } } }));
      } catch (error) {
        for (const it of changed.slice(at)) this.#changed.add(it);
        throw error;
      }
    }
  }

  /** Documents of whole trainees. Those whose chunks a commit is just changing are read again. */
  async #take(ledger: Ledger, documents: readonly EnrolmentDocument[]): Promise<void> {
    let waiting = documents;
    const read = new Map<string, Enrolment>();
    for (let attempt = 1; waiting.length > 0; attempt += 1) {
      if (attempt > ATTEMPTS) throw new Error(`${waiting.length} enrolments do not fit to their chunks`);
      if (attempt > 1) waiting = [...(await this.enrolments.getMany(waiting.map((it) => it.enrolmentId))).values()];
      waiting = await this.#readWhole(ledger, waiting, read);
    }
    const byTrainee = Map.groupBy(documents, (it) => it.traineeId);
    for (const [traineeId, own] of byTrainee)
      if (!ledger.isHeld(traineeId))
        ledger.replace(
          traineeId,
          own.map(({ enrolmentId }) => read.get(enrolmentId) as Enrolment).sort((a, b) => (a.enrolmentId < b.enrolmentId ? -1 : 1)),
        );
  }

  /** Answers those that do not fit together yet. */
  async #readWhole(
    ledger: Ledger,
    documents: readonly EnrolmentDocument[],
    read: Map<string, Enrolment>,
  ): Promise<readonly EnrolmentDocument[]> {
    const moved: EnrolmentDocument[] = [];
    for (const document of documents) {
      const known = ledger.enrolments.get(document.enrolmentId);
      if (known && this.#read.has(known) && known.isAs(document)) read.set(document.enrolmentId, known);
      else moved.push(document);
    }
    const idsOf = ({ enrolmentId, stored }: EnrolmentDocument) => (stored?.chunks ?? []).map((first) => chunkId(enrolmentId, first));
    const bytes = moved.length === 0 ? new Map<string, Uint8Array>() : await this.chunks.getMany(moved.flatMap(idsOf));
    return moved.filter((document) => {
      const whole = Enrolment.whole(
        document,
        idsOf(document).flatMap((id) => bytes.get(id) ?? []),
      );
      if (!whole) return true;
      read.set(document.enrolmentId, whole);
      this.#read.add(whole);
      return false;
    });
  }
}
