import { Controller } from '@nestjs/common';
import { Directory } from '@ateneo/access';
import { dayNumber, romeDay } from '@ateneo/calendar';
import { logbook, type Output } from '@ateneo/contracts';
import { type Handled, load, Refusal } from '@ateneo/event-sourcing';
import type { Collection } from '@ateneo/read-models';
import { type Acting, actorIdOf, actorRef, Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { entries, type EntryDocument } from '../entry-list/entry-list.projection.js';
import { TraineeReferences } from '../known/trainee-references.lookup.js';
import { EntryContexts } from './entry-contexts.lookup.js';
import { type Entry, entry, type EntryCommand, type EntryEvent, UNDO_MINUTES } from './entry.decider.js';

type Odd = Output<typeof logbook.previewValidation>['odd'][number];

/** From how many acts of a trainee on one day a tutor should look twice. */
const MANY_ON_ONE_DAY = 12;
const LARGE_QUANTITY = 50;
const LONG_AFTER_DAYS = 60;

/** Validating the rows shown, all at once: preview, act, undo. The ids are sent, never the filter (residency.md E2.10). */
@Controller()
export class BulkValidationController {
  readonly #entries: Collection<EntryDocument>;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly known: TraineeReferences,
    private readonly directory: Directory,
    private readonly contexts: EntryContexts,
  ) {
    this.#entries = runtime.collection(entries);
  }

  @Handles(logbook.validateEntries)
  async validate(request: Request<typeof logbook.validateEntries>) {
    const { batchId, entries: rows } = request.input;
    const handled = await this.#many(
      request,
      rows.map(({ entryId, revision }) => ({
        entryId,
        command: { type: 'ValidateEntry', validatorId: actorIdOf(request), creditedTo: null, batchId, revision },
      })),
    );
    const results = rows.map(({ entryId }, i) => resultOf(entryId, handled[i] as Handled<Entry, EntryEvent>));
    const undoUntil = new Date(Date.parse(this.known.now) + UNDO_MINUTES * 60_000).toISOString();
    return { token: this.#lastToken(handled, rows), batchId, results, validated: results.filter(({ ok }) => ok).length, undoUntil };
  }

  @Handles(logbook.undoValidations)
  async undo(request: Request<typeof logbook.undoValidations>) {
    const { batchId, entryIds } = request.input;
    const handled = await this.#many(
      request,
      entryIds.map((entryId) => ({
        entryId,
        command: { type: 'ReverseValidation', reversedBy: actorIdOf(request), reason: null, batchId },
      })),
    );
    const results = entryIds.map((entryId, i) => resultOf(entryId, handled[i] as Handled<Entry, EntryEvent>));
    return {
      token: this.#lastToken(
        handled,
        entryIds.map((entryId) => ({ entryId })),
      ),
      results,
      reversed: results.filter(({ ok }) => ok).length,
    };
  }

  @Handles(logbook.previewValidation)
  async preview(request: Request<typeof logbook.previewValidation>) {
    const rows = request.input.entries;
    const found = await this.#entries.getMany(rows.map(({ entryId }) => entryId));
    const context = this.contexts.asValidator(request);
    const refused: { entryId: string; code: string }[] = [];
    const ready: EntryDocument[] = [];
    for (const { entryId, revision } of rows) {
      const { state } = await load(entry, entryId, this.runtime);
      const decided = entry.decide(
        { type: 'ValidateEntry', validatorId: actorIdOf(request), creditedTo: null, batchId: null, revision },
        state,
        await context(state),
      );
      const document = found.get(entryId);
      if (decided instanceof Refusal) refused.push({ entryId, code: decided.code });
      else if (document) ready.push(document);
    }
    const days = ready.flatMap(({ performedFrom, performedTo }) => [performedFrom, performedTo]).sort();
    return {
      total: rows.length,
      ready: ready.length,
      trainees: this.#byTrainee(ready),
      from: days[0] ?? null,
      to: days.at(-1) ?? null,
      refused,
      odd: await this.#odd(ready),
    };
  }

  async #many(request: Acting, items: readonly { entryId: string; command: EntryCommand }[]): Promise<Handled<Entry, EntryEvent>[]> {
    const context = this.contexts.asValidator(request);
    const { actor, commandId, correlationId } = request;
    return this.runtime.commands.handleMany(
      entry,
      items.map(({ entryId, command }) => ({ id: entryId, command, context })),
      { actor: actorRef(actor, 'logbook'), commandId, correlationId },
    );
  }

  #lastToken(handled: readonly Handled<Entry, EntryEvent>[], rows: readonly { entryId: string }[]): string | undefined {
    let [last, position] = [-1, 0];
    handled.forEach((one, i) => {
      if (one.ok && one.position > position) [last, position] = [i, one.position];
    });
    if (last < 0) return undefined;
    const done = this.runtime.done(handled[last] as Handled<Entry, EntryEvent>, entry, rows[last]?.entryId ?? '');
    return done instanceof Refusal ? undefined : done.token;
  }

  #byTrainee(ready: readonly EntryDocument[]) {
    const counted = new Map<string, number>();
    for (const { traineeId } of ready) counted.set(traineeId, (counted.get(traineeId) ?? 0) + 1);
    return [...counted].map(([traineeId, n]) => ({ traineeId, name: this.directory.name(traineeId), n }));
  }

  async #odd(ready: readonly EntryDocument[]): Promise<Odd[]> {
    const perDay = new Map<string, number>();
    const alike = new Map<string, number>();
    for (const one of ready) {
      const day = `${one.traineeId} ${one.performedFrom}`;
      perDay.set(day, (perDay.get(day) ?? 0) + one.quantity);
      alike.set(likeness(one), (alike.get(likeness(one)) ?? 0) + 1);
    }
    const odd: Odd[] = [];
    for (const one of ready) {
      const { entryId, quantity, performedFrom, performedTo, recordedAt, period } = one;
      const onDay = perDay.get(`${one.traineeId} ${performedFrom}`) ?? 0;
      if (!period && onDay >= MANY_ON_ONE_DAY) odd.push({ entryId, code: 'many-on-one-day', detail: String(onDay) });
      if (quantity >= LARGE_QUANTITY) odd.push({ entryId, code: 'large-quantity', detail: String(quantity) });
      const late = dayNumber(romeDay(recordedAt)) - dayNumber(performedTo);
      if (late >= LONG_AFTER_DAYS) odd.push({ entryId, code: 'logged-long-after', detail: String(late) });
      if ((alike.get(likeness(one)) ?? 0) > 1) odd.push({ entryId, code: 'possible-duplicate', detail: performedFrom });
      if (await this.#suspendedLater(one)) odd.push({ entryId, code: 'suspended-later', detail: performedFrom });
    }
    return odd;
  }

  async #suspendedLater({ traineeId, enrolmentId, performedFrom, period }: EntryDocument): Promise<boolean> {
    const enrolment = period ? undefined : await this.known.enrolment(traineeId, enrolmentId);
    return enrolment?.suspensions.some(({ from, to }) => from <= performedFrom && (to === null || to >= performedFrom)) ?? false;
  }
}

/** Two entries that say the same may be one act logged twice: only a question to a person (counting.md 19). */
const likeness = ({ traineeId, performedFrom, activities, classified, autonomy, unitId }: EntryDocument): string =>
  JSON.stringify([traineeId, performedFrom, activities, classified, autonomy, unitId]);

const resultOf = (entryId: string, handled: Handled<Entry, EntryEvent>) =>
  handled.ok ? { entryId, ok: true, revision: handled.revision } : { entryId, ok: false, code: handled.refusal.code };
