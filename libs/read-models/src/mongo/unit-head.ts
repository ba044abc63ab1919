import { randomUUID } from 'node:crypto';
import { isDuplicate } from '@ateneo/event-sourcing/mongo';
import { type Checkpoint, FencedError } from '../document-store.js';
import { apply, forget, record, recorded } from './batch.js';
import type { BuildCollections, Head, Write } from './layout.js';

type Held = { readonly seq: number; readonly checkpoints: readonly Checkpoint[] };

const ATTEMPTS = 5;
const NEW = { checkpoints: [], visible: [], pending: null };

/**
 * The head of one unit of a build, through which its batches are committed without transactions: the batch is written down, the head is raised
 * to it from the number that is known (the commit point), its documents are written, and the head says so. Who opens the unit finishes what
 * was committed and not finished.
 */
export class UnitHead {
  /** Undefined: to be read. After a failure nothing is committed until it was. */
  #known: Held | undefined;
  #failed = false;

  private constructor(
    private readonly at: BuildCollections,
    private readonly unit: string,
    /** Of a claimed unit: nobody else may have claimed it since. */
    private readonly owner: string | undefined,
  ) {}

  /** Nobody is fenced out; of several that commit to it, each finds out by FencedError that another was faster. */
  static open(at: BuildCollections, unit: string): UnitHead {
    return new UnitHead(at, unit, undefined);
  }

  /** From now on whoever had the unit is fenced out. */
  static async claim(at: BuildCollections, unit: string): Promise<UnitHead> {
    await at.mustExist();
    const head = new UnitHead(at, unit, randomUUID());
    await head.#upsert({ $inc: { seq: 1 }, $set: { owner: head.owner }, $setOnInsert: NEW });
    await head.read();
    return head;
  }

  /** As `read`; of a unit that is not claimed, what others have committed since as well. */
  readAnew(): Promise<readonly Checkpoint[]> {
    if (this.owner === undefined) this.#known = undefined;
    return this.read();
  }

  /** The checkpoints that are committed, all documents of which are written. Throws FencedError where the unit is another's. */
  async read(): Promise<readonly Checkpoint[]> {
    if (this.#known) return this.#known.checkpoints;
    await this.at.mustExist();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const head = await this.at.heads.findOne({ _id: this.unit });
      if (this.owner !== undefined && head?.owner !== this.owner) throw this.#fenced();
      if (head && !(await this.#finish(head))) continue;
      this.#known = { seq: head?.seq ?? 0, checkpoints: head?.checkpoints ?? [] };
      this.#failed = false;
      return this.#known.checkpoints;
    }
    throw new Error(`${this.#name} changes all the time`);
  }

  /** Throws FencedError where somebody else has committed or claimed since this head was read; then, as after any failure, read it again. */
  async commit(writes: readonly Write[], checkpoints: readonly Checkpoint[]): Promise<void> {
    if (this.#failed) throw this.#fenced();
    await this.read();
    const { seq, checkpoints: before } = this.#known!;
    const merged = [...new Map([...before, ...checkpoints].map((one) => [one.origin, one])).values()];
    this.#known = undefined;
    this.#failed = true;
    await this.#commit(seq, merged, writes);
    this.#known = { seq: seq + 1, checkpoints: merged };
    this.#failed = false;
  }

  async #commit(known: number, checkpoints: readonly Checkpoint[], writes: readonly Write[]): Promise<void> {
    const seq = known + 1;
    const pending = writes.length === 0 ? null : await record(this.at, this.unit, seq, randomUUID(), writes);
    const change = pending ? { seq, checkpoints, pending } : { seq, checkpoints, visible: checkpoints };
    if (known === 0) await this.#upsert({ $setOnInsert: { seq: 0, owner: null, ...NEW } });
    const { matchedCount } = await this.at.heads.updateOne({ _id: this.unit, seq: known, pending: null }, { $set: change });
    if (matchedCount === 0) {
      if (pending) await forget(this.at, pending);
      throw this.#fenced();
    }
    if (!pending) return;
    await apply(this.at, this.unit, seq, writes);
    await this.#applied({ _id: this.unit, seq, owner: null, checkpoints, visible: [], pending });
  }

  /** Writes what is committed and perhaps not written. False: another does the same and is ahead, so the head is to be read again. */
  async #finish(head: Head): Promise<boolean> {
    await this.at.parts.deleteMany({ unit: this.unit, seq: { $lte: head.seq }, token: { $ne: head.pending?.token ?? '' } });
    if (!head.pending) return true;
    const writes = await recorded(this.at, head.pending);
    if (!writes) return false;
    await apply(this.at, this.unit, head.pending.seq, writes);
    await this.#applied(head);
    return true;
  }

  /** It may get lost while the writes stand in the head: whoever opens the unit writes the documents once more. Parts go only when it cannot. */
  async #applied({ checkpoints, pending }: Head): Promise<void> {
    const filter = { _id: this.unit, 'pending.token': pending!.token };
    const safety = pending!.parts > 0 ? {} : { writeConcern: { w: 1 } };
    await this.at.heads.updateOne(filter, { $set: { visible: checkpoints, pending: null } }, safety);
    await forget(this.at, pending!);
  }

  async #upsert(update: object): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.at.heads.updateOne({ _id: this.unit }, update, { upsert: true });
        return;
      } catch (error) {
        if (attempt === ATTEMPTS || !isDuplicate(error)) throw error; // two made it at the same moment
      }
    }
  }

  get #name(): string {
    return `${this.unit} of ${this.at.projection} ${this.at.build}`;
  }

  #fenced(): FencedError {
    return new FencedError(`another has taken over ${this.#name}`);
  }
}
